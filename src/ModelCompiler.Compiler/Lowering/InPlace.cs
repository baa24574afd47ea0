using ModelCompiler.Compiler.Ir.Kernels;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Lowering;

/// <summary>When a row kernel's output may lie in the memory of one of its inputs.</summary>
internal static class InPlace
{
    /// <summary>
    /// The two are stored alike, and every read of the input is at the element's own place and in no later loop over the row than the write. (Back ends
    /// compute a level's locals before its loop, and within a loop read all elements before they write any.)
    /// </summary>
    public static bool IsAllowed(RowKernel kernel, int input, int output)
    {
        var levels = new RowLevels(kernel);
        if (kernel.Steps.FirstOrDefault(s => s is RowStep.Store t && t.Operand == output) is not { } store || kernel.Operands[input].Type != kernel.Operands[output].Type)
        {
            return false;
        }

        foreach (var step in kernel.Steps)
        {
            foreach (var scalar in step.Value.All())
            {
                var isElsewhere = scalar switch
                {
                    Scalar.Read r => r.Operand == input && (r.Row is not Position.RowIndex || levels.Of(step) > levels.Of(store)),
                    Scalar.ReadRow r => r.Operand == input,
                    Scalar.ReadAt r => r.Operand == input && (step is not RowStep.Local || levels.Of(step) > levels.Of(store) || r.Row is not Position.RowIndex),
                    Scalar.ReadColumn r => r.Operand == input,
                    Scalar.Fold or Scalar.ByRow => scalar.All().Any(s => s is Scalar.Read r && r.Operand == input),
                    _ => false,
                };
                if (isElsewhere)
                {
                    return false;
                }
            }
        }

        return true;
    }
}
