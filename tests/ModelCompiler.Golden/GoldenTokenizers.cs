using System.Text.Json;
using ModelCompiler.Data;
using ModelCompiler.Testing;

namespace ModelCompiler.Golden;

/// <summary>How a file of calls of a tokenizer went.</summary>
/// <param name="Wrong">Calls with other answers than the reference's.</param>
/// <param name="Verdict">ok, where some answers are passed over with which and why; passed over, off or unsupported with why.</param>
internal sealed record GoldenTokenizerResult(string Name, int Calls, int Wrong, string Verdict)
{
    public const string PassedOver = "passed over";

    public bool IsOk => Verdict == "ok" || Verdict.StartsWith("ok (", StringComparison.Ordinal) || Verdict.StartsWith(PassedOver, StringComparison.Ordinal);

    public override string ToString() => FormattableString.Invariant($"{Name}\t{Calls}\t{Wrong}\t{Verdict}");
}

/// <summary>Folders with a tokenizer's stored answers: strings in <c>cases*.jsonl</c>, batches in <c>batches.jsonl</c>, a vocabulary that was trained as <c>training.json</c> says.</summary>
internal static class GoldenTokenizers
{
    private const string Digests = "digests.json";

    /// <param name="vocabularies">Where published vocabularies lie; null: in a folder <c>data/vocab</c> beside or above, or <c>shared/data/vocab</c>. Texts lie beside, in <c>text</c>.</param>
    public static IEnumerable<GoldenTokenizerResult> Run(string root, string? vocabularies)
    {
        foreach (var path in Directory.EnumerateFiles(root, "*.json*", SearchOption.AllDirectories).Where(IsOfTokenizer).Order(StringComparer.Ordinal))
        {
            foreach (var result in Path.GetFileName(path) == Digests ? RunDigests(path, vocabularies ?? Vocabularies(root)) : [RunFile(path, vocabularies ?? Vocabularies(root))])
                yield return result;
        }
    }

    private static bool IsOfTokenizer(string path) => Path.GetFileName(path) is var name && name == "training.json"
        ? File.Exists(Path.Combine(Path.GetDirectoryName(path)!, "tokenizer.json"))
        : name == Digests ? File.ReadAllText(path).Contains("\"sha256\"", StringComparison.Ordinal)
        : (name == "batches.jsonl" || (name.StartsWith("cases", StringComparison.Ordinal) && name.EndsWith(".jsonl", StringComparison.Ordinal)))
        && File.ReadLines(path).FirstOrDefault() is { } line && (line.Contains("\"ids\":", StringComparison.Ordinal) || line.Contains("\"input_ids\":", StringComparison.Ordinal));

    private static GoldenTokenizerResult RunFile(string path, string? vocabularies)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var name = $"{Path.GetFileName(folder)}/{Path.GetFileName(path)}";
        return Named(name, () =>
        {
            if (Path.GetFileName(path) == "training.json")
            {
                if (File.ReadAllText(path).Contains("\"reproducible\": false", StringComparison.Ordinal))
                    return new GoldenTokenizerResult(name, 0, 0, $"{GoldenTokenizerResult.PassedOver} (the reference's own training gives other scores each time)");
                var difference = TrainedTokenizers.Difference(TrainedTokenizers.Train(folder, Texts(vocabularies)), Tokenizer.Load(folder));
                return new GoldenTokenizerResult(name, 1, difference is null ? 0 : 1, difference is null ? "ok" : $"off ({difference})");
            }

            // Of several the one that all answers are of, else the one that most are.
            GoldenTokenizerResult? nearest = null;
            foreach (var tokenizer in PublishedTokenizers.Of(folder, vocabularies))
            {
                var result = Compare(tokenizer);
                nearest = nearest is null || result.Wrong < nearest.Wrong ? result : nearest;
                if (nearest.Wrong == 0)
                    break;
            }

            return nearest!;
        });

        GoldenTokenizerResult Compare(Tokenizer tokenizer)
        {
            if (Path.GetFileName(path) == "batches.jsonl")
            {
                var (batches, differ) = TokenizerCases.Batches(tokenizer, path);
                return new GoldenTokenizerResult(name, batches, differ.Count, Verdict(differ));
            }

            var (strings, wrong, passedOver) = TokenizerCases.Strings(tokenizer, path);
            return new GoldenTokenizerResult(name, strings, wrong.Count, wrong.Count == 0 && passedOver is not null ? $"ok ({GoldenTokenizerResult.PassedOver}: {passedOver})" : Verdict(wrong));
        }
    }

    // A line a tokenizer; its folder lies beside the file.
    private static IEnumerable<GoldenTokenizerResult> RunDigests(string path, string? vocabularies)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        foreach (var tokenizer in json.RootElement.EnumerateObject())
        {
            var name = $"{Digests}/{tokenizer.Name}";
            yield return tokenizer.Name.StartsWith("clip open_clip", StringComparison.Ordinal)
                ? new GoldenTokenizerResult(name, 0, 0, $"{GoldenTokenizerResult.PassedOver} (open_clip repairs texts first)")
                : Named(name, () =>
                {
                    var folder = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, tokenizer.Name.Split(' ')[0]);
                    var loaded = TokenizerFiles.Load(folder, vocabularies, tokenizer.Name.EndsWith("add_prefix_space", StringComparison.Ordinal));
                    var (books, wrong) = TokenizerDigests.Compare(tokenizer.Name, tokenizer.Value, loaded, file => Path.Combine(Texts(vocabularies) ?? "", file));
                    return new GoldenTokenizerResult(name, books, wrong.Count, Verdict(wrong));
                });
        }
    }

    private static string Verdict(IReadOnlyList<string> wrong) => wrong.Count == 0 ? "ok" : $"off ({wrong[0]})";

    private static GoldenTokenizerResult Named(string name, Func<GoldenTokenizerResult> run)
    {
        try
        {
            return run();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or NotSupportedException)
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
