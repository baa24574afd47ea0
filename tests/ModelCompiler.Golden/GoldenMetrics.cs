using ModelCompiler.Testing;

namespace ModelCompiler.Golden;

/// <summary>How a file of metrics went.</summary>
/// <param name="Largest">The largest difference over what is allowed.</param>
internal sealed record GoldenMetricResult(string Name, int Cases, double Largest, string Verdict)
{
    public bool IsOk => Verdict == "ok";

    public override string ToString() => FormattableString.Invariant($"{Name}\t{Cases}\t{Largest:F3}\t{Verdict}");
}

/// <summary>Files <c>cases.json</c> whose metrics reference implementations computed.</summary>
internal static class GoldenMetrics
{
    public static IEnumerable<GoldenMetricResult> Run(string root) =>
        Directory.EnumerateFiles(root, "cases.json", SearchOption.AllDirectories).Where(MetricFile.Is).Order(StringComparer.Ordinal).Select(RunFile);

    private static GoldenMetricResult RunFile(string path)
    {
        var name = $"{Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path)))}/{Path.GetFileName(path)}";
        try
        {
            var file = new MetricFile(path);
            var results = file.Names.Select(n => (Name: n, Result: file.Compare(n))).ToArray();
            string[] wrong = [.. results.SelectMany(static r => r.Result.Wrong.Select(w => $"{r.Name}: {w}"))];
            return new GoldenMetricResult(name, results.Length, results.Max(static r => r.Result.Largest), wrong.Length == 0 ? "ok" : $"off ({wrong.Length}: {wrong[0]})");
        }
        catch (NotSupportedException e)
        {
            return new GoldenMetricResult(name, 0, 0, $"unsupported ({e.Message})");
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.Text.Json.JsonException or KeyNotFoundException)
        {
            return new GoldenMetricResult(name, 0, 0, $"off ({e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")})");
        }
    }
}
