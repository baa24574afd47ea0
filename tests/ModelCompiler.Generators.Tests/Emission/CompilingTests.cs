using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelCompiler.Generators.Tests.Harness;
using static ModelCompiler.Generators.Tests.Harness.Models;

namespace ModelCompiler.Generators.Tests.Emission;

/// <summary>Emitted code compiles without a warning, whatever the project says and the classes are called.</summary>
public sealed class CompilingTests
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    // Classes by what could go wrong with them; those that do not train have less code to compile.
    private static readonly Dictionary<string, string> s_sources = new()
    {
        ["in the global namespace"] = Vit(name: "Bare"),
        ["two in one namespace"] = $"namespace Zoo {{ {Vit("", "", "A")} {Gpt(name: "B")} }}",
        ["in several declarations"] = $"namespace Split {{ public partial class M {{ private int _mine = 1; public int Mine => _mine; }} [Checkpoint(CheckpointFormat.Native)] partial class M; {Vit("", "")} }}",
        ["within types of every kind"] = $"namespace Deep {{ public static partial class Outer {{ internal partial record struct Middle {{ private partial interface IInner {{ partial record Last {{ {Gpt("", "")} }} }} }} }} }}",
        ["private"] = $"public partial class Shell {{ {Bert().Replace("public partial", "private sealed partial")} }}",
        ["named by a keyword"] = Vit("", "", "@class") + Gpt(name: "@record"),
        ["within types named by keywords"] = $"namespace @namespace.@int {{ public partial struct @event {{ {Bert("", "", "@is")} }} }}",
        ["that differ in case alone"] = $"namespace Twins {{ {Vit("", "", "Gpt")} {Vit("", "", "GPT")} }} namespace twins {{ {Vit("", "", "gpt")} }}",
        ["in a namespace System of the project"] = $"namespace Demo.System {{ {Vit("", "")} }}",
        ["in System itself"] = $"namespace System {{ {Vit(name: "Guest")} }}",
        ["within our namespaces"] = $"namespace ModelCompiler.Runtime.Something {{ {Vit()} }} namespace ModelCompiler.Emit {{ {Gpt("", "")} }} namespace ModelCompiler {{ {Bert("", "", "Top")} }}",
        ["in a namespace that ends as ours"] = $"namespace Demo.ModelCompiler.Runtime {{ {Vit("", "")} }}",
        ["with letters beyond ASCII"] = Vit("", "", "Größe") + Vit("", "", "Модель"),
        ["with attributes by other names"] = "using Looks = ModelCompiler.VisionTransformerAttribute; " + Vit("", "", "A").Replace("VisionTransformer", "Looks") + Gpt("", "", "B").Replace("TransformerDecoder", "global::ModelCompiler.TransformerDecoderAttribute"),
        ["with a constructor"] = Vit("", "", "Built").Replace("Built;", "Built { public Built(int size) : this(seed: (ulong)size) { } }"),
        ["with an interface"] = Vit("", "", "Marked").Replace("Marked;", "Marked : System.IComparable<Marked> { public int CompareTo(Marked? other) => 0; }"),
    };

    public static TheoryData<string> Sources => new(s_sources.Keys);

    [Theory, MemberData(nameof(Sources))]
    public async Task A_class_compiles(string what) => await Compiles(InMemory.Project(s_sources[what]));

    [Theory]
    [InlineData(NullableContextOptions.Disable, false, LanguageVersion.CSharp13)]
    [InlineData(NullableContextOptions.Enable, true, LanguageVersion.Preview)]
    public async Task A_project_compiles_with_any_settings(NullableContextOptions nullable, bool hasImplicitUsings, LanguageVersion version)
    {
        var project = InMemory.Project();
        project = project.WithOptions(project.Options.WithNullableContextOptions(nullable).WithWarningLevel(9999))
            .AddSyntaxTrees(SnapshotModels.Sources.Values.Select((s, i) => InMemory.Tree(s, $"File{i}.cs", version)));
        await Compiles(hasImplicitUsings ? project.AddSyntaxTrees(CSharpSyntaxTree.ParseText(ImplicitUsings, new CSharpParseOptions(version), cancellationToken: TestContext.Current.CancellationToken)) : project);
    }

    private static async Task Compiles(CSharpCompilation project)
    {
        var (output, complaints) = InMemory.Generate(project);
        Assert.Empty(complaints);
        Assert.True(output.SyntaxTrees.Length > project.SyntaxTrees.Length, "nothing was emitted");

        // CS1591: the classes here need no documentation; emitted code must not be told so.
        Assert.Empty((await InMemory.Diagnose(output)).Where(d => d.Severity >= DiagnosticSeverity.Warning && !(d.Id == "CS1591" && project.ContainsSyntaxTree(d.Location.SourceTree))));
    }
}
