using System.Xml.Linq;
using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Testing;

namespace ModelCompiler.Compiler.Tests.Layering;

/// <summary>The arrows of ARCHITECTURE.md: what a project may reference, and what a folder of the compiler may name.</summary>
public sealed class LayeringTests
{
    // What all layers say to each other in; everything else in the root folder stands above all folders.
    private static readonly string[] s_words = ["Pass", "SourceFile", "CompilerStage", "StageException"];

    private static readonly Dictionary<string, string[]> s_folders = new()
    {
        ["Spec"] = [],
        ["Ir"] = [],
        ["Ops"] = ["Ir"],
        ["Layers"] = ["Spec", "Ir", "Ops"],
        ["Passes"] = ["Ir", "Ops"],
        ["Lowering"] = ["Ir", "Ops"],
        ["Reference"] = ["Ir"],
        ["Optimizers"] = ["Ir"],
        ["Checkpoints"] = ["Spec", "Ir", "Layers"],
        ["Architectures"] = ["Spec", "Ir", "Layers", "Checkpoints"],
        ["Emit"] = ["Spec", "Ir", "Layers", "Lowering", "Optimizers", "Checkpoints"],
    };

    private static readonly Dictionary<string, string[]> s_projects = new()
    {
        ["ModelCompiler.Abstractions"] = [],
        ["ModelCompiler.Runtime"] = ["ModelCompiler.Abstractions"],
        ["ModelCompiler.Gpu"] = ["ModelCompiler.Runtime"],
        ["ModelCompiler.Data"] = ["ModelCompiler.Runtime"],
        ["ModelCompiler.Evaluation"] = [],
        ["ModelCompiler.Extensions.AI"] = ["ModelCompiler.Runtime"],
        ["ModelCompiler.Compiler"] = ["ModelCompiler.Abstractions"],
        ["ModelCompiler.Generators"] = ["ModelCompiler.Compiler"],
        ["ModelCompiler.Cli"] = ["ModelCompiler.Compiler", "ModelCompiler.Runtime", "ModelCompiler.Gpu", "ModelCompiler.Data"],
    };

    private static readonly Lazy<IReadOnlyList<Use>> s_uses = new(SourceUses.Find);

    [Fact]
    public void Folders_of_the_compiler_name_what_is_below_them_alone()
    {
        var wrong = s_uses.Value.Where(static u => u.From.Length > 0 && (u.To.Length == 0 ? !s_words.Contains(u.Type) : !s_folders[u.From].Contains(u.To)));
        Assert.Empty(wrong.Select(static u => $"{u.From} must not use {u.To}: {u.Example}"));
    }

    // An arrow that nothing needs any more goes from the table, and from ARCHITECTURE.md.
    [Fact]
    public void Every_arrow_is_needed() => Assert.Equal(
        s_folders.SelectMany(static f => f.Value.Select(to => $"{to} <- {f.Key}")).Order(),
        s_uses.Value.Where(static u => u.From.Length > 0 && u.To.Length > 0).Select(static u => $"{u.To} <- {u.From}").Distinct().Order());

    [Fact]
    public void Printers_never_see_an_op()
    {
        var ops = typeof(Op).Assembly.GetTypes().Where(static t => t.IsSubclassOf(typeof(Op)) && t != typeof(InputOp) && t != typeof(ParameterOp)).Select(static t => t.Name).ToArray();
        Assert.Empty(s_uses.Value.Where(u => u.From is "Emit" or "Reference" && ops.Contains(u.Type) && u.Type is not ("CarryOp" or "ResultOp")).Select(static u => u.Example));
    }

    [Fact]
    public void Projects_reference_what_is_below_them_alone()
    {
        var projects = new[] { "src", "generators" }.SelectMany(static folder => Directory.EnumerateFiles(Path.Combine(Folders.Root, folder), "*.csproj", SearchOption.AllDirectories)).ToArray();
        Assert.Equal(s_projects.Keys.Order(), projects.Select(Path.GetFileNameWithoutExtension).Order());
        foreach (var project in projects)
        {
            var references = XDocument.Load(project).Descendants("ProjectReference").Select(static r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));
            Assert.Empty(references.Except(s_projects[Path.GetFileNameWithoutExtension(project)]));
        }
    }

    [Fact]
    public void The_compiler_knows_neither_Roslyn_nor_the_runtime()
    {
        var references = typeof(Op).Assembly.GetReferencedAssemblies().Select(static a => a.Name);
        Assert.DoesNotContain(references, static a => a!.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) || a is "ModelCompiler.Runtime");
    }
}
