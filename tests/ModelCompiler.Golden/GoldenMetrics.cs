using ModelCompiler.Testing;

namespace ModelCompiler.Golden;

/// <summary>Files <c>cases.json</c> whose metrics reference implementations computed.</summary>
internal static class GoldenMetrics
{
    public static IEnumerable<GoldenAnswers> Run(string root) =>
        Directory.EnumerateFiles(root, "cases.json", SearchOption.AllDirectories).Where(MetricFile.Is).Order(StringComparer.Ordinal).Select(static path => GoldenAnswers.Of(path, Compare));

    private static (int Cases, double Largest, IReadOnlyList<string> Wrong) Compare(string path)
    {
        var file = new MetricFile(path);
        var results = file.Names.Select(n => (Name: n, Result: file.Compare(n))).ToArray();
        return (results.Length, results.Max(static r => r.Result.Largest), [.. results.SelectMany(static r => r.Result.Wrong.Select(w => $"{r.Name}: {w}"))]);
    }
}
