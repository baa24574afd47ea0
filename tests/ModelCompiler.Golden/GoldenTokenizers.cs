using ModelCompiler.Data;
using ModelCompiler.Testing;

namespace ModelCompiler.Golden;

/// <summary>How a file of calls of a tokenizer went.</summary>
/// <param name="Wrong">Calls with other answers than the reference's.</param>
internal sealed record GoldenTokenizerResult(string Name, int Calls, int Wrong, string Verdict)
{
    public bool IsOk => Verdict == "ok";

    public override string ToString() => FormattableString.Invariant($"{Name}\t{Calls}\t{Wrong}\t{Verdict}");
}

/// <summary>Folders with a tokenizer's stored answers: strings in <c>cases*.jsonl</c>, batches in <c>batches.jsonl</c>, a vocabulary that was trained as <c>training.json</c> says.</summary>
internal static class GoldenTokenizers
{
    /// <param name="vocabularies">Where published vocabularies lie; null: in a folder <c>data/vocab</c> beside or above, or <c>shared/data/vocab</c>. Texts lie beside, in <c>text</c>.</param>
    public static IEnumerable<GoldenTokenizerResult> Run(string root, string? vocabularies)
    {
        foreach (var path in Directory.EnumerateFiles(root, "*.json*", SearchOption.AllDirectories).Where(IsOfTokenizer).Order(StringComparer.Ordinal))
            yield return RunFile(path, vocabularies ?? Vocabularies(root));
    }

    // The reference's own unigram training gives another vocabulary each time, and says so.
    private static bool IsOfTokenizer(string path) => Path.GetFileName(path) is var name && name == "training.json"
        ? File.Exists(Path.Combine(Path.GetDirectoryName(path)!, "tokenizer.json")) && !File.ReadAllText(path).Contains("\"reproducible\": false", StringComparison.Ordinal)
        : (name == "batches.jsonl" || (name.StartsWith("cases", StringComparison.Ordinal) && name.EndsWith(".jsonl", StringComparison.Ordinal)))
        && File.ReadLines(path).FirstOrDefault() is { } line && (line.Contains("\"ids\":", StringComparison.Ordinal) || line.Contains("\"input_ids\":", StringComparison.Ordinal));

    private static GoldenTokenizerResult RunFile(string path, string? vocabularies)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var name = $"{Path.GetFileName(folder)}/{Path.GetFileName(path)}";
        try
        {
            if (Path.GetFileName(path) == "training.json")
            {
                var difference = TrainedTokenizers.Difference(TrainedTokenizers.Train(folder, Texts(vocabularies)), Tokenizer.Load(folder));
                return new GoldenTokenizerResult(name, 1, difference is null ? 0 : 1, difference is null ? "ok" : $"off ({difference})");
            }

            var tokenizer = TokenizerFiles.Load(folder, vocabularies, Path.GetFileName(path).Contains("prefix-space", StringComparison.Ordinal));
            var (calls, wrong) = Path.GetFileName(path) == "batches.jsonl" ? TokenizerCases.Batches(tokenizer, path) : TokenizerCases.Strings(tokenizer, path);
            return new GoldenTokenizerResult(name, calls, wrong.Count, wrong.Count == 0 ? "ok" : $"off ({wrong[0]})");
        }
        catch (Exception e) when (e is FileNotFoundException or NotSupportedException)
        {
            return new GoldenTokenizerResult(name, 0, 0, $"unsupported ({e.Message})");
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or InvalidOperationException or System.Text.Json.JsonException or KeyNotFoundException)
        {
            return new GoldenTokenizerResult(name, 0, 0, $"off ({e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")})");
        }
    }

    private static string? Texts(string? vocabularies) => vocabularies is null ? null : Path.Combine(Path.GetDirectoryName(Path.GetFullPath(vocabularies).TrimEnd(Path.DirectorySeparatorChar))!, "text");

    private static string? Vocabularies(string root)
    {
        for (var at = Path.GetFullPath(root); at is not null; at = Path.GetDirectoryName(at))
        {
            if (Directory.Exists(Path.Combine(at, "data", "vocab")))
                return Path.Combine(at, "data", "vocab");
        }

        return Folders.Shared("data", "vocab");
    }
}
