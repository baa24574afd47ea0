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
        var arguments = new GenerationArguments();
        var command = new Command("generate", "Compiles a folder's model and continues a prompt, or says something of a text or a picture; of lines as JSON Lines: text, continuations. What no option says is as the folder says, but for --sample.")
        {
            folder, prompt, image, input,
        };
        arguments.AddTo(command);
        command.TreatUnmatchedTokensAsErrors = false; // Terminal says more of them
        command.SetAction(parsed => Terminal.Run(parsed, terminal =>
        {
            try
            {
                arguments.Check(parsed);
                using var continuer = new TextContinuer(parsed.GetValue(folder)!);
                return Run(terminal, continuer, parsed.GetValue(prompt), parsed.GetValue(image), parsed.GetValue(input), arguments.Apply(continuer.Options, parsed));
            }
            catch (ArgumentException e)
            {
                return terminal.Report(Terminal.Message(e), Terminal.Unreadable);
            }
        }));
        return command;
    }

    private static int Run(Terminal terminal, TextContinuer continuer, string? prompt, string? image, string? input, GenerationOptions options)
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

        foreach (var (text, continuations) in TextLines.Read(input, line => continuer.Continue(line, null, options)))
        {
            TextLines.Write(terminal.Output, json =>
            {
                json.WriteString("text", text);
                json.WriteStartArray("continuations");
                foreach (var continuation in continuations)
                    json.WriteStringValue(continuation);
                json.WriteEndArray();
            });
        }

        return 0;
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
