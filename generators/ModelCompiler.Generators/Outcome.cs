using ModelCompiler.Compiler;

namespace ModelCompiler.Generators;

/// <summary>What a step gave, or why the compiler failed in it. Compares by value, so that it can be cached between edits.</summary>
/// <param name="Subject">The class.</param>
/// <param name="Value">Null where the step failed.</param>
/// <param name="Failure">The stage that failed, and how.</param>
internal sealed record Outcome<T>(string Subject, T? Value, string? Failure)
    where T : class
{
    /// <summary>The next step; a failure stays what it is.</summary>
    public Outcome<TNext> Then<TNext>(Func<T, TNext> step)
        where TNext : class => Value is null ? new(Subject, null, Failure) : Outcome.Of(Subject, () => step(Value));
}

/// <summary>Makes outcomes.</summary>
internal static class Outcome
{
    /// <summary>Runs a step. Whatever goes wrong in it must not take the user's editor down.</summary>
    public static Outcome<T> Of<T>(string subject, Func<T> step)
        where T : class
    {
        try
        {
            return new(subject, CompilerStage.Run("read", step), null);
        }
        catch (StageException e)
        {
            return new(subject, null, $"'{subject}': {e.Message}; the compiler is wrong, not the class: please report it with the class's attributes");
        }
    }
}
