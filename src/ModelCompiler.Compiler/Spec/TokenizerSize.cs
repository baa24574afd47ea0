namespace ModelCompiler.Compiler.Spec;

/// <summary>How many rows of a model's table a tokenizer's file needs: one more than its largest id.</summary>
internal static class TokenizerSize
{
    /// <summary>Names of the files that say it; in a folder with several the first stands for it.</summary>
    public static IReadOnlyList<string> Files { get; } = ["tokenizer.json", "vocab.txt", "vocab.json"];

    // As many as a table may have rows.
    private const int MostIds = 1 << 24;

    /// <param name="file">One of <see cref="Files"/>.</param>
    /// <exception cref="FormatException">The text is not what such a file has.</exception>
    public static int Of(string file, string text)
    {
        var size = file switch
        {
            "vocab.txt" => OfLines(text),
            "vocab.json" => OfJson(text, Ids),
            _ => OfJson(text, OfTokenizer),
        };
        return size is > 0 and <= MostIds ? size : throw new FormatException($"it has {size} tokens; legal are 1 to {MostIds}");
    }

    // A token a line; empty lines at the end are none.
    private static int OfLines(string text)
    {
        var (lines, empty, start) = (0, 0, 0);
        while (start < text.Length)
        {
            var end = text.IndexOf('\n', start) is var found and >= 0 ? found : text.Length;
            lines++;
            var isEmpty = end == start || (text[start] == '\r' && end == start + 1);
            if (!isEmpty && empty > 0)
            {
                throw new FormatException($"line {lines - empty} is empty; legal is a token a line");
            }

            empty = isEmpty ? empty + 1 : 0;
            start = end + 1;
        }

        return lines - empty;
    }

    private static int OfJson(string text, Func<JsonScanner, int> size)
    {
        var json = new JsonScanner(text);
        var result = size(json);
        json.End();
        return result;
    }

    // Tokens and their ids.
    private static int Ids(JsonScanner json)
    {
        var size = 0;
        json.Object(_ => size = Math.Max(size, json.Integer(MostIds - 1) + 1));
        return size;
    }

    private static int OfTokenizer(JsonScanner json)
    {
        int? model = null;
        var added = 0;
        json.Object(name =>
        {
            switch (name)
            {
                case "model":
                    json.Object(part =>
                    {
                        if (part == "vocab")
                        {
                            model = json.Next == '[' ? Count(json) : Ids(json);
                        }
                        else
                        {
                            json.Skip();
                        }
                    });
                    break;
                case "added_tokens" when json.Next == '[':
                    json.List(() => added = Math.Max(added, Id(json)));
                    break;
                default:
                    json.Skip();
                    break;
            }
        });
        return Math.Max(added, model ?? throw new FormatException("it has no model.vocab"));
    }

    // Of Unigram, whose ids are places.
    private static int Count(JsonScanner json)
    {
        var count = 0;
        json.List(() =>
        {
            json.Skip();
            count++;
        });
        return count;
    }

    // Of an added token, and one more.
    private static int Id(JsonScanner json)
    {
        var size = 0;
        json.Object(name =>
        {
            if (name == "id")
            {
                size = json.Integer(MostIds - 1) + 1;
            }
            else
            {
                json.Skip();
            }
        });
        return size;
    }
}
