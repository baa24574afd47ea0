using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ModelCompiler.Generators.Tests;

public sealed class EmissionTests
{
    [Fact]
    public void An_annotated_class_compiles()
    {
        var source = CSharpSyntaxTree.ParseText("""
            using ModelCompiler;
            [VisionTransformer(ImageSize = 8, PatchSize = 4, Width = 8, Depth = 2, Heads = 2)]
            [Classification(Classes = 3)]
            public partial class Tiny;
            """);
        var compilation = CSharpCompilation.Create("demo", [source],
            [.. Net100.References.All, MetadataReference.CreateFromFile(typeof(ModelAttribute).Assembly.Location), MetadataReference.CreateFromFile(typeof(Runtime.IModel).Assembly.Location)],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        var driver = CSharpGeneratorDriver.Create(new ModelGenerator());
        driver.RunGeneratorsAndUpdateCompilation(compilation, out var output, out var diagnostics, TestContext.Current.CancellationToken);
        Assert.Empty(diagnostics);
        Assert.Empty(output.GetDiagnostics(TestContext.Current.CancellationToken).Where(static d => d.Severity >= DiagnosticSeverity.Warning));
    }
}
