using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Kernels;
using ModelCompiler.Compiler.Ir.Plan;
using ModelCompiler.Compiler.Lowering;

namespace ModelCompiler.Compiler.Emit.Programs;

/// <summary>Prints one program: its memory as a struct of offsets, and its launches in order, a method for each block.</summary>
internal sealed class PassPrinter(string name, Dialect dialect, MemoryPlan plan, ParameterLayout layout, KernelTable kernels, IReadOnlyList<string> inputs, bool hasTwoLengths, SourceWriter w)
{
    private readonly Dictionary<Storage, string> _fields = [];
    private readonly string _sizes = hasTwoLengths ? "batch, length, secondLength" : "batch, length";
    private readonly string _parameters = hasTwoLengths ? "long batch, long length, long secondLength" : "long batch, long length";

    public void Print()
    {
        NameStorages();
        PrintMemory();
        w.Line();
        PrintScratch();
        w.Line();
        PrintRun();
        foreach (var stage in plan.Program.Stages.Where(static s => s.Block is not null))
        {
            w.Line();
            PrintBlock(stage);
        }

        w.Line();
        PrintOutputs();
        if (dialect.HasLargestTensors)
        {
            w.Line();
            PrintLargest();
        }

        w.Line();
        PrintLaunches();
    }

    private void NameStorages()
    {
        var taken = new HashSet<string> { "Total" };
        foreach (var storage in plan.Slots.SelectMany(static s => s.Storages))
        {
            var field = Names.Pascal(storage.Name);
            for (var i = 2; !taken.Add(field); i++)
            {
                field = Names.Pascal(storage.Name) + i;
            }

            _fields.Add(storage, field);
        }
    }

    private void PrintMemory()
    {
        w.Summary($"Where the tensors of {name} lie in the workspace, in floats. Tensors in one line use the same memory one after the other.");
        using (w.Block($"private readonly struct {name}Memory"))
        {
            foreach (var slot in plan.Slots)
            {
                w.Line($"public readonly long {string.Join(", ", slot.Storages.Select(s => _fields[s]))};");
            }

            w.Line("public readonly long Total;");
            w.Line();
            using (w.Block($"public {name}Memory({_parameters})"))
            {
                w.Line("var at = 0L;");
                foreach (var slot in plan.Slots)
                {
                    w.Line($"{string.Join(" = ", slot.Storages.Select(s => _fields[s]))} = at;");
                    w.Line($"at += {(slot.Copies == 1 ? "" : $"{slot.Copies} * ")}Align({slot.Count});");
                }

                w.Line("Total = at;");
            }
        }
    }

    private void PrintScratch()
    {
        w.Line($"private static long {name}SharedBytes({_parameters}) => Largest([{Distinct("ScratchBytes", static _ => true)}]);");
        if (dialect.HasWorkerScratch)
        {
            w.Line();
            w.Line($"private static long {name}WorkerBytes({_parameters}) => Largest([{Distinct("WorkerScratchBytes", static k => k is AttentionKernel or PairKernel)}]);");
        }
    }

    private string Distinct(string bytes, Func<Kernel, bool> which) =>
        string.Join(", ", plan.Program.Launches.Where(l => which(l.Kernel)).Select(l => $"{kernels.NameOf(l)}.{bytes}(batch, {LengthOf(l)})").Distinct());

    // The one length that a kernel has.
    private static string LengthOf(Launch launch) => (launch.Kernel.IsOfSecond ? Extent.SecondLength : Extent.Length).ToString();

    private void PrintRun()
    {
        using (w.Block($"private void {name}({_parameters}, bool accumulate)"))
        {
            w.Line($"var memory = new {name}Memory({_sizes});");
            foreach (var stage in plan.Program.Stages)
            {
                if (stage.Block is { } block)
                {
                    var last = Names.Number(block.First + block.Count - 1);
                    w.Line(block.IsReverse
                        ? $"for (var layer = {last}; layer >= {block.First}; layer--)"
                        : $"for (var layer = {block.First}; layer <= {last}; layer++)");
                    w.Line($"{{\n    {name}{Names.Pascal(block.Name)}(in memory, {_sizes}, layer, accumulate);\n}}\n");
                }
                else
                {
                    foreach (var launch in stage.Launches)
                    {
                        PrintLaunch(launch);
                    }
                }
            }
        }
    }

    private void PrintBlock(Stage stage)
    {
        var block = stage.Block!;
        w.Summary(block.IsReverse
            ? $"Gradients of one layer of {block.Mirror!.Name}: from the gradient of what it handed on to that of what it got."
            : $"One layer of {block.Name}.");
        using (w.Block($"private void {name}{Names.Pascal(block.Name)}(in {name}Memory memory, {_parameters}, int layer, bool accumulate)"))
        {
            foreach (var launch in stage.Launches)
            {
                PrintLaunch(launch);
            }
        }
    }

    private void PrintLaunch(Launch launch)
    {
        var outputs = launch.Kernel.Operands.Select((o, i) => (Operand: o, Argument: launch.Arguments[i])).Where(static o => o.Operand.IsOutput)
            .Select(static o => $"{(o.Argument is Argument.Gradient g ? "gradient of " + g.Parameter.Name : o.Operand.Name)} {o.Operand.Shape}");
        w.Line($"// {(launch.Path.Length == 0 ? "" : launch.Path + ": ")}{string.Join(", ", outputs)}");
        var parts = new List<string> { "Context", "batch", LengthOf(launch) };
        for (var i = 0; i < launch.Arguments.Count; i++)
        {
            var operand = launch.Kernel.Operands[i];
            parts.Add($"{Names.Camel(operand.Name)}: {Address(launch.Arguments[i])}");
            if (operand.Adds)
            {
                parts.Add($"{KernelSignature.Adds(operand)}: {(launch.Arguments[i] is Argument.Gradient { IsFirst: true } ? "accumulate" : "true")}");
            }
        }

        var layer = plan.Program.Stages.First(s => s.Launches.Contains(launch)).Block is null ? "0" : "layer";
        if (launch.Kernel is AttentionKernel { ByLayer: true })
        {
            parts.Add($"layer: {layer}");
        }

        if (launch.Kernel is AttentionKernel { IsCached: true } cached)
        {
            parts.Add($"cache: {(cached.IsKept ? "Memory" : "Cache")}({layer})");
        }

        parts.AddRange(KernelSignature.Sites(launch.Kernel).Select((s, i) => $"keep{i}: Keep({s.Site} + {layer}, {Names.Float(s.Probability)})"));
        w.Call($"{kernels.NameOf(launch)}.Run", parts);
    }

    private string Address(Argument argument) => argument switch
    {
        Argument.Gradient g => Parameter("Gradient", g.Parameter),
        Argument.Tensor { Value.Producer.Op: ParameterOp p } => Parameter("Weight", p.Parameter),
        Argument.Tensor { Value.Producer.Op: InputOp i } => $"{(i.Type == ElementType.Integer ? "Integers" : "Floats")}({Index(i.InputName)})",
        Argument.Tensor t => Tensor(t.Value.Type, plan.Locations[t.Value]),
        _ => throw new InvalidOperationException("no such argument"),
    };

    private int Index(string input) => inputs.ToList().IndexOf(input);

    private string Parameter(string role, Parameter parameter)
    {
        var place = layout.Of(parameter);
        return $"{role}(At.{FieldOf(parameter)}{(parameter.Run is null ? "" : $" + ({Layer(parameter.Run.First)} * {Names.Number(place.LayerStride)}L)")})";
    }

    /// <summary>Name of the constant that holds a parameter's offset.</summary>
    public static string FieldOf(Parameter parameter) => Names.Pascal(parameter.Name) + (parameter.Run is { First: > 0 } run ? $"From{run.First}" : "");

    private string Tensor(ElementType type, Location location)
    {
        var copy = location.Copy switch
        {
            { Rule: CopyRule.Fixed, Shift: 0 } => "",
            { Rule: CopyRule.Fixed } c => Names.Number(c.Shift),
            { Rule: CopyRule.Parity } c => c.Shift == 0 ? "(layer & 1)" : "((layer + 1) & 1)",
            { } c => Layer(-c.Shift),
        };
        return $"{(type == ElementType.BFloat16 ? "Narrow" : "Tensor")}(memory.{_fields[location.Storage]}{(copy.Length == 0 ? "" : $" + ({copy} * Align({location.Storage.Count}))")})";
    }

    private static string Layer(int first) => first == 0 ? "layer" : first > 0 ? $"(layer - {first})" : $"(layer + {-first})";

    private void PrintOutputs()
    {
        w.Summary($"Where {name} leaves an output: pieces of the workspace, in floats.");
        using (w.Block($"private static void {name}Output(string output, {_parameters}, List<(long Offset, long Count)> pieces)"))
        {
            if (plan.Program.Graph.Outputs.Count == 0)
            {
                w.Line("// It leaves gradients alone.");
                return;
            }

            w.Line($"var memory = new {name}Memory({_sizes});");
            using (w.Block("switch (output)"))
            {
                foreach (var output in plan.Program.Graph.Outputs)
                {
                    w.Line($"case {Names.Text(output.Name)}:");
                    foreach (var value in output.Values)
                    {
                        w.Line($"    {Pieces(value)}");
                    }

                    w.Line("    break;");
                }
            }
        }
    }

    private void PrintLaunches()
    {
        w.Summary($"What {name} launches, in order; a run of layers repeats its launches.");
        w.Line($"private static readonly LaunchInfo[] s_launchesOf{name} =\n[");
        foreach (var (stage, launch) in plan.Program.Stages.SelectMany(static s => s.Launches.Select(l => (s, l))))
        {
            w.Line($"    new({Names.Text(kernels.NameOf(launch))}, {Names.Text(launch.Path)}, {Names.Text(stage.Block?.Name ?? "")}, {stage.Block?.Count ?? 1}{Layers(stage.Block)}),");
        }

        w.Line("];");
    }

    // What is no larger than another at any batch and lengths, which are 1 or more, is not listed.
    private void PrintLargest()
    {
        var largest = new List<Value>();
        foreach (var value in plan.Program.Launches.SelectMany(static l => l.Arguments).OfType<Argument.Tensor>().Select(static t => t.Value))
        {
            if (!largest.Exists(l => value.Shape.Count.IsAtMost(l.Shape.Count)))
            {
                largest.RemoveAll(l => l.Shape.Count.IsAtMost(value.Shape.Count));
                largest.Add(value);
            }
        }

        w.Line($"private static readonly TensorSize[] s_largestOf{name} =\n[");
        foreach (var value in largest)
        {
            var count = value.Shape.Count;
            w.Line($"    new({Names.Text(value.Name)}, {Names.Number(count.Factor)}, {count.BatchPower}, {count.LengthPower}{(count.SecondPower > 0 ? $", {count.SecondPower}" : "")}),");
        }

        w.Line("];");
    }

    private static string Layers(Block? block) => block is null ? "" : $", {(block.IsReverse ? block.First + block.Count - 1 : block.First)}, {(block.IsReverse ? -1 : 1)}";

    // A value of a block has a copy for each layer.
    private string Pieces(Value value)
    {
        var location = plan.Locations[value];
        var field = $"memory.{_fields[location.Storage]}";
        var count = location.Storage.Count.ToString();
        var stride = $"Align({count})";
        return value.Producer.Block is { } block
            ? $"for (var layer = 0L; layer < {block.Count}; layer++)\n    {{\n        pieces.Add(({field} + (layer * {stride}), {count}));\n    }}\n"
            : location.Copy.Shift == 0 ? $"pieces.Add(({field}, {count}));" : $"pieces.Add(({field} + ({location.Copy.Shift} * {stride}), {count}));";
    }
}
