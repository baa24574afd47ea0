using System.CommandLine;
using ModelCompiler.Cli.Generating;
using ModelCompiler.Runtime.Generation;

namespace ModelCompiler.Cli.Commands;

/// <summary><c>modelc generate FOLDER</c>: continues a prompt as it comes, or lines as JSON Lines.</summary>
internal static class GenerateCommand
{
    public static Command Create()
    {
        var defaults = new GenerationOptions();
        var folder = new Argument<string>("folder") { Description = "A checkpoint folder with config.json, weights and a tokenizer." };
        var prompt = new Option<string?>("--prompt", "-p") { Description = "A text; its continuation is written piece by piece. Without it lines are continued." };
        var input = new Option<string?>("--input", "-i") { Description = "File of lines; without it they come from standard input." };
        var tokens = Option("--max-new-tokens", "Most tokens behind a prompt.", 64);
        var least = Option("--min-new-tokens", "Tokens before a text may end.", defaults.MinNewTokens);
        var beams = Option("--beams", "Beams of each prompt; 1: none.", defaults.Beams);
        var results = Option("--results", "Continuations of each prompt.", defaults.Results);
        var length = Option("--length-penalty", "Power of the number of tokens that scores of beams are divided by.", defaults.LengthPenalty);
        var sample = new Option<bool>("--sample") { Description = "Draws tokens by their probabilities." };
        var seed = Option("--seed", "Seed of what is drawn.", defaults.Seed);
        var temperature = Option("--temperature", "What scores are divided by before a token is drawn.", defaults.Temperature);
        var topK = Option("--top-k", "Draws of the so many most probable tokens; 0: of all.", defaults.TopK);
        var topP = Option("--top-p", "Draws of the fewest tokens that reach this probability; 1: of all.", defaults.TopP);
        var repetition = Option("--repetition-penalty", "Makes tokens that the text has less likely; 1: does not.", defaults.RepetitionPenalty);
        var ngram = Option("--no-repeat-ngram", "No so many tokens follow each other twice; 0: they may.", defaults.NoRepeatNgram);
        var crop = new Option<bool>("--crop") { Description = "Goes on where the model's context is full, seeing the end of the text." };
        var command = new Command("generate", "Compiles a folder's model and continues a prompt, or lines as JSON Lines: text, continuations.")
        {
            folder, prompt, input, tokens, least, beams, results, length, sample, seed, temperature, topK, topP, repetition, ngram, crop,
        };
        command.SetAction(parsed => Terminal.Run(parsed, terminal =>
        {
            using var continuer = new TextContinuer(parsed.GetValue(folder)!);
            return Run(terminal, continuer, parsed.GetValue(prompt), parsed.GetValue(input), new GenerationOptions
            {
                StopTokens = continuer.StopTokens,
                MaxNewTokens = parsed.GetValue(tokens),
                MinNewTokens = parsed.GetValue(least),
                Beams = parsed.GetValue(beams),
                Results = parsed.GetValue(results),
                LengthPenalty = parsed.GetValue(length),
                Sample = parsed.GetValue(sample),
                Seed = parsed.GetValue(seed),
                Temperature = parsed.GetValue(temperature),
                TopK = parsed.GetValue(topK),
                TopP = parsed.GetValue(topP),
                RepetitionPenalty = parsed.GetValue(repetition),
                NoRepeatNgram = parsed.GetValue(ngram),
                CropContext = parsed.GetValue(crop),
            });
        }));
        return command;
    }

    private static Option<T> Option<T>(string name, string description, T value) => new(name) { Description = description, DefaultValueFactory = _ => value };

    private static int Run(Terminal terminal, TextContinuer continuer, string? prompt, string? input, GenerationOptions options)
    {
        try
        {
            if (prompt is not null)
            {
                Say(terminal, continuer, prompt, options).GetAwaiter().GetResult();
                return 0;
            }

            foreach (var text in TextLines.Read(input))
            {
                TextLines.Write(terminal.Output, json =>
                {
                    json.WriteString("text", text);
                    json.WriteStartArray("continuations");
                    foreach (var continuation in continuer.Continue(text, options))
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

    // Several continuations, and beams, are known at the end alone.
    private static async Task Say(Terminal terminal, TextContinuer continuer, string prompt, GenerationOptions options)
    {
        if (options.Beams > 1 || options.Results > 1)
        {
            foreach (var continuation in continuer.Continue(prompt, options))
                terminal.Output.WriteLine(prompt + continuation);
            return;
        }

        terminal.Output.Write(prompt);
        await foreach (var piece in continuer.Stream(prompt, options))
        {
            terminal.Output.Write(piece);
            terminal.Output.Flush();
        }

        terminal.Output.WriteLine();
    }
}
