using ModelCompiler.Compiler.Emit.Programs;
using ModelCompiler.Compiler.Ir.Kernels;

namespace ModelCompiler.Compiler.Emit.Cpu;

/// <summary>
/// Prints a row kernel: chunks of rows run in parallel, and in each row one loop over the columns for each level of reductions.
/// Sums over rows are added up chunk by chunk, then the chunks in order, so that threads do not change them.
/// </summary>
internal sealed class RowKernelPrinter(RowKernel kernel, SourceWriter w)
{
    private readonly HashSet<string> _taken = ["a", "row", "chunk", "first", "last", "c", "n", "V", "state", "worker", "step", "steps"];
    private readonly RowLevels _levels = new(kernel);
    private readonly bool _isVector = kernel.IsVector;

    private bool IsRagged => !kernel.Columns.IsConstant || kernel.Columns.Factor % 16 != 0;

    /// <summary>The columns within the body.</summary>
    private string ColumnCount => kernel.Columns.IsConstant ? kernel.Columns.ToString() : $"(int){FormulaPrinter.Size(kernel.Columns)}";

    public void Print()
    {
        KernelSignature.Arguments(w, CpuDialect.Instance, kernel, Partials().Select(static p => $"float* {p.Name}"));
        w.Line();
        PrintRun();
        w.Line();
        PrintBody();
    }

    private IEnumerable<(string Name, int Operand, int Width)> Partials() => kernel.Steps.Select(static s => s switch
        {
            RowStep.ColumnSum c => c.Operand,
            RowStep.RowTotal t => t.Operand,
            _ => -1,
        }).Where(static o => o >= 0)
        .Select(o => ("Partial" + Names.Pascal(kernel.Operands[o].Name), o, kernel.Operands[o].Shape.Columns));

    private void PrintRun()
    {
        w.Line("/// <summary>Bytes of scratch memory that all threads share.</summary>");
        var width = Partials().Sum(static p => (p.Width + 31) / 32 * 32);
        w.Line(width == 0
            ? "public static long ScratchBytes(long batch, long length) => 0;"
            : $"public static long ScratchBytes(long batch, long length) => Chunks({kernel.Rows}) * {width}L * sizeof(float);");
        w.Line();
        using (w.Block($"public static void Run({KernelSignature.Parameters(CpuDialect.Instance, kernel)})"))
        {
            w.Line($"var rows = {Rows()};");
            w.Line("var chunks = Chunks(rows);");
            foreach (var line in KernelSignature.Fill(CpuDialect.Instance, kernel))
            {
                w.Line(line);
            }

            var at = 0;
            foreach (var partial in Partials())
            {
                w.Line($"a.{partial.Name} = (float*)context.Shared + (chunks * {at}L);");
                at += (partial.Width + 31) / 32 * 32;
            }

            if (_isVector)
            {
                w.Line("context.Team.Run(chunks, context.Set switch\n{\n    InstructionSet.Vector512 => &Body<Simd512>,\n    InstructionSet.Vector256 => &Body<Simd256>,\n    _ => &Body<Simd128>,\n}, &a);");
            }
            else
            {
                w.Line("context.Team.Run(chunks, &Body, &a);");
            }

            foreach (var partial in Partials())
            {
                var operand = kernel.Operands[partial.Operand];
                w.Line($"PartialSums.Reduce(context, a.{partial.Name}, chunks, {partial.Width}, {Names.Camel(operand.Name)}, {(operand.Adds ? KernelSignature.Adds(operand) : "false")});");
            }

            w.Line(KernelSignature.Watch(CpuDialect.Instance, kernel, KernelTable.Placeholder));
        }

        w.Line();
        w.Line($"private static int Chunks(long rows) => (int)((rows + {RowsPerChunk()} - 1) / {RowsPerChunk()});");
    }

    // Chunks must not depend on the batch where sums are added up by them; a row of similarities is taken for a long one.
    private string RowsPerChunk() => $"Schedule.{(Partials().Any() ? "Summed" : "")}RowsPerChunk({(kernel.Columns.IsConstant ? kernel.Columns.Factor : 512)})";

    private string Rows() => kernel.Rows.ToString() is var text && kernel.Rows.IsConstant ? text + "L" : text;

    private void PrintBody()
    {
        using (w.Block(_isVector ? "private static void Body<V>(void* state, int chunk, int worker)\n    where V : unmanaged, ISimd<V>" : "private static void Body(void* state, int chunk, int worker)"))
        {
            // What a row gives keeps its name: an operand that is called so is read under another.
            _taken.UnionWith(kernel.Steps.Select(static s => s switch { RowStep.Reduce r => r.Name, RowStep.Local l => l.Name, _ => null }).OfType<string>().Select(Names.Camel));
            w.Line("ref readonly var a = ref *(Arguments*)state;");
            w.Line($"var first = (long)chunk * {RowsPerChunk()};");
            w.Line($"var last = Math.Min(first + {RowsPerChunk()}, a.Rows);");
            foreach (var partial in Partials())
            {
                var name = Names.Camel(partial.Name);
                _taken.Add(name);
                w.Line($"var {name} = a.{partial.Name} + (chunk * {partial.Width}L);");
                w.Line($"new Span<float>({name}, {partial.Width}).Clear();");
            }

            using (w.Block("for (var row = first; row < last; row++)"))
            {
                for (var level = 0; level <= _levels.Highest; level++)
                {
                    PrintLocals(level);
                    PrintLoop(level);
                }

                PrintRowStores();
            }
        }
    }

    private FormulaPrinter Columns() =>
        new(kernel.Operands, Pointer, site => KernelSignature.Key(kernel, site), "row", FormulaPrinter.Size(kernel.Columns), "c", IsRagged ? "n" : null);

    private FormulaPrinter Row(string name) =>
        new(kernel.Operands, Pointer, site => KernelSignature.Key(kernel, site), "row", FormulaPrinter.Size(kernel.Columns), null, null, Names.Camel(name) + "Part");

    private string Pointer(int operand) => $"a.{Names.Pascal(kernel.Operands[operand].Name)}";

    private void PrintLocals(int level)
    {
        foreach (var step in kernel.Steps.OfType<RowStep.Local>().Where(s => _levels.Of(s) == level))
        {
            var printer = Row(step.Name);
            var value = printer.Share([step.Value])[0];
            printer.Shared(w, [value]);
            var name = Names.Camel(step.Name);
            _taken.Add(name);
            w.Line($"var {name} = {printer.Print(value)};");
        }
    }

    private void PrintLoop(int level)
    {
        var steps = kernel.Steps.Where(s => s is RowStep.Reduce or RowStep.Store or RowStep.ColumnSum && _levels.Of(s) == level).ToArray();
        if (steps.Length == 0)
        {
            return;
        }

        var printer = Columns();
        var values = printer.Share(steps.Select(static s => s.Value));
        foreach (var reduce in steps.OfType<RowStep.Reduce>())
        {
            var name = Names.Camel(reduce.Name) + "Lanes";
            _taken.Add(name);
            w.Line($"var {name} = {(reduce.IsMax ? "V.Create(float.NegativeInfinity)" : "V.Zero")};");
        }

        printer.Prelude(w, values, _taken);
        var stores = steps.OfType<RowStep.Store>().ToDictionary(static s => s.Operand, s =>
        {
            var name = "to" + Names.Pascal(kernel.Operands[s.Operand].Name);
            w.Line($"var {name} = a.{Names.Pascal(kernel.Operands[s.Operand].Name)} + (row * {FormulaPrinter.Size(kernel.Columns)});");
            return name;
        });
        using (w.Block($"for (var c = 0; c < {ColumnCount}; c += V.Lanes)"))
        {
            if (IsRagged)
            {
                w.Line($"var n = {ColumnCount} - c;");
            }

            printer.Shared(w, values);
            for (var i = 0; i < steps.Length; i++)
            {
                PrintStep(steps[i], printer.Print(values[i]), stores);
            }
        }

        foreach (var reduce in steps.OfType<RowStep.Reduce>())
        {
            var name = Names.Camel(reduce.Name);
            _taken.Add(name);
            w.Line($"var {name} = {(reduce.IsMax ? "V.Largest" : "V.Sum")}({name}Lanes);");
        }
    }

    private void PrintStep(RowStep step, string value, IReadOnlyDictionary<int, string> stores)
    {
        var end = IsRagged ? ", n" : "";
        switch (step)
        {
            case RowStep.Reduce s:
                var lanes = Names.Camel(s.Name) + "Lanes";
                var kept = IsRagged ? $"V.First({value}, n, {(s.IsMax ? "float.NegativeInfinity" : "0f")})" : value;
                w.Line(s.IsMax ? $"{lanes} = V.Max({lanes}, {kept});" : $"{lanes} += {kept};");
                break;
            case RowStep.Store s:
                var operand = kernel.Operands[s.Operand];
                var target = stores[s.Operand] + " + c";
                w.Line($"V.Store({target}, {(operand.Adds ? $"a.{Names.Pascal("add_" + operand.Name)} ? V.Load({target}{end}) + {Bracket(value)} : {value}" : value)}{end});");
                break;
            case RowStep.ColumnSum s:
                var sum = Names.Camel("Partial" + Names.Pascal(kernel.Operands[s.Operand].Name)) + " + c";
                w.Line($"V.Store({sum}, V.Load({sum}{end}) + {Bracket(value)}{end});");
                break;
        }
    }

    private void PrintRowStores()
    {
        foreach (var step in kernel.Steps)
        {
            var target = step switch
            {
                RowStep.StoreRow s => s.Operand,
                RowStep.RowTotal s => s.Operand,
                _ => -1,
            };
            if (target < 0)
            {
                continue;
            }

            var operand = kernel.Operands[target];
            var printer = Row("to_" + operand.Name);
            var value = printer.Share([step.Value])[0];
            printer.Shared(w, [value]);
            var text = printer.Print(value);
            var place = $"{Pointer(target)}[row]";
            w.Line(step is RowStep.RowTotal ? $"{Names.Camel("Partial" + Names.Pascal(operand.Name))}[0] += {text};"
                : operand.Adds ? $"{place} = a.{Names.Pascal("add_" + operand.Name)} ? {place} + {Bracket(text)} : {text};"
                : $"{place} = {text};");
        }
    }

    private static string Bracket(string value) => value.Contains(' ') ? $"({value})" : value;
}
