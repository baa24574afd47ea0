using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Runtime.Generation;

/// <summary>Prompts and options that were checked against each other and a model.</summary>
internal sealed class Request
{
    // Tokens behind a prompt where nobody says how many.
    private const int Unsaid = 20;

    private readonly HashSet<int> _stops;

    /// <param name="context">Most tokens that the model sees.</param>
    /// <param name="padding">The model's padding token; -1: it has none.</param>
    /// <exception cref="ArgumentException">Something is out of its range, or does not fit.</exception>
    public Request(Prompts prompts, GenerationOptions options, int vocabulary, int context, int padding)
    {
        (Prompts, Options, Vocabulary) = (prompts, options, vocabulary);
        CheckOptions();
        CheckPrompts();
        NewTokens = options.MaxNewTokens ?? (options.MaxLength is { } most ? most - prompts.Length : options.CropContext ? Unsaid : Math.Clamp(context - prompts.Length, 1, Unsaid));
        Require(NewTokens >= 1, $"MaxLength is {options.MaxLength}, and the prompts have {prompts.Length} tokens: nothing is left to generate.");
        Require((long)prompts.Length + NewTokens <= Array.MaxLength / prompts.Count, $"Rows of {prompts.Length} tokens with {NewTokens} behind them are more than can be kept: ask for fewer.");
        Length = prompts.Length + NewTokens;
        Require(options.CropContext || Length <= context,
            $"Prompts of {prompts.Length} tokens with {NewTokens} behind them are {Length}; the model sees {context}: {(context > prompts.Length ? $"ask for {context - prompts.Length} at most" : "shorten them")}, or set CropContext.");
        Padding = options.PaddingToken ?? (padding >= 0 ? padding : options.StopTokens.Count > 0 ? options.StopTokens[0] : 0);
        RequireToken(Padding, nameof(options.PaddingToken));
        _stops = [.. options.StopTokens];
    }

    public Prompts Prompts { get; }

    public GenerationOptions Options { get; }

    public int Vocabulary { get; }

    /// <summary>Most tokens behind a prompt.</summary>
    public int NewTokens { get; }

    /// <summary>Most tokens of a row.</summary>
    public int Length { get; }

    /// <summary>What rows are filled up with.</summary>
    public int Padding { get; }

    public bool IsStop(int token) => _stops.Contains(token);

    /// <summary>Copies logits; returns the log of the sum of their exponentials.</summary>
    /// <exception cref="NotFiniteException">They are no finite numbers.</exception>
    public double Widen(ReadOnlySpan<float> logits, Span<double> scores, int prompt)
    {
        for (var i = 0; i < logits.Length; i++)
        {
            scores[i] = logits[i];
        }

        var sum = LogSoftmax.LogSum(scores);
        return double.IsFinite(sum) ? sum : throw new NotFiniteException($"The logits behind prompt {prompt} are no finite numbers: the weights, or what they were trained on, are broken.", null);
    }

    private void CheckOptions()
    {
        var o = Options;
        Require(o.MaxNewTokens is null or >= 1, $"MaxNewTokens is {o.MaxNewTokens}; legal are 1 and more.");
        Require(o.MinNewTokens >= 0 && o.MinLength >= 0, $"MinNewTokens is {o.MinNewTokens}, MinLength {o.MinLength}; legal are 0 and more.");
        Require(o.Beams >= 1 && o.Results >= 1, $"Beams is {o.Beams}, Results {o.Results}; legal are 1 and more.");
        Require((o.Sample && o.Beams == 1) || o.Results <= o.Beams, $"Results is {o.Results}, and there are {(o.Beams == 1 ? "no beams" : $"{o.Beams} beams")}: there are as many different rows as beams, or with Sample and no beams as one likes.");
        Require(double.IsFinite(o.LengthPenalty), $"LengthPenalty is {o.LengthPenalty}; it must be finite.");
        Require(o.Temperature is > 0 and < double.PositiveInfinity, $"Temperature is {o.Temperature}; legal is what is above 0. For the most probable token leave Sample off.");
        Require(o.TopK >= 0, $"TopK is {o.TopK}; legal are 1 and more, and 0 for all.");
        Require(o.TopP is > 0 and <= 1, $"TopP is {o.TopP}; legal is what is above 0, up to 1 for all.");
        Require(o.RepetitionPenalty is > 0 and < double.PositiveInfinity, $"RepetitionPenalty is {o.RepetitionPenalty}; legal is what is above 0, 1 for none.");
        Require(o.NoRepeatNgram >= 0, $"NoRepeatNgram is {o.NoRepeatNgram}; legal are 1 and more, and 0 for no limit.");
        foreach (var stop in o.StopTokens)
        {
            RequireToken(stop, nameof(o.StopTokens));
        }

        foreach (var sequence in o.BadTokens)
        {
            Require(sequence.Count > 0, "BadTokens has a sequence without tokens.");
            foreach (var token in sequence)
            {
                RequireToken(token, nameof(o.BadTokens));
            }
        }

        RequireToken(o.ForcedFirstToken ?? 0, nameof(o.ForcedFirstToken));
        RequireToken(o.ForcedLastToken ?? 0, nameof(o.ForcedLastToken));
    }

    private void CheckPrompts()
    {
        Require(Prompts.Count > 0, "There is no prompt.");
        for (var row = 0; row < Prompts.Count; row++)
        {
            var mask = Prompts.Mask.AsSpan((row * Prompts.Length) + Prompts.Prefix, Prompts.Length - Prompts.Prefix);
            Require(mask.Contains(1), $"Prompt {row} is padding alone.");
            Require(!mask[mask.IndexOf(1)..].Contains(0), $"Prompt {row} has padding behind or between its tokens; what is generated stands behind them: pad on the left, as TextTokenizer.Prompts does.");
        }
    }

    private void RequireToken(int token, string option) => Require((uint)token < (uint)Vocabulary, $"{option}: token {token} is outside of the vocabulary; legal are 0 to {Vocabulary - 1}.");

    private static void Require(bool holds, FormattableString message)
    {
        if (!holds)
        {
            throw new ArgumentException(FormattableString.Invariant(message));
        }
    }

    private static void Require(bool holds, string message) => Require(holds, (FormattableString)$"{message}");
}
