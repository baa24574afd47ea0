using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Optimizers;

/// <summary>A rule as one kernel over the arenas: weights, gradients, the rule's state and, where one is kept, the moving average.</summary>
internal sealed class OptimizerStep
{
    public OptimizerStep(OptimizerRule rule, double? average)
    {
        var state = Enumerable.Range(2, rule.State.Count).ToArray();
        var values = rule.Update(Column(0), Column(1), [.. state.Select(Column)]).ToList();
        List<string> operands = ["weights", "gradients", .. rule.State];
        List<int> stores = [0, .. state];
        if (average is { } keep)
        {
            stores.Add(operands.Count);
            values.Add((keep * Column(operands.Count)) + ((1 - keep) * values[0]));
            operands.Add("average");
        }

        (Operands, Stores, Values) = (operands, stores, values);
    }

    /// <summary>Names of the arenas.</summary>
    public IReadOnlyList<string> Operands { get; }

    /// <summary>Numbers of the operands that are written.</summary>
    public IReadOnlyList<int> Stores { get; }

    /// <summary>Their new values.</summary>
    public IReadOnlyList<Scalar> Values { get; }

    private static Scalar Column(int operand) => new Scalar.ReadColumn(operand);
}
