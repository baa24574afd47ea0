using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>The older files: vocab.txt, vocab.json, merges.txt.</summary>
internal static class VocabularyFiles
{
    // In the first line of merge lists, behind a quote in CLIP's.
    private const string VersionMark = "#version";

    // Unpacked; the largest published list has 3 MB.
    private const int MostBytes = 1 << 28;

    /// <summary>A token a line; empty lines at the end are none.</summary>
    public static Vocabulary ReadLines(string path) => Named(path, () =>
    {
        var lines = Text(path).Split('\n').Select(static l => l.TrimEnd('\r')).ToList();
        while (lines is [.., ""])
            lines.RemoveAt(lines.Count - 1);
        return lines.IndexOf("") is var empty && empty < 0 ? new Vocabulary(lines) : throw new InvalidDataException($"line {empty + 1} is empty; legal is a token a line");
    });

    /// <summary>An object of tokens and ids, and the merges beside it.</summary>
    public static BytePairModel ReadBytePairs(string vocabulary, string merges)
    {
        var ids = Named(vocabulary, () =>
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(vocabulary), new JsonDocumentOptions { MaxDepth = 4 });
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? new Vocabulary(json.RootElement.EnumerateObject().Select(static t => KeyValuePair.Create(t.Name, JsonFields.NumberOf(t.Value, $"'{t.Name}'"))))
                : throw new InvalidDataException("no object; legal are tokens and their ids");
        });
        return Named(merges, () => new BytePairModel(ids, ReadMerges(merges)));
    }

    /// <summary>Two symbols a line, a space between; a first line that says a version is none of them.</summary>
    /// <param name="count">The first so many; null: all.</param>
    public static IReadOnlyList<(string Left, string Right)> ReadMerges(string path, int? count = null) => Named(path, () =>
    {
        var result = new List<(string, string)>();
        var number = 0;
        foreach (var text in Text(path).Split('\n'))
        {
            number++;
            var line = text.TrimEnd('\r');
            if (result.Count == count)
                break;
            if (line.Length == 0 || (number == 1 && line.Contains(VersionMark, StringComparison.Ordinal)))
                continue;
            result.Add(line.Split(' ') is [{ Length: > 0 } left, { Length: > 0 } right] ? (left, right) : throw new InvalidDataException($"line {number} is '{line}'; legal are two symbols and a space between"));
        }

        return count is null || result.Count == count ? result : throw new InvalidDataException($"{result.Count} merges; legal are {count} or more");
    });

    /// <summary>A file's text, unpacked where it is gzip; strict UTF-8.</summary>
    internal static string Text(string path)
    {
        var bytes = File.ReadAllBytes(path).AsMemory();
        if (bytes.Span.StartsWith<byte>([0x1F, 0x8B]))
            bytes = Unpacked(bytes);
        if (bytes.Span.StartsWith("\uFEFF"u8))
            bytes = bytes[3..];
        return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes.Span);
    }

    // A packed file may lie about its length, so that it is read in pieces up to the limit.
    private static byte[] Unpacked(ReadOnlyMemory<byte> packed)
    {
        using var file = new MemoryStream(packed.ToArray());
        using var gzip = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
        using var result = new MemoryStream();
        var piece = new byte[1 << 16];
        for (int read; (read = gzip.Read(piece)) > 0;)
        {
            result.Write(piece.AsSpan(0, read));
            if (result.Length > MostBytes)
                throw new InvalidDataException($"more than {MostBytes} bytes unpacked; legal are no more");
        }

        GzipEnd.Check(file, result.Length);
        return result.ToArray();
    }

    internal static T Named<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            var reason = Found.Reason(e);
            throw new InvalidDataException(reason.StartsWith(path, StringComparison.Ordinal) ? reason : $"{path}: {reason}", e);
        }
    }
}
