using Microsoft.CodeAnalysis;
using ModelCompiler.Compiler;
using ModelCompiler.Compiler.Spec;
using ModelCompiler.Generators.Tests.Harness;
using ModelCompiler.Testing;

namespace ModelCompiler.Generators.Tests.Diagnostics;

/// <summary>A compiler that is wrong says so, with the stage that failed, and takes nothing else down.</summary>
public sealed class CompilerFailureTests
{
    private const string End = "; the compiler is wrong, not the class: please report it with the class's attributes";

    [Fact]
    public void The_generator_names_the_stage_and_emits_the_other_models()
    {
        var generator = new ModelGenerator(static (spec, cancel) => CompilerStage.Run("compile", () =>
            spec.Type.Name == "Bad" ? CompilerStage.Run<CompileResult>("plan", static () => throw new InvalidOperationException("no room")) : CompilerPipeline.Compile(spec, cancel)));
        var (output, complaints) = InMemory.Generate(InMemory.Project(Models.Vit(name: "Bad"), Models.Vit(name: "Good")), generator);
        var said = Assert.Single(complaints);
        Assert.Equal("MC9001", said.Id);
        Assert.Equal(DiagnosticSeverity.Error, said.Severity);
        Assert.Matches(@"^'Bad': stage 'plan' failed: InvalidOperationException in \S+: no room" + End, said.GetMessage());
        Assert.All(output.SyntaxTrees.Skip(2), static t => Assert.Contains("Good.", t.FilePath));
        Assert.NotNull(output.GetTypeByMetadataName("Good+Batch"));
    }

    [Fact]
    public async Task The_analyzer_names_the_stage_at_the_class()
    {
        var analyzer = new ModelAnalyzer(static _ => CompilerStage.Run<EquatableArray<SpecProblem>>("check", static () => throw new KeyNotFoundException("Width")));
        var said = Assert.Single(await InMemory.Analyze(InMemory.Project(Models.Vit(name: "Bad")), analyzer));
        Assert.Equal("MC9001", said.Id);
        Assert.Matches(@"^'Bad': stage 'check' failed: KeyNotFoundException in \S+: Width" + End, said.GetMessage());
        Assert.Equal("Bad", InMemory.Marked(said));
    }

    // Neither can be written in C#: an attribute without a name, and a model that no rule has let through.
    [Theory, InlineData("spec", null), InlineData("build", "VisionTransformer")]
    public void Of_stages_within_each_other_the_innermost_is_named(string stage, string? attribute)
    {
        var spec = new ModelSpec(new TypeSpec("", default, "M", "public"), new([new AttributeSpec(attribute!, default, default)]));
        Assert.Equal(stage, Assert.Throws<StageException>(() => CompilerPipeline.CheckpointOf(spec)).Stage);
    }

    [Fact]
    public void Cancellation_is_no_failure() =>
        Assert.Throws<OperationCanceledException>(static () => CompilerPipeline.Compile(Good(), new CancellationToken(canceled: true)));

    private static ModelSpec Good() => new(new TypeSpec("", default, "M", "public"), new(ModelCases.All["vit"]));
}
