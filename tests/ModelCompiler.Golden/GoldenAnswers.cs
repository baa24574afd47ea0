using System.Text.Json;

namespace ModelCompiler.Golden;

/// <summary>How stored answers of one kind went: a folder of pictures, or a file of metrics.</summary>
/// <param name="Largest">The largest difference over what is allowed.</param>
internal sealed record GoldenAnswers(string Name, int Cases, double Largest, string Verdict)
{
    public bool IsOk => Verdict == "ok";

    public override string ToString() => FormattableString.Invariant($"{Name}\t{Cases}\t{Largest:F3}\t{Verdict}");

    /// <summary>Compares; what has no counterpart is unsupported, and what is broken is off.</summary>
    /// <param name="path">The folder or file, which is called by its last two names.</param>
    /// <param name="compare">Cases, the largest difference over what is allowed, and what is wrong.</param>
    public static GoldenAnswers Of(string path, Func<string, (int Cases, double Largest, IReadOnlyList<string> Wrong)> compare)
    {
        var full = Path.GetFullPath(path);
        var name = $"{Path.GetFileName(Path.GetDirectoryName(full))}/{Path.GetFileName(full)}";
        try
        {
            var (cases, largest, wrong) = compare(full);
            return new GoldenAnswers(name, cases, largest, wrong.Count == 0 ? "ok" : $"off ({wrong.Count}: {wrong[0]})");
        }
        catch (Exception e) when (e is FileNotFoundException or NotSupportedException)
        {
            return new GoldenAnswers(name, 0, 0, $"unsupported ({e.Message})");
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or InvalidOperationException or JsonException or KeyNotFoundException)
        {
            return new GoldenAnswers(name, 0, 0, $"off ({e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")})");
        }
    }
}
