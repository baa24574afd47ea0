using ModelCompiler.Compiler.Optimizers;

namespace ModelCompiler.Compiler.Emit.Programs;

/// <summary>Prints the engine of a model for one kind of device: its programs, kernels and optimizer step, in files of their own.</summary>
internal static class EnginePrinter
{
    public static IReadOnlyList<SourceFile> Print(CompiledModel model, Dialect dialect)
    {
        var type = model.Model.Spec.Type;
        var device = dialect.Device;
        var kernels = new KernelTable(dialect);
        var files = new List<SourceFile> { dialect.File(type, device, $"Ties the programs of this model to the {device.ToUpperInvariant()} engine.", true, w => PrintDispatch(model, dialect, w)) };
        foreach (var (pass, plan) in model.Plans.Select(static p => (p.Key, p.Value)))
        {
            files.Add(dialect.File(type, $"{device}.{pass}", $"The launches of {pass}, in order.", false, w => new PassPrinter(pass.ToString(), dialect, plan, model.Layout, kernels, model.InputNames, model.HasTwoLengths, w).Print()));
        }

        if (model.Trains)
        {
            files.Add(dialect.File(type, $"{device}.Optimizer", "The optimizer step.", false, w => PrintOptimizer(model, dialect, w)));
        }

        files.Add(dialect.File(type, $"{device}.Kernels", "The kernels, each once.", false, w =>
        {
            foreach (var (_, text) in kernels.Kernels)
            {
                w.Line(text.TrimEnd('\n'));
                w.Line();
            }
        }));
        return files;
    }

    private static void PrintDispatch(CompiledModel model, Dialect dialect, SourceWriter w)
    {
        w.Line($"public {dialect.ProgramName(model.Model.Spec.Type)}(ModelDescription description, Device device)\n    : base(description, device)\n{{\n}}\n");
        dialect.PrintRegistration(w);
        var passes = model.Plans.Keys.ToArray();
        var sizes = model.HasTwoLengths ? "batch, lengths.First, lengths.Second" : "batch, lengths.First";
        Switch("protected override long WorkFloats(Pass pass, long batch, Lengths lengths)", p => $"new {p}Memory({sizes}).Total");
        Switch("protected override long SharedScratchBytes(Pass pass, long batch, Lengths lengths)", p => $"{p}SharedBytes({sizes})");
        if (dialect.HasWorkerScratch)
        {
            Switch("protected override long WorkerScratchBytes(Pass pass, long batch, Lengths lengths)", p => $"{p}WorkerBytes({sizes})");
        }

        if (dialect.HasLargestTensors)
        {
            Switch("protected override IReadOnlyList<TensorSize> LargestTensors(Pass pass)", p => $"s_largestOf{p}");
        }

        Switch("public override IReadOnlyList<LaunchInfo> Launches(Pass pass)", p => $"s_launchesOf{p}");
        Call("protected override void Output(Pass pass, string output, long batch, Lengths lengths, List<(long Offset, long Count)> pieces)", p => $"{p}Output(output, {sizes}, pieces)");
        Call("protected override void Run(Pass pass, long batch, Lengths lengths, bool accumulate)", p => $"{p}({sizes}, accumulate)");
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

    private static void PrintOptimizer(CompiledModel model, Dialect dialect, SourceWriter w)
    {
        var rule = OptimizerRule.Of(model.Model.Get<OptimizerAttribute>());
        var average = model.Model.Get<AverageWeightsAttribute>()?.Decay;
        var optimizer = model.Model.Get<OptimizerAttribute>() ?? new AdamWAttribute();
        if (dialect.KeepsStepNumbers)
        {
            PrintStepNumbers(rule, w);
            w.Line();
        }

        using (w.Block($"protected override void Update({(dialect.KeepsStepNumbers ? "" : "long step, double rate, double scale")})"))
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

            if (dialect.KeepsStepNumbers)
            {
                w.Line($"(a.Numbers, a.Scale, a.WeightDecay) = (NumbersOnDevice, ScaleOnDevice, {Names.Float(optimizer.WeightDecay)});");
            }
            else
            {
                w.Line($"(a.Rate, a.Scale, a.WeightDecay) = ((float)rate, (float)scale, {Names.Float(optimizer.WeightDecay)});");
                foreach (var number in rule.Numbers)
                {
                    w.Line($"a.{Names.Pascal(number.Name)} = (float)({number.Text});");
                }
            }

            w.Line("UpdateKernel.Run(Context, a, ChunkCount);");
        }

        w.Line();
        dialect.Print(rule, average, w);
    }

    private static void PrintStepNumbers(OptimizerRule rule, SourceWriter w)
    {
        using (w.Block("protected override StepNumbers NumbersOf(long step, double rate)"))
        {
            w.Line("StepNumbers numbers = default;");
            w.Line("numbers.Rate = (float)rate;");
            for (var i = 0; i < rule.Numbers.Count; i++)
            {
                w.Line($"numbers.{Names.StepNumber(i)} = (float)({rule.Numbers[i].Text}); // {rule.Numbers[i].Name}");
            }

            w.Line("return numbers;");
        }
    }
}
