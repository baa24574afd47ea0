using ModelCompiler.Compiler.Optimizers;

namespace ModelCompiler.Compiler.Emit.Cpu;

/// <summary>Prints the CPU's engine of a model: its programs, kernels and optimizer step, in files of their own.</summary>
internal static class EnginePrinter
{
    public const string ClassName = "CpuProgram";

    public static IReadOnlyList<SourceFile> Print(CompiledModel model)
    {
        var type = model.Model.Spec.Type;
        var kernels = new KernelTable();
        var files = new List<SourceFile> { Frame("Cpu", "Ties the programs of this model to the CPU engine.", w => PrintDispatch(model, w)) };
        foreach (var (pass, plan) in model.Plans.Select(static p => (p.Key, p.Value)))
        {
            files.Add(Frame($"Cpu.{pass}", $"The launches of {pass}, in order.", w => new PassPrinter(pass.ToString(), plan, model.Layout, kernels, model.InputNames, w).Print()));
        }

        if (model.Trains)
        {
            files.Add(Frame("Cpu.Optimizer", "The optimizer step.", w => PrintOptimizer(model, w)));
        }

        files.Add(Frame("Cpu.Kernels", "The kernels, each once.", w =>
        {
            foreach (var (_, text) in kernels.Kernels)
            {
                w.Line(text.TrimEnd('\n'));
                w.Line();
            }
        }));
        return files;

        SourceFile Frame(string part, string summary, Action<SourceWriter> body) => FileFrame.Print(type, part, summary, "", w =>
        {
            using (w.Block($"private sealed unsafe partial class {ClassName}" + (part == "Cpu" ? " : CpuEngine" : "")))
            {
                body(w);
            }
        });
    }

    private static void PrintDispatch(CompiledModel model, SourceWriter w)
    {
        w.Line($"public {ClassName}(ModelDescription description, Device device)\n    : base(description, device)\n{{\n}}\n");
        var passes = model.Plans.Keys.ToArray();
        Switch("protected override long WorkFloats(Pass pass, long batch, long length)", p => $"new {p}Memory(batch, length).Total");
        Switch("protected override long SharedScratchBytes(Pass pass, long batch, long length)", p => $"{p}SharedBytes(batch, length)");
        Switch("protected override long WorkerScratchBytes(Pass pass, long batch, long length)", p => $"{p}WorkerBytes(batch, length)");
        Switch("public override IReadOnlyList<LaunchInfo> Launches(Pass pass)", p => $"s_launchesOf{p}");
        Call("protected override void Output(Pass pass, string output, long batch, long length, List<(long Offset, long Count)> pieces)", p => $"{p}Output(output, batch, length, pieces)");
        Call("protected override void Run(Pass pass, long batch, long length, bool accumulate)", p => $"{p}(batch, length, accumulate)");
        w.Summary("Offsets of parameters in the arena, in floats; those of blocks for the first layer of their run.");
        using (w.Block("private static class At"))
        {
            foreach (var parameter in model.Layout.Parameters)
            {
                w.Line($"public const long {PassPrinter.FieldOf(parameter)} = {Names.Number(model.Layout.Of(parameter).Offset)}; // [{string.Join(", ", parameter.Shape)}]");
            }
        }

        void Switch(string head, Func<Pass, string> value)
        {
            using (w.Block(head + " => pass switch", ";"))
            {
                foreach (var pass in passes)
                {
                    w.Line($"Pass.{pass} => {value(pass)},");
                }

                w.Line("_ => throw new ArgumentOutOfRangeException(nameof(pass), pass, \"the model has no such pass\"),");
            }

            w.Line();
        }

        void Call(string head, Func<Pass, string> call)
        {
            using (w.Block(head))
            {
                using (w.Block("switch (pass)"))
                {
                    foreach (var pass in passes)
                    {
                        w.Line($"case Pass.{pass}:\n    {call(pass)};\n    break;");
                    }
                }
            }

            w.Line();
        }
    }

    private static void PrintOptimizer(CompiledModel model, SourceWriter w)
    {
        var rule = OptimizerRule.Of(model.Model.Get<OptimizerAttribute>());
        var average = model.Model.Get<AverageWeightsAttribute>()?.Decay;
        var optimizer = model.Model.Get<OptimizerAttribute>() ?? new AdamWAttribute();
        using (w.Block("protected override void Update(long step, double rate, double scale)"))
        {
            w.Line("UpdateKernel.Arguments a = default;");
            w.Line("a.Weights = WeightArena;\na.Gradients = GradientArena;\na.Chunks = Chunks;");
            for (var i = 0; i < rule.State.Count; i++)
            {
                w.Line($"a.{Names.Pascal(rule.State[i])} = StateArena({i});");
            }

            if (average is not null)
            {
                w.Line("a.Average = AverageArena;");
            }

            w.Line($"(a.Rate, a.Scale, a.WeightDecay) = ((float)rate, (float)scale, {Names.Float(optimizer.WeightDecay)});");
            foreach (var number in rule.Numbers)
            {
                w.Line($"a.{Names.Pascal(number.Name)} = (float)({number.Text});");
            }

            w.Line("UpdateKernel.Run(Context, a, ChunkCount);");
        }

        w.Line();
        new OptimizerPrinter(rule, average, w).Print();
    }
}
