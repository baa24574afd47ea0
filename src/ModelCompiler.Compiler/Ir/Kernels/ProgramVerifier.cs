using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ir.Kernels;

/// <summary>
/// What every program must be: launches give each operand an argument of its size, tensors are written once and before they are read,
/// formulas read inputs only and names only behind the step that makes them.
/// </summary>
internal static class ProgramVerifier
{
    /// <exception cref="GraphException">The program is not well-formed; the message names the kernel.</exception>
    public static Program Verify(Program program)
    {
        var written = new HashSet<Value>();
        var begun = new HashSet<Parameter>();
        foreach (var launch in program.Launches)
        {
            Require(launch.Arguments.Count == launch.Kernel.Operands.Count, launch, $"{launch.Arguments.Count} arguments for {launch.Kernel.Operands.Count} operands");
            for (var i = 0; i < launch.Arguments.Count; i++)
            {
                Argument(launch, launch.Kernel.Operands[i], launch.Arguments[i], written);
            }

            foreach (var gradient in launch.Kernel.Writes.Select(o => launch.Arguments[o]).OfType<Argument.Gradient>())
            {
                Require(begun.Add(gradient.Parameter) == gradient.IsFirst, launch, $"of the gradient of '{gradient.Parameter.Name}' the part that is written first overwrites, and no other");
            }

            Require(!launch.Kernel.IsOfSecond || launch.Kernel.Operands.All(static o => o.Shape.Count.LengthPower == 0), launch, "depends on the lengths of both texts, and has one");
            Narrow(launch);
            foreach (var (step, made) in Formulas(launch.Kernel))
            {
                Formula(launch, step, made);
            }

            written.UnionWith(launch.Kernel.Operands.Select((o, i) => o.IsOutput && launch.Arguments[i] is Argument.Tensor t ? t.Value : null).OfType<Value>());
        }

        foreach (var output in program.Graph.Outputs)
        {
            var missing = output.Values.FirstOrDefault(v => v.Producer.Op is not (CarryOp or ResultOp) && !written.Contains(v));
            if (missing is not null)
            {
                throw new GraphException($"no launch writes {missing}, which is output '{output.Name}'");
            }
        }

        return program;
    }

    private static void Argument(Launch launch, Operand operand, Argument argument, HashSet<Value> written)
    {
        switch (argument)
        {
            case Argument.Gradient g:
                Require(operand is { IsOutput: true, Adds: true }, launch, $"'{operand.Name}' is a gradient, which is written and may be added to");
                Require(operand.Shape.Count == (Extent)g.Parameter.Count, launch, $"'{operand.Name}' {operand.Shape} is the gradient of '{g.Parameter.Name}'");
                break;
            case Argument.Tensor { Value: var value }:
                Require(operand.Shape.Equals(value.Shape) && operand.Type == value.Type, launch, $"'{operand.Name}' {operand.Shape} is given {value} {value.Shape}");
                Require(!operand.IsOutput || value.Producer.Op is not StructuralOp, launch, $"{value} cannot be written");
                Require(!operand.IsOutput || !written.Contains(value), launch, $"{value} is written twice");
                Require(operand.IsOutput || value.Producer.Op is StructuralOp || written.Contains(value), launch, $"{value} is read before it is written");
                break;
        }
    }

    // Where back ends know how to load and store 16 bits: elements of rows.
    private static void Narrow(Launch launch)
    {
        var kernel = launch.Kernel;
        var elements = kernel switch
        {
            RowKernel k => k.Steps.OfType<RowStep.Store>().Select(static s => s.Operand),
            MatMulKernel k => k.Writes,
            _ => [],
        };
        var narrow = Enumerable.Range(0, kernel.Operands.Count).Where(i => kernel.Operands[i].Type == ElementType.BFloat16).ToArray();
        Require(kernel is RowKernel or MatMulKernel or EmbeddingGradientKernel or AttentionKernel || narrow.Length == 0, launch, "has no form for narrow values");
        Require(kernel is not AttentionKernel attention || narrow.Length == 0 || narrow.SequenceEqual(attention.Attended), launch, "attends to narrow values and to floats");
        Require(narrow.All(i => !kernel.Operands[i].Adds && (!kernel.Operands[i].IsOutput || elements.Contains(i))), launch, "sums into narrow values, or stores one a row");
        Require(kernel is not MatMulKernel { Multiplied: ElementType.Float } || narrow.All(static i => i > 1), launch, "multiplies narrow values as floats");
    }

    /// <summary>The formulas of a kernel, each with the names that were made before it.</summary>
    private static IEnumerable<(RowStep Step, HashSet<string> Made)> Formulas(Kernel kernel)
    {
        var made = new HashSet<string>();
        IEnumerable<RowStep> steps = kernel switch
        {
            RowKernel k => k.Steps,
            MatMulKernel k => [.. k.Extra, new RowStep.Store(k.Result, k.Value)],
            _ => [],
        };
        foreach (var step in steps)
        {
            yield return (step, made);
            switch (step)
            {
                case RowStep.Reduce s:
                    made.Add(s.Name);
                    break;
                case RowStep.Local s:
                    made.Add(s.Name);
                    break;
            }
        }
    }

    private static void Formula(Launch launch, RowStep step, HashSet<string> made)
    {
        var isProduct = launch.Kernel is MatMulKernel;
        foreach (var scalar in step.Value.All())
        {
            var read = scalar switch
            {
                Scalar.Read s => s.Operand,
                Scalar.ReadRow s => s.Operand,
                Scalar.ReadAt s => s.Operand,
                Scalar.ReadColumn s => s.Operand,
                _ => -1,
            };
            Require(read < 0 || !launch.Kernel.Operands[read].IsOutput, launch, $"reads operand {read}, which it writes");
            Require(scalar is not Scalar.RowLocal local || made.Contains(local.Name), launch, $"uses '{(scalar as Scalar.RowLocal)?.Name}' before it is made");
            Require(scalar is not Scalar.Accumulator || isProduct, launch, "reads a sum, but is no product");
        }

        Require(step is not (RowStep.Local or RowStep.StoreRow or RowStep.RowTotal) || step.Value.IsOfRow(), launch, "takes one value a row from a formula that differs by column");
    }

    private static void Require(bool condition, Launch launch, string message)
    {
        if (!condition)
        {
            throw new GraphException($"kernel '{launch.Kernel.Name}': {message}");
        }
    }
}
