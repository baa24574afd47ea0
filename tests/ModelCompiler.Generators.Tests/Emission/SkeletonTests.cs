using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelCompiler.Compiler;
using ModelCompiler.Compiler.Spec;
using ModelCompiler.Generators.Tests.Editing;
using ModelCompiler.Generators.Tests.Harness;
using ModelCompiler.Testing;
using static ModelCompiler.Generators.Tests.Harness.Models;

namespace ModelCompiler.Generators.Tests.Emission;

/// <summary>What stands in for a model that cannot be compiled: the same surface, which compiles whatever is wrong.</summary>
public sealed class SkeletonTests
{
    // Types that a class can have in place of an emitted one, members, and what makes the least sense.
    private static readonly string[] s_members = ["public int {0};", "public void {0}(string text) {{ }}", "public class {0};", "private static class {0};", "public interface {0}<T>;", "protected event System.Action? {0};"];

    public static TheoryData<string> Cases => new(ModelCases.All.Keys);

    [Theory, MemberData(nameof(Cases))]
    public void A_skeleton_has_the_members_of_the_model(string name)
    {
        var spec = new ModelSpec(new TypeSpec("Demo", default, "M", "public"), new(ModelCases.All[name]));
        var model = Surface(CompilerPipeline.Compile(spec).Files.Where(static f => f.HintName is "Demo.M.Model.g.cs" or "Demo.M.Data.g.cs"));
        var skeleton = Surface(CompilerPipeline.Compile(spec with { Type = spec.Type with { Taken = new(["Other"]) } }).Files);
        Assert.Equal(model, skeleton);
        Assert.Contains("ModelCompiler.Runtime.IModel", skeleton);
    }

    [Fact]
    public void A_skeleton_compiles_whatever_the_options_are()
    {
        var specs = Enumerable.Range(0, 400).Select(static seed => RandomSpecs.Spec(seed) is var s ? s with { Type = s.Type with { Name = $"M{seed}" } } : s).Where(static s => CompilerPipeline.Check(s).Count > 0).ToArray();
        Assert.True(specs.Length > 100, $"only {specs.Length} specs were wrong");
        var files = specs.SelectMany(static s => CompilerPipeline.Compile(s).Files).ToArray();
        Assert.Equal(specs.Length, files.Length);
        Compiles(InMemory.Project([.. specs.Select(static s => $"namespace Demo; public partial class {s.Type.Name};")]).AddSyntaxTrees(files.Select(static f => Tree(f))));
    }

    [Fact]
    public void A_skeleton_does_without_the_names_that_the_class_has()
    {
        var classes = EmittedMembers.OfAny.SelectMany((name, n) => s_members.Select((member, i) => Vit(name: $"M{n}x{i}").Replace(";", $" {{ {string.Format(null, member, name)} }}")
            + Gpt(name: $"N{n}x{i}").Replace(";", $" {{ {string.Format(null, member, name)} }}"))).ToArray();
        var (output, complaints) = InMemory.Generate(InMemory.Project(string.Join("\n", classes)));
        Assert.Equal(2 * classes.Length, output.SyntaxTrees.Length - 1);
        Assert.Equal(2 * classes.Length, complaints.Count(static c => c.Id == "MC3003"));
        Declares(output);
    }

    [Theory]
    [InlineData("class M { public M(ModelCompiler.Runtime.Device? device = null, ulong seed = 0) { } }")]
    [InlineData("class M(ModelCompiler.Runtime.Device device, ulong seed) { public object Mine => (device, seed); }")]
    [InlineData("class M(int size) { public int Size => size; }")]
    [InlineData("class M { public M() { } }")]
    [InlineData("class M : Base { protected override void Save(string folder) { } } public abstract class Base { protected abstract void Save(string folder); }")]
    [InlineData("class M : Base; public class Base : System.IDisposable { public virtual void Dispose() { } }")]
    [InlineData("class M : Base; public class Base { protected int Core; public class Batch; public struct Math; }")]
    public void Constructors_and_base_classes_leave_declarations_right(string declaration) =>
        Declares(InMemory.Generate(InMemory.Project(Vit().Replace("class M;", declaration))).Output);

    [Fact]
    public void A_skeleton_that_runs_says_that_the_build_said_it()
    {
        var project = InMemory.Project(Vit("Width = 9"));
        using var stream = new MemoryStream();
        Assert.True(InMemory.Generate(project).Output.Emit(stream, cancellationToken: TestContext.Current.CancellationToken).Success);
        var type = System.Reflection.Assembly.Load(stream.ToArray()).GetType("M", throwOnError: true)!;
        var failure = Assert.Throws<System.Reflection.TargetInvocationException>(() => Activator.CreateInstance(type, null, 0UL)).InnerException;
        Assert.StartsWith("'M' was not compiled", Assert.IsType<Runtime.NotCompiledException>(failure).Message);
    }

    // Public members of a class and of the types in it, as C# writes their declarations.
    private static string[] Surface(IEnumerable<SourceFile> files)
    {
        var project = InMemory.Project("namespace Demo { public partial class M; }").AddSyntaxTrees(files.Select(static f => Tree(f)));
        var type = project.GetTypeByMetadataName("Demo.M")!;
        return [.. type.Interfaces.Select(static i => i.ToDisplayString()), .. Members(type).Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Members(INamedTypeSymbol type) => type.GetMembers()
        .Where(static m => !m.IsImplicitlyDeclared && m is not IMethodSymbol { AssociatedSymbol: not null } && (m.DeclaredAccessibility == Accessibility.Public || m.Name.Contains("IBatch.")))
        .SelectMany(static m => m is INamedTypeSymbol t ? [$"{t.ToDisplayString()} : {t.BaseType?.ToDisplayString()}, {string.Join(", ", t.Interfaces.Select(static i => i.ToDisplayString()))}", .. Members(t)] : new[] { m.ToDisplayString(s_declaration) });

    private static readonly SymbolDisplayFormat s_declaration = SymbolDisplayFormat.CSharpErrorMessageFormat
        .WithMemberOptions(SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeContainingType | SymbolDisplayMemberOptions.IncludeModifiers | SymbolDisplayMemberOptions.IncludeExplicitInterface)
        .WithParameterOptions(SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeDefaultValue | SymbolDisplayParameterOptions.IncludeParamsRefOut);

    private static SyntaxTree Tree(SourceFile file) => InMemory.Tree(file.Text, file.HintName);

    private static void Compiles(CSharpCompilation project) =>
        Assert.Empty(project.GetDiagnostics(TestContext.Current.CancellationToken).Where(static d => d.Severity >= DiagnosticSeverity.Warning && d.Id != "CS1591"));

    private static void Declares(CSharpCompilation project) =>
        Assert.Empty(project.GetDeclarationDiagnostics(TestContext.Current.CancellationToken).Where(static d => d.Severity == DiagnosticSeverity.Error));
}
