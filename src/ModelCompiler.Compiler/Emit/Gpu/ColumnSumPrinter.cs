using ModelCompiler.Compiler.Emit.Programs;
using ModelCompiler.Compiler.Ir.Kernels;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Emit.Gpu;

/// <summary>
/// Prints a row kernel that does nothing but add up columns, such as a bias gradient of a product's output: a group of threads has a few columns and
/// all rows, so that one launch is enough where <see cref="RowKernelPrinter"/> takes two. The order of additions follows from the group's size alone.
/// </summary>
internal sealed class ColumnSumPrinter(RowKernel kernel, SourceWriter w)
{
    private string Columns => Names.Number(kernel.Columns.Factor);

    private RowStep.ColumnSum[] Sums => [.. kernel.Steps.OfType<RowStep.ColumnSum>()];

    public static bool Takes(RowKernel kernel) => kernel.Columns.IsConstant && kernel.Columns.Factor > 1 && kernel.Steps.All(static s => s is RowStep.ColumnSum);

    public void Print()
    {
        KernelSignature.Arguments(w, GpuDialect.Instance, kernel, []);
        w.Line();
        w.Line("/// <summary>Bytes of scratch memory.</summary>");
        w.Line("public static long ScratchBytes(long batch, long length) => 0;");
        w.Line();
        using (w.Block($"public static void Run({KernelSignature.Parameters(GpuDialect.Instance, kernel)})"))
        {
            w.Line($"var rows = {(kernel.Rows.IsConstant ? kernel.Rows + "L" : kernel.Rows.ToString())};");
            foreach (var line in KernelSignature.Fill(GpuDialect.Instance, kernel))
            {
                w.Line(line);
            }

            w.Line($"context.Launch(Body<ByWarps>, Body<ByMemory>, ({Columns} + Groups.Columns - 1) / Groups.Columns, Groups.Size, in a);");
            w.Line(KernelSignature.Watch(GpuDialect.Instance, kernel, KernelTable.Placeholder));
        }

        w.Line();
        using (w.Block("private static void Body<TReduction>(Arguments a)\n    where TReduction : struct, IReduction"))
        {
            PrintBody();
        }
    }

    private void PrintBody()
    {
        w.Line("var shared = SharedMemory.Allocate<float>(Groups.Size);");
        w.Line("var (thread, threads, group) = (Group.IdxX, Group.DimX, Grid.IdxX);");
        w.Line("var wide = threads < Groups.Columns ? threads : Groups.Columns;");
        w.Line("var lane = thread / wide;");
        w.Line("var lanes = threads / wide;");
        using (w.Block("for (var part = 0; part < Groups.Columns; part += wide)"))
        {
            w.Line("var c = (group * Groups.Columns) + part + thread - (lane * wide);");
            foreach (var sum in Sums)
            {
                w.Line($"var {Total(sum)} = 0f;");
            }

            // Turns are counted: loops whose step is no constant are not unrolled, and wait for every element.
            w.Line($"var turns = c < {Columns} ? (a.Rows - lane + lanes - 1) / lanes : 0;");
            using (w.Block("for (var turn = 0; turn < turns; turn++)"))
            {
                w.Line("var row = lane + (turn * lanes);");
                var printer = new FormulaPrinter(kernel.Operands, o => $"a.{Names.Pascal(kernel.Operands[o].Name)}", site => KernelSignature.Key(kernel, site), "row", Columns, "c", "t");
                var values = printer.Share(Sums.Select(static s => s.Value));
                printer.Shared(w, values);
                foreach (var (sum, value) in Sums.Zip(values, static (s, v) => (s, v)))
                {
                    w.Line($"{Total(sum)} += {printer.Print(value)};");
                }
            }

            foreach (var sum in Sums)
            {
                w.Line($"{Total(sum)} = TReduction.SumOfLanes(shared, thread, threads, wide, {Total(sum)});");
            }

            using (w.Block($"if (lane == 0 && c < {Columns})"))
            {
                foreach (var sum in Sums)
                {
                    var operand = kernel.Operands[sum.Operand];
                    var place = $"a.{Names.Pascal(operand.Name)}[c]";
                    w.Line(operand.Adds ? $"{place} = a.{Names.Pascal("add_" + operand.Name)} != 0 ? {place} + {Total(sum)} : {Total(sum)};" : $"{place} = {Total(sum)};");
                }
            }
        }
    }

    private string Total(RowStep.ColumnSum sum) => Names.Camel("total_" + kernel.Operands[sum.Operand].Name);
}
