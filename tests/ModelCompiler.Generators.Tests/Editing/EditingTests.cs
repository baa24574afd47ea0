using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelCompiler.Generators.Tests.Harness;

namespace ModelCompiler.Generators.Tests.Editing;

/// <summary>A file on its way from one state to another: whatever stands there, neither generator nor analyzer fails, and skeletons add no error of their own.</summary>
public sealed class EditingTests
{
    private const string Source = """
        namespace Demo.Zoo;

        /// <summary>Looks.</summary>
        [VisionTransformer(ImageSize = 8, PatchSize = 4, Width = 8, Depth = 1, Heads = 2, Activation = Activation.Silu, Biases = Biases.All & ~Biases.QueryKeyValue)]
        [Classification(Classes = 3), Checkpoint(CheckpointFormat.TimmVit)]
        [AdamW(LearningRate = 1e-3), CosineSchedule(Warmup = 10, Steps = 100), ClipGradients(1.0), Accumulate(batches: 2)]
        public partial class Looks { public int Mine => Size * 2; private const int Size = 4; }

        public static partial class Outer
        {
            [TransformerDecoder(Vocabulary = 11, Context = 6, Width = Wide, Depth = 2, Heads = 2), CausalLanguageModel(Tied = false)]
            [Freeze("embeddings", "blocks.0"), AverageWeights(0.99)]
            internal sealed partial class Writes
            {
                public Writes(int seed) : this(null, (ulong)seed) { }
            }

            private const int Wide = 8;
        }

        [TransformerEncoder(Vocabulary = 11, Context = 6, Width = 8, Depth = 1, Heads = 2, Pooling = Pooling.Cls, Segments = 2)]
        [MaskedLanguageModel(NextSentence = true), Freeze(["embeddings"])]
        public partial class Reads;
        """;

    private GeneratorDriver _driver = InMemory.Driver();

    [Fact]
    public async Task The_whole_file_has_three_models_and_no_mistake()
    {
        var project = InMemory.Project(Source);
        Assert.Empty(await InMemory.Analyze(project));
        var (output, complaints) = InMemory.Generate(project);
        Assert.Empty(complaints);
        Assert.Equal(3, output.SyntaxTrees.Count(static t => t.FilePath.EndsWith(".Model.g.cs", StringComparison.Ordinal)));
    }

    // The step is a prime, so that cuts fall into every kind of token.
    [Fact]
    public async Task A_file_cut_anywhere_makes_nothing_fail()
    {
        for (var length = 0; length < Source.Length; length += 13)
        {
            await Survives(Source[..length]);
        }
    }

    [Fact]
    public async Task A_file_that_is_typed_in_the_middle_makes_nothing_fail()
    {
        for (var length = 20; length < Source.Length; length += 29)
        {
            await Survives(Source[..(length - 20)] + Source[length..]);
        }
    }

    [Fact]
    public async Task Tokens_that_are_deleted_make_nothing_fail()
    {
        var tokens = Tokens();
        var random = new Random(5);
        for (var i = 0; i < 60; i++)
        {
            var gone = Enumerable.Range(0, 1 + random.Next(3)).Select(_ => random.Next(tokens.Length)).ToHashSet();
            await Survives(string.Concat(tokens.Where((_, at) => !gone.Contains(at))));
        }
    }

    [Fact]
    public async Task Tokens_that_change_places_make_nothing_fail()
    {
        var random = new Random(6);
        for (var i = 0; i < 60; i++)
        {
            var tokens = Tokens();
            var (one, other) = (random.Next(tokens.Length), random.Next(tokens.Length));
            (tokens[one], tokens[other]) = (tokens[other], tokens[one]);
            await Survives(string.Concat(tokens));
        }
    }

    // Of another type, of another kind, or no expression at all.
    [Theory]
    [InlineData("\"text\"")]
    [InlineData("'c'")]
    [InlineData("null")]
    [InlineData("-1")]
    [InlineData("5000000000")]
    [InlineData("1e300")]
    [InlineData("true")]
    [InlineData("typeof(int)")]
    [InlineData("default")]
    [InlineData("new int[] { 1 }")]
    [InlineData("new object[] { null, 1, \"a\" }")]
    [InlineData("Unknown.Thing(")]
    [InlineData("Size + ")]
    [InlineData("")]
    public async Task Every_argument_with_another_value_makes_nothing_fail(string value)
    {
        var root = await InMemory.Tree(Source).GetRootAsync(TestContext.Current.CancellationToken);
        var text = root.ToFullString();
        foreach (var argument in root.DescendantNodes().OfType<Microsoft.CodeAnalysis.CSharp.Syntax.AttributeArgumentSyntax>().Select(static a => a.Expression.Span).Where(static (_, i) => i % 3 == 0))
        {
            await Survives((text[..argument.Start] + value + text[argument.End..])["using ModelCompiler;\n".Length..]);
        }
    }

    private static string[] Tokens() => [.. CSharpSyntaxTree.ParseText(Source, cancellationToken: TestContext.Current.CancellationToken)
        .GetRoot(TestContext.Current.CancellationToken).DescendantTokens().Select(static t => t.ToFullString())];

    // The driver lives on from edit to edit, as an editor's does.
    private async Task Survives(string source)
    {
        var project = InMemory.Project(source);
        _driver = _driver.RunGenerators(project, TestContext.Current.CancellationToken);
        var run = _driver.GetRunResult();
        var failures = run.Diagnostics.Concat(await InMemory.Analyze(project)).Where(static d => d.Id is "AD0001" or "CS8785" || d.Id.StartsWith("MC9", StringComparison.Ordinal)).ToArray();
        Assert.True(failures.Length == 0 && run.Results.All(static r => r.Exception is null), $"{string.Join("\n", failures.Select(static d => d.ToString()))}\nin\n{source}");

        // Models that are whole would only cost time here.
        var skeletons = run.GeneratedTrees.Where(static t => t.FilePath.EndsWith(".Skeleton.g.cs", StringComparison.Ordinal)).ToArray();
        var errors = project.AddSyntaxTrees(skeletons).GetDeclarationDiagnostics(TestContext.Current.CancellationToken).Where(d => d.Severity == DiagnosticSeverity.Error && skeletons.Contains(d.Location.SourceTree));
        Assert.True(!errors.Any(), $"{string.Join("\n", errors.Select(static d => d.ToString()))}\nin\n{source}");
    }
}
