using System.Globalization;

namespace ModelCompiler.Compiler;

/// <summary>Runs a stage of the compiler under its name.</summary>
public static class CompilerStage
{
    /// <summary>The result of a stage. Within it numbers are written as C# has them, whatever the machine's culture.</summary>
    /// <exception cref="StageException">The stage failed; of stages within each other the innermost is named.</exception>
    public static T Run<T>(string name, Func<T> body)
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            return body();
        }
        catch (Exception e) when (e is not (StageException or OperationCanceledException))
        {
            throw new StageException(name, e);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }
}

/// <summary>A stage of the compiler failed on a spec: a fault of the compiler, not of the spec.</summary>
public sealed class StageException(string stage, Exception cause)
    : Exception($"stage '{stage}' failed: {cause.GetType().Name} in {cause.TargetSite?.DeclaringType?.Name}.{cause.TargetSite?.Name}: {cause.Message}", cause)
{
    /// <summary>Name of the stage: read, spec, check, build, differentiate, expand, simplify, isolate, fuse, plan or print; compile where it is between them.</summary>
    public string Stage { get; } = stage;
}
