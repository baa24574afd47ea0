using System.CommandLine;
using ModelCompiler.Cli.Generating;
using ModelCompiler.Runtime.Generation;

namespace ModelCompiler.Cli.Commands;

/// <summary><c>modelc generate FOLDER</c>: continues a prompt as it comes, or lines as JSON Lines.</summary>
internal static class GenerateCommand
{
    public static Command Create()
    {
        var folder = PathArgument.Create("folder", "A checkpoint folder with config.json, weights and a tokenizer; generation_config.json where it has one.");
        var prompt = new Option<string?>("--prompt", "-p") { Description = "A text that is continued, or that an encoder-decoder reads; what is said is written piece by piece. Without it lines are taken." };
        var image = PathArgument.Option("--image", null, "A picture's file, for models that speak of pictures.");
        var input = PathArgument.Option("--input", "-i", "File of lines; without it they come from standard input.");
        var tokens = Option<int?>("--max-new-tokens", "Most tokens that are said; 64 where neither this nor the folder says it.");
        var least = Option<int?>("--min-new-tokens", "Tokens before a text may end.");
        var beams = Option<int?>("--beams", "Beams of each text; 1: none.");
        var results = Option<int?>("--results", "Continuations of each text.");
        var length = Option<double?>("--length-penalty", "Power of the number of tokens that scores of beams are divided by.");
        var sample = new Option<bool>("--sample") { Description = "Draws tokens by their probabilities." };
        var seed = Option<ulong>("--seed", "Seed of what is drawn.");
        var temperature = Option<double?>("--temperature", "What scores are divided by before a token is drawn.");
        var topK = Option<int?>("--top-k", "Draws of the so many most probable tokens; 0: of all.");
        var topP = Option<double?>("--top-p", "Draws of the fewest tokens that reach this probability; 1: of all.");
        var repetition = Option<double?>("--repetition-penalty", "Makes tokens that the text has less likely; 1: does not.");
        var ngram = Option<int?>("--no-repeat-ngram", "No so many tokens follow each other twice; 0: they may.");
        var crop = new Option<bool>("--crop") { Description = "Goes on where the model's context is full, seeing the end of the text." };
        var command = new Command("generate", "Compiles a folder's model and continues a prompt, or says something of a text or a picture; of lines as JSON Lines: text, continuations. What no option says is as the folder says, but for --sample.")
        {
            folder, prompt, image, input, tokens, least, beams, results, length, sample, seed, temperature, topK, topP, repetition, ngram, crop,
        };
        command.TreatUnmatchedTokensAsErrors = false; // Terminal says more of them
        command.SetAction(parsed => Terminal.Run(parsed, terminal =>
        {
            using var continuer = new TextContinuer(parsed.GetValue(folder)!);
            var said = continuer.Options;
            var most = parsed.GetValue(tokens);
            var draws = parsed.GetValue(sample);
            return Run(terminal, continuer, parsed.GetValue(prompt), parsed.GetValue(image), parsed.GetValue(input), said with
            {
                MaxNewTokens = most ?? said.MaxNewTokens ?? (said.MaxLength is null ? 64 : null),
                MinNewTokens = parsed.GetValue(least) ?? said.MinNewTokens,
                Beams = parsed.GetValue(beams) ?? (draws ? 1 : said.Beams),
                Results = parsed.GetValue(results) ?? 1,
                LengthPenalty = parsed.GetValue(length) ?? said.LengthPenalty,
                Sample = draws,
                Seed = parsed.GetValue(seed),
                Temperature = parsed.GetValue(temperature) ?? said.Temperature,
                TopK = parsed.GetValue(topK) ?? said.TopK,
                TopP = parsed.GetValue(topP) ?? said.TopP,
                RepetitionPenalty = parsed.GetValue(repetition) ?? said.RepetitionPenalty,
                NoRepeatNgram = parsed.GetValue(ngram) ?? said.NoRepeatNgram,
                CropContext = parsed.GetValue(crop),
            });
        }));
        return command;
    }

    private static Option<T> Option<T>(string name, string description) => new(name) { Description = description };

    private static int Run(Terminal terminal, TextContinuer continuer, string? prompt, string? image, string? input, GenerationOptions options)
    {
        try
        {
            if (prompt is not null || image is not null)
            {
                Say(terminal, continuer, prompt, image, options).GetAwaiter().GetResult();
                return 0;
            }

            if (continuer.TakesPictures)
            {
                return terminal.Report("The model speaks of pictures: give one's file with --image.", Terminal.Unreadable);
            }

            foreach (var text in TextLines.Read(input))
            {
                TextLines.Write(terminal.Output, json =>
                {
                    json.WriteString("text", text);
                    json.WriteStartArray("continuations");
                    foreach (var continuation in continuer.Continue(text, null, options))
                        json.WriteStringValue(continuation);
                    json.WriteEndArray();
                });
            }

            return 0;
        }
        catch (ArgumentException e)
        {
            return terminal.Report(e.Message, Terminal.Unreadable);
        }
    }

    // Several continuations, and beams, are known at the end alone. A text that was read is not what is said.
    private static async Task Say(Terminal terminal, TextContinuer continuer, string? prompt, string? image, GenerationOptions options)
    {
        var before = continuer.Continues ? prompt : null;
        if (options.Beams > 1 || options.Results > 1)
        {
            foreach (var continuation in continuer.Continue(prompt, image, options))
                terminal.Output.WriteLine(before + continuation);
            return;
        }

        var hasBegun = false;
        await foreach (var piece in continuer.Stream(prompt, image, options))
        {
            // What cannot be used is said before anything is written.
            terminal.Output.Write(hasBegun ? piece : before + piece);
            terminal.Output.Flush();
            hasBegun = true;
        }

        terminal.Output.WriteLine(hasBegun ? "" : before);
    }
}
