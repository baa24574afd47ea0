using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Optimizers;

/// <summary>A number that is the same for all parameters of a step, computed in double from the step's number (1 for the first).</summary>
/// <param name="Name">Name in formulas.</param>
/// <param name="Value">Its value.</param>
/// <param name="Text">The same as C# over <c>step</c>.</param>
internal sealed record StepNumber(string Name, Func<long, double> Value, string Text);

/// <summary>
/// An optimizer as formulas for one parameter: operand 0 is the weight, 1 the gradient, then the optimizer's own state. Besides
/// <see cref="Numbers"/> formulas may use <c>rate</c> (the learning rate), <c>scale</c> (clipping) and <c>decay</c> (weight decay, 0 where spared).
/// </summary>
internal abstract class OptimizerRule
{
    /// <summary>Names of the state, one float a parameter each.</summary>
    public abstract IReadOnlyList<string> State { get; }

    public virtual IReadOnlyList<StepNumber> Numbers => [];

    /// <summary>New weight and new state, in operand order (weight first).</summary>
    public abstract IReadOnlyList<Scalar> Update(Scalar weight, Scalar gradient, IReadOnlyList<Scalar> state);

    protected static Scalar Number(string name) => new Scalar.RowLocal(name);

    /// <summary>The rule of a model's attribute; SGD-free models that do not train get AdamW with its defaults.</summary>
    public static OptimizerRule Of(OptimizerAttribute? attribute) => attribute switch
    {
        SgdAttribute s => new Sgd(s),
        LionAttribute l => new Lion(l),
        AdamWAttribute a => new AdamW(a),
        null => new AdamW(new AdamWAttribute()),
        _ => throw new ArgumentOutOfRangeException(nameof(attribute), attribute.GetType().Name, "no such optimizer"),
    };
}
