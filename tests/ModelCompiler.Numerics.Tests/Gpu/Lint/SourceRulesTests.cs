using ModelCompiler.Testing;

namespace ModelCompiler.Numerics.Tests;

/// <summary>The C# of kernels, emitted and of the runtime, obeys the rules of what ILGPU compiles well.</summary>
[Trait("suite", "gpu")]
public sealed class SourceRulesTests
{
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
        { "Span<float> x = default;", "a span" },
        { "int Next(int i) => i + a.N;", "a function that may capture" },
        { "var x = s_sizes[a.N];", "a static field" },
        { "CudaAsm.EmitRef(text, ref x);", "an instruction by its text" },
        { "var x = LocalMemory.Allocate<float>(4);", "an array" },
        { "SpecializedValue<int> x = default;", "compile anew" },
        { "var x = a.Number / 8u;", "an arithmetic shift" },
        { "x /= 4;", "an arithmetic shift" },
        { "const int Eight = 8; var x = a.N / Eight;", "an arithmetic shift" },
        { "var x = a.N / Wide;", "an arithmetic shift" },
        { "var x = a.N / (2 * (int)Groups.Size);", "an arithmetic shift" },
        { "x /= AttentionTile.Size;", "an arithmetic shift" },
        { "var x = a.N / (TTile.Side >> 2);", "an arithmetic shift" },
        { "var x = (a.X + 12582912f) - 12582912f;", "a constant that may go" },
        { "var x = a.X + -1e8f;", "a constant that may go" },
        { "var x = a.Values.SubView(4 * i).Cast<Quad>()[0];", "one element at a time" },
        { "var x = SharedMemory.GetDynamic<float>();", "one element at a time" },
        { "var x = (Half)a.X;", "OpenCL may not have" },
        { "var x = XMath.Exp(a.X);", "differs from device to device" },
        { "if (a.N != 0) { x = i / a.N; }", "keeps from zero" },
        { "if (a.N == 0) { x = 0; } else { x = i % a.N; }", "keeps from zero" },
        { "if (0 == a.N) { return; } x /= a.N;", "keeps from zero" },
        { "var x = a.N > 0 ? i / (2 * a.N) : 0;", "keeps from zero" },
        { "var x = a.N > 0 && i % a.N == 1;", "keeps from zero" },
        { "while (a.N > 0) { x = i / a.N; }", "keeps from zero" },
        { "for (var i = 0; a.N > 0 && i < 9; i++) { x = i / a.N; }", "keeps from zero" },
    };

    [Theory, MemberData(nameof(Violations))]
    public void A_violation_is_seen(string statement, string message) => Assert.Contains(SourceRules.Broken(Body(statement)), b => b.Contains(message, StringComparison.Ordinal));

    [Theory]
    [InlineData("var x = a.N / 7 + a.X / 2f;")]
    [InlineData("var (x, y) = (Group.IdxX, Group.DimX); Group.Barrier();")]
    [InlineData("var x = a.N switch { 1 => 2, _ => 3 };")]
    [InlineData("static int Next(int i) => i + 1;")]
    [InlineData("var x = SharedMemory.GetDynamic<float>().AsAligned(16);")]
    [InlineData("var x = a.Values.SubView(4 * i).AsAligned(16).Cast<Quad>()[0];")]
    [InlineData("var x = a.X + 4194303f - 1e8f * a.X;")]
    [InlineData("var x = total == 0f ? 0f : 1f / total;")]
    [InlineData("var x = a.Half[0];")]
    [InlineData("var x = a.N / (Wide - 1) + a.N / Threes.Columns + a.N / (Wide * a.M) + a.N / AttentionTile.Stride;")]
    [InlineData("const int Eight = 8; var x = Wide / Eight + 4 * Wide / 8;")]
    [InlineData("if (a.N > 0) { x = i / a.M; }")]
    [InlineData("var x = i / a.N; if (a.N > 0) { x = 0; }")]
    public void What_is_allowed_is_not_complained_of(string statement) => Assert.Empty(SourceRules.Broken(Body(statement)));

    /// <summary>Whatever is launched is looked at, and what gets the same arguments further down.</summary>
    [Fact]
    public void Kernels_of_the_runtime_are_seen()
    {
        string[] texts = [.. RuntimeSources.All.Select(static f => f.Text)];
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

    /// <summary>Those of models/ in their published sizes too: the generator writes what it emits to a folder there. A model of which it has nothing, or not all, is seen.</summary>
    [Fact]
    public void Emitted_kernels_of_the_zoo_obey()
    {
        var folder = Path.Combine(Folders.Root, "models", "ModelCompiler.Models", "emitted");
        var files = Directory.GetFiles(folder, "*.Gpu*.cs", SearchOption.AllDirectories).ToLookup(static f => Path.GetFileName(f).Split(".Gpu.")[0], static f => (Name: Path.GetFileName(f), Text: File.ReadAllText(f)));
        Assert.NotEmpty(ZooRows.Programs);
        Assert.All(ZooRows.Programs, program =>
        {
            var seen = files[Model(program)].SelectMany(static f => SourceRules.Seen(f.Text)).ToHashSet();
            Assert.Empty(ZooRows.Of(program).Select(static k => $"{k.DeclaringType!.Name}.Body").Except(seen));
        });
        Obeys(ZooRows.Programs.SelectMany(program => files[Model(program)]));

        static string Model(Type program) => program.FullName![..^"GpuProgram".Length];
    }

    [Fact]
    public void Kernels_of_the_runtime_obey() => Obeys(RuntimeSources.All);

    private static void Obeys(IEnumerable<(string Name, string Text)> files)
    {
        var broken = files.SelectMany(static f => SourceRules.Broken(f.Text).Select(b => $"{f.Name}: {b}")).ToArray();
        Assert.True(broken.Length == 0, string.Join("\n", broken));
    }

    private static string Body(string statement) => $"static class K {{ const int Wide = 1 << 5; static void Body(Arguments a) {{ {statement} }} }}";
}
