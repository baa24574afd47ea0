using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelCompiler.Compiler.Spec;
using ModelCompiler.Generators.Tests.Harness;

namespace ModelCompiler.Generators.Tests.Diagnostics;

/// <summary>A build asks no analyzer while declarations are wrong: a class with a mistake has the types that signatures elsewhere name, or the generator says why not.</summary>
public sealed class SignatureTests
{
    // What no code can continue, so that the generator itself must speak.
    private static readonly string[] s_obstacles = ["MC2002", "MC3001", "MC3002", "MC3004", "MC3006"];

    public static TheoryData<string, string> Nameable => new(Row.All.Where(static r => !s_obstacles.Contains(r.Id) && Name(r) is not null).Select(static r => (r.Id, r.Source)));

    public static TheoryData<string, string> Obstructed => new(Row.All.Where(static r => s_obstacles.Contains(r.Id)).Select(static r => (r.Id, r.Source)));

    [Theory, MemberData(nameof(Nameable))]
    public async Task A_mistake_is_said_though_signatures_name_the_types_of_the_class(string id, string source)
    {
        var row = Row.All.Single(r => (r.Id, r.Source) == (id, source));
        var project = row.Setting(InMemory.Project(row.Text));
        project = project.AddSyntaxTrees(InMemory.Tree(Uses(row, project), "Uses.cs"));
        var (output, complaints) = InMemory.Generate(project, null, row.Files);
        Assert.Empty(output.GetDeclarationDiagnostics(TestContext.Current.CancellationToken).Where(static d => d.Severity == DiagnosticSeverity.Error));
        Assert.Equal(row.Message, Assert.Single([.. complaints, .. await InMemory.Analyze(output, null, row.Files)]).GetMessage());
    }

    [Theory, MemberData(nameof(Obstructed))]
    public void What_nothing_can_continue_is_said_by_the_generator(string id, string source)
    {
        var row = Row.All.Single(r => (r.Id, r.Source) == (id, source));
        var (output, complaints) = InMemory.Generate(row.Setting(InMemory.Project(row.Text)));
        Assert.Single(output.SyntaxTrees);
        Assert.Equal(row.Message, Assert.Single(complaints).GetMessage());
    }

    // A type that the class has a field instead of, and types of a class that has the name of one, can be named by nobody.
    [Theory]
    [InlineData("public partial class M { public int Batch; }", "M.Batch")]
    [InlineData("public partial class M { public int Pictures; }", "M.Pictures")]
    [InlineData("public partial class M { public void Output(string text) { } }", "M.Output")]
    [InlineData("public partial class Batch;", "Batch.Batch")]
    [InlineData("public partial class Pictures;", "Pictures.Pictures")]
    public void A_clash_is_said_by_the_generator_where_a_signature_names_what_it_prevents(string declaration, string type)
    {
        var project = InMemory.Project(Models.Vit().Replace("public partial class M;", declaration), $"class Uses {{ void Take({type} data) {{ }} }}");
        var (output, complaints) = InMemory.Generate(project);
        Assert.Equal(["CS0426"], output.GetDeclarationDiagnostics(TestContext.Current.CancellationToken).Where(static d => d.Severity == DiagnosticSeverity.Error).Select(static d => d.Id));
        Assert.Equal(["MC3003"], complaints.Select(static d => d.Id));
    }

    // The class by its full name, where another file can say it.
    private static INamedTypeSymbol? Name(Row row) => row.Setting(InMemory.Project(row.Text)).GetSymbolsWithName("M", SymbolFilter.Type).OfType<INamedTypeSymbol>().FirstOrDefault();

    private static string Uses(Row row, CSharpCompilation project)
    {
        var type = project.GetSymbolsWithName("M", SymbolFilter.Type).OfType<INamedTypeSymbol>().First();
        var spec = SpecReader.Read(type)!;
        var kinds = spec.Attributes.Select(static a => AttributeBinder.TypeOf(a.Name)).ToArray();
        string[] data = [kinds.First(typeof(ModelAttribute).IsAssignableFrom) is var kind && kind.IsSubclassOf(typeof(TowersAttribute)) ? "Pairs" : kind.IsSubclassOf(typeof(TextTransformerAttribute)) ? "Tokens" : kind == typeof(PrecomputedFeaturesAttribute) ? "Vectors" : "Pictures", "Output", .. kinds.Any(typeof(ObjectiveAttribute).IsAssignableFrom) ? ["Batch"] : Array.Empty<string>()];
        var name = type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
        return $"class Uses {{ {string.Join(" ", data.Select(d => $"private {name}.{d}? _{d}; internal {name}.{d}[] Make{d}({name}.{d} one, {name} model) => [one];"))} }} class Runs<T> where T : ModelCompiler.Runtime.IModel; class Mine : Runs<{name}>;";
    }
}
