namespace ModelCompiler.Compiler.Spec;

/// <summary>One thing that is wrong with a spec.</summary>
/// <param name="Rule">Which rule is broken.</param>
/// <param name="Attribute">Name of the attribute to point at, without suffix; empty for the class itself.</param>
/// <param name="Argument">The argument to point at, by property or parameter name; empty for the whole attribute.</param>
/// <param name="Message">What is wrong with which value, what is legal, and the nearest legal value.</param>
public sealed record SpecProblem(SpecRule Rule, string Attribute, string Argument, string Message)
{
    /// <summary>Which value to point at where the argument is a list.</summary>
    public int Item { get; init; }
}

/// <summary>A rule about specs with its stable id; ids are never used twice.</summary>
/// <param name="Id"><c>MC....</c></param>
/// <param name="Title">A short name of the rule, as documentation lists it.</param>
public sealed record SpecRule(string Id, string Title);
