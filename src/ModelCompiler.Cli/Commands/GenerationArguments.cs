using System.CommandLine;
using System.Globalization;
using System.Numerics;
using ModelCompiler.Runtime.Generation;

namespace ModelCompiler.Cli.Commands;

/// <summary>The options of <c>modelc generate</c> that say how texts go on. Numbers are texts until they are read, so that what is none is refused in our words.</summary>
internal sealed class GenerationArguments
{
    private readonly Option<string?> _most = Option("--max-new-tokens", "Most tokens that are said; where neither this nor the folder says it 64, or as many as fit.");
    private readonly Option<string?> _least = Option("--min-new-tokens", "Tokens before a text may end.");
    private readonly Option<string?> _length = Option("--min-length", "Tokens of a text, prompt included, before it may end.");
    private readonly Option<string[]> _stops = new("--stop-token") { Description = "Id of a token behind which a text ends, instead of the folder's; may be given several times." };
    private readonly Option<string?> _beams = Option("--beams", "Beams of each text; 1: none.");
    private readonly Option<string?> _results = Option("--results", "Continuations of each text; beams give fewer where there are not so many different ones.");
    private readonly Option<string?> _penalty = Option("--length-penalty", "Power of the number of tokens that scores of beams are divided by.");
    private readonly Option<string?> _early = Option("--early-stopping", "When beams stop looking for better texts than as many finished ones: off, on (at once) or never (before none can come).");
    private readonly Option<bool> _sample = new("--sample") { Description = "Draws tokens by their probabilities." };
    private readonly Option<string?> _seed = Option("--seed", "Seed of what is drawn.");
    private readonly Option<string?> _temperature = Option("--temperature", "What scores are divided by before a token is drawn.");
    private readonly Option<string?> _topK = Option("--top-k", "Draws of the so many most probable tokens; 0: of all.");
    private readonly Option<string?> _topP = Option("--top-p", "Draws of the fewest tokens that reach this probability; 1: of all.");
    private readonly Option<string?> _repetition = Option("--repetition-penalty", "Makes tokens that the text has less likely; 1: does not.");
    private readonly Option<string?> _ngram = Option("--no-repeat-ngram", "No so many tokens follow each other twice; 0: they may.");
    private readonly Option<bool> _crop = new("--crop") { Description = "Goes on where the model's context is full, seeing the end of the text." };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _most, _least, _length, _stops, _beams, _results, _penalty, _early, _sample, _seed, _temperature, _topK, _topP, _repetition, _ngram, _crop })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Refuses what can be seen before a model is compiled.</summary>
    /// <exception cref="ArgumentException">A value is no number, or would change nothing because nothing is drawn.</exception>
    public void Check(ParseResult parsed)
    {
        _ = Over(new(), parsed);
        if (!parsed.GetValue(_sample))
        {
            Refuse(parsed, "counts where tokens are drawn: add --sample", _seed, _temperature, _topK, _topP);
        }
    }

    /// <summary>What the options say, and otherwise the folder, but that nothing is drawn and that there is one continuation.</summary>
    /// <exception cref="ArgumentException">A value is no number, or would change nothing because there are no beams.</exception>
    public GenerationOptions Apply(GenerationOptions said, ParseResult parsed)
    {
        var options = Over(said, parsed);
        if (options.Beams == 1)
        {
            Refuse(parsed, "counts among beams: add --beams with 2 or more", _penalty, _early);
        }

        return options;
    }

    private GenerationOptions Over(GenerationOptions said, ParseResult parsed)
    {
        var draws = parsed.GetValue(_sample);
        return said with
        {
            MaxNewTokens = Number<int>(parsed, _most) ?? said.MaxNewTokens,
            MinNewTokens = Number<int>(parsed, _least) ?? said.MinNewTokens,
            MinLength = Number<int>(parsed, _length) ?? said.MinLength,
            StopTokens = parsed.GetValue(_stops) is { Length: > 0 } stops ? [.. stops.Select(s => Number<int>(_stops, s))] : said.StopTokens,
            Beams = Number<int>(parsed, _beams) ?? (draws ? 1 : said.Beams),
            Results = Number<int>(parsed, _results) ?? 1,
            LengthPenalty = Number<double>(parsed, _penalty) ?? said.LengthPenalty,
            EarlyStopping = parsed.GetValue(_early) switch
            {
                null => said.EarlyStopping,
                "off" => EarlyStopping.Off,
                "on" => EarlyStopping.On,
                "never" => EarlyStopping.Never,
                var other => throw new ArgumentException($"{_early.Name} is '{other}'; legal are off, on and never."),
            },
            Sample = draws,
            Seed = Number<ulong>(parsed, _seed) ?? 0,
            Temperature = Number<double>(parsed, _temperature) ?? said.Temperature,
            TopK = Number<int>(parsed, _topK) ?? said.TopK,
            TopP = Number<double>(parsed, _topP) ?? said.TopP,
            RepetitionPenalty = Number<double>(parsed, _repetition) ?? said.RepetitionPenalty,
            NoRepeatNgram = Number<int>(parsed, _ngram) ?? said.NoRepeatNgram,
            CropContext = parsed.GetValue(_crop),
        };
    }

    private static T? Number<T>(ParseResult parsed, Option<string?> option)
        where T : struct, INumber<T> => parsed.GetValue(option) is { } text ? Number<T>(option, text) : null;

    private static T Number<T>(Option option, string text)
        where T : struct, INumber<T> => T.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value
        : throw new ArgumentException($"{option.Name} is '{text}'; legal is {(typeof(T) == typeof(double) ? "a number" : $"a whole number{(typeof(T) == typeof(ulong) ? " from 0 on" : "")}")}.");

    private static void Refuse(ParseResult parsed, string why, params Option<string?>[] options)
    {
        if (Array.Find(options, o => parsed.GetValue(o) is not null) is { } first)
        {
            throw new ArgumentException($"{first.Name} {why}.");
        }
    }

    private static Option<string?> Option(string name, string description) => new(name) { Description = description };
}
