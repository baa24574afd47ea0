using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ModelCompiler.Benchmarks.Measuring;

namespace ModelCompiler.Benchmarks.Generation;

/// <summary>
/// The generator's first run in a process. The compiler of an SDK is compiled ahead of time, the one in this program is not: a
/// small generator that reads attributes runs first, so that the time is our generator's, its own compilation by the JIT included.
/// </summary>
internal static class ColdRun
{
    /// <summary>Prints the milliseconds; run it in a process of its own.</summary>
    /// <param name="isCompilerWarm">Whether the small generator runs first.</param>
    public static int Print(bool isCompilerWarm)
    {
        if (isCompilerWarm)
        {
            GeneratorHost.Driver(new AttributeReader()).RunGenerators(GeneratorHost.Compilation(Sources.Gpt2(1)));
        }

        var compilation = GeneratorHost.Compilation(Sources.Gpt2(12));
        var driver = GeneratorHost.Driver();
        var time = Sample.Of(() => driver = driver.RunGenerators(compilation));
        driver.Files();
        Console.WriteLine((1e3 * time.Seconds));
        return 0;
    }

    /// <summary>Milliseconds in a new process that compiles its code as a compiler's process does, in tiers.</summary>
    public static double Milliseconds(bool isCompilerWarm) => double.Parse(
        ChildProcess.Self(["cold-run", isCompilerWarm ? "warm" : "cold"], ("DOTNET_TieredCompilation", "1"), ("DOTNET_TieredPGO", "1")));

    private sealed class AttributeReader : IIncrementalGenerator
    {
        public void Initialize(IncrementalGeneratorInitializationContext context)
        {
            var names = context.SyntaxProvider.CreateSyntaxProvider(
                static (node, _) => node is ClassDeclarationSyntax { AttributeLists.Count: > 0 },
                static (c, cancel) => string.Join(' ', c.SemanticModel.GetDeclaredSymbol(c.Node, cancel)!.GetAttributes().Select(static a => $"{a.AttributeClass} {a.NamedArguments.Length}")));
            context.RegisterSourceOutput(names, static (c, text) => c.AddSource("Attributes.g.cs", $"// {text}"));
        }
    }
}
