using ModelCompiler.Compiler.Emit.Programs;
using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Kernels;
using ModelCompiler.Compiler.Ir.Scalars;
using ModelCompiler.Compiler.Lowering;

namespace ModelCompiler.Compiler.Emit.Gpu;

/// <summary>
/// Prints a row kernel: a group of threads has a row at a time and its threads the columns; where every value is one a row, threads have rows.
/// Sums over rows are added up by groups over chunks of rows, then the chunks in order, all in one more launch: they never depend on the order of groups.
/// </summary>
internal sealed class RowKernelPrinter(RowKernel kernel, SourceWriter w)
{
    private const int LongRow = 8 * 256;
    private readonly RowLevels _levels = new(kernel);
    private readonly bool _isVector = kernel.IsVector;

    private string Columns => FormulaPrinter.Size(kernel.Columns);

    private bool IsSummed => Sums().Any();

    // Loops whose step is no constant are not unrolled: threads with many columns of a row, such as a vocabulary, count their turns.
    private bool IsLong => _isVector && kernel.Columns is { IsConstant: true, Factor: >= LongRow };

    // Whether threads of a group make one value of theirs: the kernel has a form for each way to do so.
    private bool IsReduced => kernel.Steps.Any(static s => s is RowStep.Reduce) || (!_isVector && IsSummed);

    public void Print()
    {
        KernelSignature.Arguments(w, GpuDialect.Instance, kernel, Sums().Select(static s => $"ArrayView<float> {s.Name}"));
        w.Line();
        PrintRun();
        w.Line();
        PrintBody();
    }

    private IEnumerable<(string Name, int Operand, int Width, RowStep Step)> Sums() => kernel.Steps
        .Select(static s => (Step: s, Operand: s switch { RowStep.ColumnSum c => c.Operand, RowStep.RowTotal t => t.Operand, _ => -1 }))
        .Where(static s => s.Operand >= 0)
        .Select(s => ("Partial" + Names.Pascal(kernel.Operands[s.Operand].Name), s.Operand, kernel.Operands[s.Operand].Shape.Columns, s.Step));

    private void PrintRun()
    {
        w.Line("/// <summary>Bytes of scratch memory.</summary>");
        var width = Sums().Sum(static s => Padded(s.Width));
        w.Line(width == 0
            ? "public static long ScratchBytes(long batch, long length) => 0;"
            : $"public static long ScratchBytes(long batch, long length) => GroupsFor({kernel.Rows}) * {width}L * sizeof(float);");
        w.Line();
        using (w.Block($"public static void Run({KernelSignature.Parameters(GpuDialect.Instance, kernel)})"))
        {
            w.Line($"var rows = {(kernel.Rows.IsConstant ? kernel.Rows + "L" : kernel.Rows.ToString())};");
            w.Line("var groups = GroupsFor(rows);");
            foreach (var line in KernelSignature.Fill(GpuDialect.Instance, kernel))
            {
                w.Line(line);
            }

            var at = 0;
            foreach (var sum in Sums())
            {
                w.Line($"a.{sum.Name} = context.Scratch.SubView(groups * {at}L);");
                at += Padded(sum.Width);
            }

            w.Line($"context.Launch({(IsReduced ? "Body<ByWarps>, Body<ByMemory>" : "Body")}, groups, {(!_isVector ? "RowsOfGroup" : kernel.Columns.IsConstant ? Columns : $"(int)({kernel.Columns})")}, in a);");
            if (IsSummed)
            {
                w.Call("PartialSums.Reduce", ["context", "groups", .. Sums().Select(Reduction)]);
            }

            w.Line(KernelSignature.Watch(GpuDialect.Instance, kernel, KernelTable.Placeholder));
        }

        w.Line();
        w.Line($"private const int RowsOfGroup = {(!_isVector ? 64 : IsSummed ? SummedRows() : 1)};");
        w.Line();
        w.Line("private static int GroupsFor(long rows) => (int)((rows + RowsOfGroup - 1) / RowsOfGroup);");
    }

    private string Reduction((string Name, int Operand, int Width, RowStep Step) sum)
    {
        var operand = kernel.Operands[sum.Operand];
        return $"new PartialSum(a.{sum.Name}, {sum.Width}, {Names.Camel(operand.Name)}, {(operand.Adds ? KernelSignature.Adds(operand) : "false")})";
    }

    private int SummedRows() => Math.Min(64, Math.Max(8, 16384 / (kernel.Columns.IsConstant ? (int)kernel.Columns.Factor : 512)));

    private static int Padded(int width) => (width + 63) / 64 * 64;

    private void PrintBody()
    {
        using (w.Block(IsReduced ? "private static void Body<TReduction>(Arguments a)\n    where TReduction : struct, IReduction" : "private static void Body(Arguments a)"))
        {
            w.Line("var (thread, threads, group) = (Group.IdxX, Group.DimX, Grid.IdxX);");
            if (IsReduced)
            {
                w.Line("var shared = SharedMemory.Allocate<float>(Groups.Size);");
            }

            w.Line("var first = group * RowsOfGroup;");
            w.Line("var last = first + RowsOfGroup < a.Rows ? first + RowsOfGroup : a.Rows;");
            if (IsLong)
            {
                w.Line($"var turns = ({Columns} - thread + threads - 1) / threads;");
            }

            foreach (var sum in Sums())
            {
                if (IsOfColumns(sum.Step))
                {
                    w.Line($"for (var c = thread; c < {Columns}; c += threads)\n{{\n    a.{sum.Name}[(group * {Columns}) + c] = 0f;\n}}\n");
                }
                else
                {
                    w.Line($"var {Total(sum.Name)} = 0f;");
                }
            }

            using (w.Block(_isVector ? "for (var row = first; row < last; row++)" : "for (var row = first + thread; row < last; row += threads)"))
            {
                for (var level = 0; level <= _levels.Highest; level++)
                {
                    PrintLocals(level);
                    if (IsOverwritten(level))
                    {
                        // What every thread has read of the row, one of them overwrites in the loop.
                        w.Line("Group.Barrier();");
                    }

                    PrintLoop(level);
                }

                PrintRowStores();
            }

            foreach (var sum in Sums().Where(s => !IsOfColumns(s.Step)))
            {
                if (!_isVector)
                {
                    w.Line($"{Total(sum.Name)} = TReduction.Sum(shared, thread, threads, {Total(sum.Name)});");
                }

                w.Line($"if (thread == 0)\n{{\n    a.{sum.Name}[group] = {Total(sum.Name)};\n}}\n");
            }
        }
    }

    private bool IsOverwritten(int level) => _isVector && kernel.Steps.OfType<RowStep.Local>().Where(s => _levels.Of(s) == level)
        .SelectMany(static s => s.Value.All()).OfType<Scalar.ReadAt>()
        .Any(read => kernel.Steps.OfType<RowStep.Store>().Any(s => _levels.Of(s) == level && InPlace.IsAllowed(kernel, read.Operand, s.Operand)));

    private bool IsOfColumns(RowStep step) => step is RowStep.ColumnSum && _isVector;

    private static string Total(string partial) => Names.Camel(partial.Replace("Partial", "Total"));

    private FormulaPrinter Formulas(string column, string stem = "t") =>
        new(kernel.Operands, Pointer, site => KernelSignature.Key(kernel, site), "row", FormulaPrinter.Size(kernel.Columns), column, stem);

    private string Pointer(int operand) => $"a.{Names.Pascal(kernel.Operands[operand].Name)}";

    private void PrintLocals(int level)
    {
        foreach (var step in kernel.Steps.OfType<RowStep.Local>().Where(s => _levels.Of(s) == level))
        {
            var printer = Formulas("0", Names.Camel(step.Name) + "Part");
            var value = printer.Share([step.Value])[0];
            printer.Shared(w, [value]);
            w.Line($"var {Names.Camel(step.Name)} = {printer.Print(value)};");
        }
    }

    private void PrintLoop(int level)
    {
        var steps = kernel.Steps.Where(s => (s is RowStep.Reduce or RowStep.Store || (s is RowStep.ColumnSum && _isVector)) && _levels.Of(s) == level).ToArray();
        if (steps.Length == 0)
        {
            return;
        }

        var printer = Formulas("c");
        var values = printer.Share(steps.Select(static s => s.Value));
        foreach (var reduce in steps.OfType<RowStep.Reduce>())
        {
            w.Line($"var {Names.Camel(reduce.Name)} = {(reduce.IsMax ? "float.NegativeInfinity" : "0f")};");
        }

        using (w.Block(IsLong ? "for (var turn = 0; turn < turns; turn++)" : $"for (var c = thread; c < {Columns}; c += threads)"))
        {
            if (IsLong)
            {
                w.Line("var c = thread + (turn * threads);");
            }

            printer.Shared(w, values);
            for (var i = 0; i < steps.Length; i++)
            {
                PrintStep(steps[i], printer.Print(values[i]));
            }
        }

        foreach (var reduce in steps.OfType<RowStep.Reduce>())
        {
            var name = Names.Camel(reduce.Name);
            w.Line($"{name} = TReduction.{(reduce.IsMax ? "Largest" : "Sum")}(shared, thread, threads, {name});");
        }
    }

    private void PrintStep(RowStep step, string value)
    {
        switch (step)
        {
            case RowStep.Reduce s:
                var name = Names.Camel(s.Name);
                w.Line(s.IsMax ? $"{name} = DeviceMath.Max({value}, {name});" : $"{name} += {value};");
                break;
            case RowStep.Store s:
                Store(kernel.Operands[s.Operand], $"{Pointer(s.Operand)}[(row * {Columns}) + c]", value);
                break;
            case RowStep.ColumnSum s:
                w.Line($"a.Partial{Names.Pascal(kernel.Operands[s.Operand].Name)}[(group * {Columns}) + c] += {value};");
                break;
        }
    }

    private void PrintRowStores()
    {
        // A value of the row may lie where another one was read: all threads have read it behind the barrier.
        if (_isVector && kernel.Steps.Any(static s => s is RowStep.StoreRow))
        {
            w.Line("Group.Barrier();");
        }

        foreach (var step in kernel.Steps.Where(s => s is RowStep.StoreRow or RowStep.RowTotal || (s is RowStep.ColumnSum && !_isVector)))
        {
            var operand = kernel.Operands[step switch { RowStep.StoreRow s => s.Operand, RowStep.RowTotal s => s.Operand, RowStep.ColumnSum s => s.Operand, _ => 0 }];
            var printer = Formulas("0", Names.Camel("to_" + operand.Name) + "Part");
            var value = printer.Share([step.Value])[0];
            printer.Shared(w, [value]);
            if (step is not RowStep.StoreRow)
            {
                w.Line($"{Total("Partial" + Names.Pascal(operand.Name))} += {printer.Print(value)};");
            }
            else if (_isVector)
            {
                using (w.Block("if (thread == 0)"))
                {
                    Store(operand, $"a.{Names.Pascal(operand.Name)}[row]", printer.Print(value));
                }
            }
            else
            {
                Store(operand, $"a.{Names.Pascal(operand.Name)}[row]", printer.Print(value));
            }
        }
    }

    private void Store(Operand operand, string place, string value) =>
        w.Line(operand.Adds ? $"{place} = a.{Names.Pascal("add_" + operand.Name)} != 0 ? {place} + {(value.Contains(' ') ? $"({value})" : value)} : {value};" : $"{place} = {Stored(operand, value)};");

    /// <summary>A value of the operand's type.</summary>
    internal static string Stored(Operand operand, string value) => operand.Type == ElementType.BFloat16 ? $"(BFloat16)({value})" : value;
}
