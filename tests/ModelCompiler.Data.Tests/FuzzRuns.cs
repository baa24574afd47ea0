namespace ModelCompiler.Data.Tests;

/// <summary>How often fuzzers run: a moment's worth, or as often as <c>MODELCOMPILER_FUZZ</c> says.</summary>
internal static class FuzzRuns
{
    private static readonly int? s_asked = int.TryParse(Environment.GetEnvironmentVariable("MODELCOMPILER_FUZZ"), out var runs) ? runs : null;

    public static int Of(int usual) => s_asked ?? usual;
}
