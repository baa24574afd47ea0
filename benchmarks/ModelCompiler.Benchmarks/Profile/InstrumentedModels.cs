using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelCompiler.Benchmarks.Generation;
using ModelCompiler.Benchmarks.Steps;

namespace ModelCompiler.Benchmarks.Profile;

/// <summary>The models of <see cref="StepCase"/>, compiled once more with a clock around every launch.</summary>
internal sealed class InstrumentedModels
{
    private readonly Assembly _assembly;

    private InstrumentedModels(Assembly assembly) => _assembly = assembly;

    /// <exception cref="InvalidOperationException">The emitted code does not look as expected, or does not compile.</exception>
    public static InstrumentedModels Compile()
    {
        var compilation = GeneratorHost.Compilation(Source());
        var rewriter = new LaunchRewriter();
        var emitted = GeneratorHost.Driver().RunGenerators(compilation).Files()
            .Select(f => CSharpSyntaxTree.Create((CSharpSyntaxNode)rewriter.Visit(f.SyntaxTree.GetRoot()), encoding: Encoding.UTF8)).ToArray();
        if (rewriter.Launches == 0)
        {
            throw new InvalidOperationException("The emitted code has no launches that look as expected.");
        }

        using var stream = new MemoryStream();
        var result = compilation.AddSyntaxTrees(emitted).Emit(stream);
        if (!result.Success)
        {
            throw new InvalidOperationException($"The emitted code does not compile with clocks: {result.Diagnostics.First(static d => d.Severity == DiagnosticSeverity.Error)}");
        }

        stream.Position = 0;
        return new InstrumentedModels(AssemblyLoadContext.Default.LoadFromStream(stream));
    }

    /// <summary>The class of a case.</summary>
    public Type Model(StepCase step) => _assembly.GetType(step.Model.FullName!, throwOnError: true)!;

    private static string Source()
    {
        using var reader = new StreamReader(typeof(InstrumentedModels).Assembly.GetManifestResourceStream("StepModels.cs")!);
        return reader.ReadToEnd();
    }
}
