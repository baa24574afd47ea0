using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using ModelCompiler.Data;

namespace ModelCompiler.Testing;

/// <summary>The texts that stored vocabularies were trained on, as <c>training.json</c> describes them: files, or their first code points up to the last line feed among them.</summary>
internal static partial class TrainingTexts
{
    /// <param name="folder">Where the files lie.</param>
    /// <exception cref="FileNotFoundException">One of them does not.</exception>
    public static IEnumerable<string> Read(string description, string? folder)
    {
        foreach (Match part in Parts().Matches(description))
        {
            var path = Path.Combine(folder ?? "", part.Groups["file"].Value);
            if (!File.Exists(path))
                throw new FileNotFoundException($"There is no {part.Groups["file"].Value} in {folder ?? "any folder of texts"}.", path);
            var text = Whole(path);
            if (part.Groups["count"] is { Success: true, Value: var count })
                text = Head(text, int.Parse(count, NumberStyles.AllowThousands, CultureInfo.InvariantCulture));
            foreach (var line in TokenizerTraining.Lines(text))
                yield return line;
        }
    }

    /// <summary>A UTF-8 file, unpacked where it is gzip.</summary>
    public static string Whole(string path)
    {
        using var file = File.OpenRead(path);
        using var reader = new StreamReader(path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file, new UTF8Encoding(false));
        return reader.ReadToEnd();
    }

    private static string Head(string text, int codePoints)
    {
        var units = 0;
        foreach (var scalar in text.EnumerateRunes())
        {
            if (codePoints-- == 0)
                break;
            units += scalar.Utf16SequenceLength;
        }

        return text[..(text.AsSpan(0, units).LastIndexOf('\n') + 1)];
    }

    [GeneratedRegex(@"(?<file>[\w.-]+\.(txt|gz))(?: \(unpacked\))?(?:: the first (?<count>[\d,]+) code points)?")]
    private static partial Regex Parts();
}
