using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelCompiler.Compiler;
using ModelCompiler.Compiler.Spec;
using ModelCompiler.Runtime;

namespace ModelCompiler.Cli.Hosting;

/// <summary>A model compiled and loaded within this process: what the command line has instead of a project.</summary>
public sealed class HostedModel
{
    private readonly Type _type;

    private HostedModel(Type type, IReadOnlyList<SourceFile> files) => (_type, Files) = (type, files);

    /// <summary>The emitted files.</summary>
    public IReadOnlyList<SourceFile> Files { get; }

    /// <summary>Compiles a spec.</summary>
    /// <exception cref="HostException">The spec has problems, or the emitted code does not compile.</exception>
    public static HostedModel Compile(ModelSpec spec)
    {
        var result = CompilerPipeline.Compile(spec);
        if (result.Problems.Count > 0)
        {
            throw new HostException(string.Join("\n", result.Problems.Select(static p => $"{p.Rule.Id}: {p.Attribute}.{p.Argument}: {p.Message}")));
        }

        var head = spec.Type.Namespace.Length == 0 ? "" : $"namespace {spec.Type.Namespace};\n";
        var trees = result.Files.Select(static f => CSharpSyntaxTree.ParseText(f.Text, path: f.HintName))
            .Append(CSharpSyntaxTree.ParseText($"{head}public partial class {spec.Type.Name};"));
        var compilation = CSharpCompilation.Create(
            $"{spec.Type.FullName}-{Guid.NewGuid():N}", trees, References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable));
        using var stream = new MemoryStream();
        var emitted = compilation.Emit(stream);
        var errors = emitted.Diagnostics.Where(static d => d.Severity >= DiagnosticSeverity.Warning).ToArray();
        if (!emitted.Success || errors.Length > 0)
        {
            throw new HostException("The emitted code does not compile; this is a fault of the compiler.\n" + string.Join("\n", errors.Take(20)));
        }

        stream.Position = 0;
        var assembly = AssemblyLoadContext.Default.LoadFromStream(stream);
        return new HostedModel(assembly.GetType(spec.Type.FullName, throwOnError: true)!, [.. result.Files]);
    }

    /// <summary>A model with the weights of a folder.</summary>
    /// <param name="report">What was loaded, and what was not.</param>
    public IModel Load(string folder, out Runtime.Checkpoints.LoadReport report, Device? device = null, ulong seed = 0)
    {
        var model = Create(device, seed);
        try
        {
            report = model.Core.LoadPretrained(folder);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>A new model with random weights.</summary>
    public IModel Create(Device? device = null, ulong seed = 0)
    {
        try
        {
            return (IModel)Activator.CreateInstance(_type, device, seed)!;
        }
        catch (TargetInvocationException e) when (e.InnerException is { } inner)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(inner);
            throw;
        }
    }

    /// <summary>Rows of tokens of one of the model's own types, as its <c>Tokens</c>.</summary>
    public TokenBatch Tokens(string type, int count, int length) => (TokenBatch)Activator.CreateInstance(
        _type.GetNestedType(type) ?? throw new ArgumentException($"{_type.Name} has no type {type}.", nameof(type)), BindingFlags.DoNotWrapExceptions, null, [count, length], null)!;

    /// <summary>Hands rows of the model's own type to its next pass, with all that it makes of them.</summary>
    /// <exception cref="ArgumentException">An id, a mask, a position or a segment that is out of range.</exception>
    public void SetInputs(IModel model, TokenBatch tokens) =>
        _type.GetMethod(nameof(SetInputs), BindingFlags.NonPublic | BindingFlags.Instance, [tokens.GetType()])!.Invoke(model, BindingFlags.DoNotWrapExceptions, null, [tokens], null);

    /// <summary>The framework and this project's own assemblies, as this process has them.</summary>
    internal static IReadOnlyList<MetadataReference> References { get; } =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static p => Path.GetFileName(p) is var n && (n.StartsWith("System.", StringComparison.Ordinal) || n.StartsWith("ModelCompiler.", StringComparison.Ordinal) || n is "netstandard.dll" or "mscorlib.dll" or "ILGPU.dll"))
            .Select(static p => MetadataReference.CreateFromFile(p))];
}

/// <summary>A model that cannot be compiled.</summary>
public sealed class HostException(string message) : Exception(message);
