using System.Text;
using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ir.Kernels;

/// <summary>
/// A program as stable text: each launch with its kernel's steps written over the names of this launch's tensors.
/// </summary>
internal static class ProgramPrinter
{
    public static string Print(Program program)
    {
        var text = new StringBuilder();
        foreach (var stage in program.Stages)
        {
            if (stage.Block is { } block)
            {
                text.Append($"for each layer of {block.Name}\n");
            }

            var indent = stage.Block is null ? "" : "  ";
            foreach (var launch in stage.Launches)
            {
                foreach (var line in Lines(launch))
                {
                    text.Append(indent).Append(line).Append('\n');
                }
            }
        }

        return text.ToString();
    }

    private static IEnumerable<string> Lines(Launch launch)
    {
        var kernel = launch.Kernel;
        var names = launch.Arguments.Select(Name).ToArray();
        yield return $"{kernel.Name}: {Names(isOutput: false)} -> {Names(isOutput: true)}{(launch.Path.Length == 0 ? "" : $"   # {launch.Path}")}";
        foreach (var step in Steps(kernel, names))
        {
            yield return $"    {step}";
        }

        string Names(bool isOutput) => string.Join(", ", kernel.Operands.Select((o, i) => (Operand: o, Name: names[i])).Where(o => o.Operand.IsOutput == isOutput).Select(static o => $"{o.Name} {o.Operand.Shape}{(o.Operand.Type == ElementType.BFloat16 ? " bf16" : "")}"));
    }

    private static string Name(Argument argument) => argument switch
    {
        Argument.Gradient g => $"gradient of {g.Parameter.Name}{(g.IsFirst ? "" : " (added)")}",
        Argument.Tensor { Value.Producer.Op: ParameterOp p } => p.Parameter.Name,
        Argument.Tensor t => t.Value.ToString(),
        _ => throw new InvalidOperationException("no such argument"),
    };

    private static IEnumerable<string> Steps(Kernel kernel, IReadOnlyList<string> names)
    {
        var formulas = new ScalarPrinter(names);
        return kernel switch
        {
            RowKernel k => [$"rows {k.Rows}, columns {k.Columns}", .. k.Steps.Select(s => Step(s, names, formulas))],
            MatMulKernel k =>
            [
                $"sum[{k.Rows}, {k.Columns}] = {names[0]}{(k.TransposeA ? "^T" : "")} {names[1]}{(k.TransposeB ? "^T" : "")} over {k.Inner}{(k.Multiplied == ElementType.BFloat16 ? ", of bf16" : "")}",
                .. k.Extra.Select(s => Step(s, names, formulas)),
                $"{names[k.Result]}[row, c] = {formulas.Print(k.Value)}",
            ],
            AttentionKernel k => [$"{k.Heads} heads of {k.HeadWidth}, {(k.IsKept ? $"{k.Queries} tokens ask what is kept" : k.Sources == 1 ? $"{k.Queries} tokens" : $"{k.Queries} tokens ask {k.Keys}")}{(k.IsCausal ? ", causal" : "")}{(k.IsCached ? ", cached" : "")}{(k.HasMask ? ", masked" : "")}{(k.Dropout > 0 ? FormattableString.Invariant($", dropout {k.Dropout}") : "")}"],
            EmbeddingGradientKernel k => [$"{k.Rows} rows of {k.Width} into {k.Vocabulary}{(k.PaddingId >= 0 ? $", without {k.PaddingId}" : "")}"],
            PairKernel k => [$"{k.Pairs} pairs of {k.Width}{(k.Queued == 0 ? "" : $" and {k.Queued} more columns")}, {k.Rule}"],
            PatchifyKernel k => [$"patches of {k.PatchHeight} x {k.PatchWidth} of {k.Channels} x {k.Height} x {k.Width}"],
            _ => throw new InvalidOperationException($"no text for {kernel.GetType().Name}"),
        };
    }

    private static string Step(RowStep step, IReadOnlyList<string> names, ScalarPrinter formulas)
    {
        var value = formulas.Print(step.Value);
        return step switch
        {
            RowStep.Reduce s => $"{s.Name} = {(s.IsMax ? "max" : "sum")} over c of {value}",
            RowStep.Local s => $"{s.Name} = {value}",
            RowStep.Store s => $"{names[s.Operand]}[row, c] = {value}",
            RowStep.StoreRow s => $"{names[s.Operand]}[row] = {value}",
            RowStep.ColumnSum s => $"{names[s.Operand]}[c] = sum over rows of {value}",
            RowStep.RowTotal s => $"{names[s.Operand]} = sum over rows of {value}",
            _ => throw new InvalidOperationException($"no text for {step.GetType().Name}"),
        };
    }
}
