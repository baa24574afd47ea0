using System.CommandLine;
using ModelCompiler.Cli.Embedding;

namespace ModelCompiler.Cli.Commands;

/// <summary><c>modelc embed FOLDER</c>: a vector for each line, as JSON Lines.</summary>
internal static class EmbedCommand
{
    private const int BatchSize = 32;

    public static Command Create()
    {
        var folder = PathArgument.Create("folder", "A checkpoint folder with config.json, weights and a tokenizer; of sentence encoders also their pooling.");
        var input = PathArgument.Option("--input", "-i", "File of lines; without it they come from standard input.");
        var command = new Command("embed", "Compiles a folder's model, reads lines and writes their vectors as JSON Lines: text, embedding.") { folder, input };
        command.TreatUnmatchedTokensAsErrors = false; // Terminal says more of them
        command.SetAction(parsed => Terminal.Run(parsed, terminal => Run(terminal, parsed.GetValue(folder)!, parsed.GetValue(input))));
        return command;
    }

    private static int Run(Terminal terminal, string folder, string? input)
    {
        using var embedder = new TextEmbedder(folder);
        // Tokens are made twice, as only here an error has its line; beside the model's work that is nothing.
        foreach (var texts in TextLines.Read(input, embedder.CountTokens).Select(static line => line.Text).Chunk(BatchSize))
        {
            foreach (var (text, vector) in texts.Zip(embedder.Embed(texts)))
            {
                TextLines.Write(terminal.Output, json =>
                {
                    json.WriteString("text", text);
                    json.WriteStartArray("embedding");
                    foreach (var value in vector)
                        json.WriteNumberValue(value);
                    json.WriteEndArray();
                });
            }
        }

        return 0;
    }
}
