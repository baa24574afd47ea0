using System.CommandLine;
using ModelCompiler.Data;

namespace ModelCompiler.Cli.Commands;

/// <summary><c>modelc tokenize FOLDER</c>: the tokens of each line, as JSON Lines.</summary>
internal static class TokenizeCommand
{
    public static Command Create()
    {
        var folder = PathArgument.Create("folder", "A folder with tokenizer.json, vocab.txt, vocab.json and merges.txt, or CLIP's merge list; or such a file.");
        var input = PathArgument.Option("--input", "-i", "File of lines; without it they come from standard input.");
        var special = new Option<bool>("--no-special-tokens") { Description = "Leaves out the tokens that are put around texts." };
        var utf16 = new Option<bool>("--utf16") { Description = "Counts offsets in UTF-16 units, as C# does, instead of code points." };
        var command = new Command("tokenize", "Reads lines and writes their tokens as JSON Lines: text, ids, tokens, offsets.") { folder, input, special, utf16 };
        command.TreatUnmatchedTokensAsErrors = false; // Terminal says more of them
        command.SetAction(parsed => Terminal.Run(parsed, terminal => Run(terminal, parsed.GetValue(folder)!, parsed.GetValue(input), !parsed.GetValue(special), parsed.GetValue(utf16))));
        return command;
    }

    private static int Run(Terminal terminal, string folder, string? input, bool hasSpecial, bool isUtf16)
    {
        var tokenizer = Tokenizer.Load(folder);
        foreach (var (text, row) in TextLines.Read(input, text => tokenizer.Encode(text, addSpecialTokens: hasSpecial)))
        {
            TextLines.Write(terminal.Output, json =>
            {
                json.WriteString("text", text);
                json.WriteStartArray("ids");
                foreach (var id in row.Ids)
                    json.WriteNumberValue(id);
                json.WriteEndArray();
                json.WriteStartArray("tokens");
                foreach (var token in row.Tokens)
                    json.WriteStringValue(token);
                json.WriteEndArray();
                json.WriteStartArray("offsets");
                foreach (var span in isUtf16 ? row.Spans : row.SpansInCodePoints(text))
                {
                    json.WriteStartArray();
                    json.WriteNumberValue(span.Start);
                    json.WriteNumberValue(span.End);
                    json.WriteEndArray();
                }

                json.WriteEndArray();
            });
        }

        return 0;
    }
}
