using ModelCompiler.Testing;

namespace ModelCompiler.Numerics.Tests;

/// <summary>The C# of kernels, emitted and of the runtime, obeys the rules of what ILGPU compiles well.</summary>
[Trait("suite", "gpu")]
public sealed class SourceRulesTests
{
    private static readonly string[] s_ofRuntime = ["Kernels", "Mathematics"];

    /// <summary>A violation, and what is said of it.</summary>
    public static TheoryData<string, string> Violations => new()
    {
        { "Action f = () => { };", "a lambda" },
        { "throw null;", "a throw" },
        { "try { } finally { }", "a block with an end of its own" },
        { "var x = stackalloc float[4];", "an array" },
        { "var x = new float[4];", "an array" },
        { "float* x = null;", "a pointer" },
        { "foreach (var x in a.Values) { }", "an enumerator" },
        { "var x = \"\";", "a string" },
        { "var x = a.N switch { 1 => 2 };", "a switch that throws" },
        { "var x = a.N / 8;", "an arithmetic shift" },
        { "var x = Math.Clamp(a.N, 1, 2);", "arithmetic in double" },
        { "var x = (double)a.N;", "arithmetic in double" },
        { "var x = 0.5 * a.X;", "arithmetic in double" },
        { "var x = MathF.Tanh(a.X);", "differs from device to device" },
        { "for (var i = Group.IdxX; i < 4; i++) { }", "not read into a local at the top" },
        { "if (a.N > 0) { var x = Grid.IdxX; }", "not read into a local at the top" },
        { "var (x, y) = (Group.DimX, Group.DimX + 1);", "read twice" },
    };

    [Theory, MemberData(nameof(Violations))]
    public void A_violation_is_seen(string statement, string message) => Assert.Contains(SourceRules.Broken(Body(statement)), b => b.Contains(message, StringComparison.Ordinal));

    [Theory]
    [InlineData("var x = a.N / 7 + a.X / 2f;")]
    [InlineData("var (x, y) = (Group.IdxX, Group.DimX); Group.Barrier();")]
    [InlineData("var x = a.N switch { 1 => 2, _ => 3 };")]
    public void What_is_allowed_is_not_complained_of(string statement) => Assert.Empty(SourceRules.Broken(Body(statement)));

    /// <summary>Whatever is launched is looked at, and what gets the same arguments further down.</summary>
    [Fact]
    public void Kernels_of_the_runtime_are_seen()
    {
        string[] texts = [.. Files().Select(static f => f.Text)];
        var seen = texts.SelectMany(SourceRules.Seen).ToHashSet();
        string[] launched = [.. texts.SelectMany(SourceRules.Launched).Distinct()];
        Assert.Empty(new[] { "ProductEnd.Body", "Contrast.Reduce", "GemmByGroups.Body" }.Except(launched));
        Assert.Empty(launched.Except(seen));
        Assert.Empty(new[] { "Contrast.Teach", "QueueRows.Row", "TensorScores.Kept" }.Except(seen));
    }

    [Fact]
    public void Emitted_kernels_of_ops_obey() => Obeys(GpuZoo.Ops.Texts.Select(static (text, i) => ($"file {i}", text)));

    [Fact]
    public void Emitted_kernels_of_models_obey() => Obeys(
        from name in GpuZoo.Models
        from file in GpuZoo.Model(name).Files
        where file.HintName.Contains(".Gpu", StringComparison.Ordinal)
        select ($"{name}, {file.HintName}", file.Text));

    [Fact]
    public void Kernels_of_the_runtime_obey() => Obeys(Files());

    private static IEnumerable<(string Name, string Text)> Files() =>
        from folder in s_ofRuntime
        from file in Directory.GetFiles(Path.Combine(Folders.Root, "src", "ModelCompiler.Gpu", folder), "*.cs")
        orderby file
        select (Path.GetFileName(file), File.ReadAllText(file));

    private static void Obeys(IEnumerable<(string Name, string Text)> files)
    {
        var broken = files.SelectMany(static f => SourceRules.Broken(f.Text).Select(b => $"{f.Name}: {b}")).ToArray();
        Assert.True(broken.Length == 0, string.Join("\n", broken));
    }

    private static string Body(string statement) => $"static class K {{ static void Body(Arguments a) {{ {statement} }} }}";
}
