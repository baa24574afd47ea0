using ModelCompiler.Compiler.Emit.Cpu;
using ModelCompiler.Compiler.Emit.Gpu;
using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Emit.Surface;

/// <summary>Prints what users call: construction, forward, training, checkpoints.</summary>
internal static class ModelPrinter
{
    public static SourceFile Print(CompiledModel model)
    {
        var input = DataPrinter.InputClass(model);
        return FileFrame.Print(model.Model.Spec.Type, "Model", Summary(model), " : IModel", w =>
        {
            w.Line("private readonly ModelCore _core;");
            w.Line();
            w.Summary("A model with random weights.");
            w.Line("/// <param name=\"device\">Where it runs; null: the best device there is.</param>");
            w.Line("/// <param name=\"seed\">Seed of the weights and of dropout: the same seed gives the same bits.</param>");
            w.Line($"public {model.Name}(Device? device = null, ulong seed = 0) => _core = new ModelCore(s_description, {Engine(model.Model.Spec)}, seed);");
            w.Line();
            w.Summary("The model by names instead of types: what tools use.");
            w.Line("public ModelCore Core => _core;");
            w.Line();
            w.Summary("Every parameter, by name.");
            w.Line("public IReadOnlyDictionary<string, Parameter> ParametersByName => _core.Parameters;");
            w.Line();
            PrintForward(model, input, w);
            if (model.IsComposition)
            {
                PairsPrinter.PrintCalls(model, w);
            }

            if (model.Generates)
            {
                GenerationPrinter.Print(model.Sides, w);
            }

            if (model.Trains)
            {
                PrintTraining(model, w);
            }

            PrintMemory(model, w);
            w.Summary("Loads the weights of a folder with config.json and model.safetensors. A configuration that differs from the attributes is refused, naming each key." + (model.Checkpoint.Tensors.Any(static t => t.Grid is not null) ? " Only pictures may be of another size: their table of positions is resized." : ""));
            w.Line("public LoadReport LoadPretrained(string folder) => _core.LoadPretrained(folder);");
            w.Line();
            w.Summary("Writes config.json and model.safetensors to a folder, for LoadPretrained and for the format's own reader.");
            w.Line("public void Save(string folder) => _core.Save(folder);");
            w.Line();
            w.Summary("Frees the memory and threads of the model.");
            w.Line("public void Dispose() => _core.Dispose();");
        });
    }

    private static string Engine(ModelSpec spec) => !spec.HasGpu
        ? $"new {CpuDialect.Instance.ProgramName(spec.Type)}(s_description, device ?? Device.Default)"
        : $"(device ?? Device.Default) switch\n{{\n    global::ModelCompiler.Gpu.GpuDevice gpu => new {GpuDialect.Instance.ProgramName(spec.Type)}(s_description, gpu),\n"
            + $"    var other => new {CpuDialect.Instance.ProgramName(spec.Type)}(s_description, other),\n}}";

    private static string Summary(CompiledModel model)
    {
        var count = model.Layout.Parameters.Where(static p => p.Kind is not (ParameterKind.Constant or ParameterKind.State))
            .Sum(static p => p.Parts.Where(static x => !x.IsAbsent && x.Source is null).Sum(static x => (long)x.Count) * (p.Run?.Count ?? 1));
        if (count == 0)
        {
            return $"{AttributeBinder.NameOf(model.Model.Architecture.GetType())}, which has no parameters.";
        }

        var tree = model.Layout.Parameters.Where(static p => p.Kind != ParameterKind.Constant).SelectMany(static p => p.Parts.Select(x => (Part: x, p.Run)))
            .Where(static p => !p.Part.IsAbsent)
            .Select(static p => $"  {(p.Run is { } run ? p.Part.Path.Replace("{layer}", run.Count == 1 ? $"{run.First}" : $"{run.First}..{run.First + run.Count - 1}") : p.Part.Path)} [{string.Join(", ", p.Part.Shape)}]");
        return $"{AttributeBinder.NameOf(model.Model.Architecture.GetType())} with {Names.Number(count)} parameters:\n<code>\n{string.Join("\n", tree)}\n</code>"
            .Replace("<code>", "").Replace("</code>", "");
    }

    private static void PrintForward(CompiledModel model, string input, SourceWriter w)
    {
        w.Summary("Outputs for a batch, without dropout.");
        using (w.Block($"public Output Forward({input} inputs)"))
        {
            w.Line("SetInputs(inputs);");
            w.Line($"_core.Forward(inputs.Count, {Length(model, "inputs")});");
            w.Line("return new Output(_core, inputs.Count" + Rows(model, "inputs") + ");");
        }

        w.Line();
        if (model.Plans.ContainsKey(Pass.Evaluate))
        {
            w.Summary("The loss of a batch and its outputs, without dropout and without changing anything.");
            using (w.Block("public (double Loss, Output Output) Evaluate(Batch batch)"))
            {
                w.Line("SetInputs(batch.Inputs);");
                w.Line("SetTargets(batch, batch.Counts);");
                w.Line($"var loss = _core.Evaluate(batch.Inputs.Count, {Length(model, "batch.Inputs")});");
                w.Line("return (loss, new Output(_core, batch.Inputs.Count" + Rows(model, "batch.Inputs") + "));");
            }

            w.Line();
        }
    }

    private static void PrintTraining(CompiledModel model, SourceWriter w)
    {
        var accumulate = model.Model.Get<AccumulateAttribute>()?.Batches ?? 1;
        w.Summary($"One optimizer step on {(accumulate == 1 ? "a batch" : $"{accumulate} batches, {(model.Gathers ? "all of whose pairs are compared as if they were one" : "whose targets share one mean")}")}. Returns the loss before the step.");
        w.Line($"/// <exception cref=\"ArgumentException\">Not {accumulate} {(accumulate == 1 ? "batch" : "batches")}.</exception>");
        w.Line("/// <exception cref=\"NotFiniteException\">The loss or a gradient is no finite number; the weights stay as they were.</exception>");
        using (w.Block("public double TrainStep(params ReadOnlySpan<Batch> batches)"))
        {
            w.Line("QueueStep(batches);");
            w.Line("return _core.ReadSteps(out var report) ? report.Loss : throw Explain(batches);");
        }

        w.Line();
        w.Summary("Trains, from where the folder of the options has got to or from the weights that the model has.");
        w.Line("/// <param name=\"batches\">Batches to learn from; a step takes the next, and a number always stands for the same batch.</param>");
        w.Line("/// <param name=\"options\">Steps, folder, what is said and how often.</param>");
        w.Line("/// <param name=\"heldOut\">Batches to evaluate on; null: none.</param>");
        w.Line("/// <exception cref=\"CheckpointException\">The folder or a checkpoint in it cannot be used.</exception>");
        w.Line("/// <exception cref=\"NotFiniteException\">The loss or a gradient is no finite number; the weights stay as they were.</exception>");
        using (w.Block("public FitResult Fit(IBatches<Batch> batches, FitOptions options, IBatches<Batch>? heldOut = null)"))
        {
            w.Line("using var run = new TrainingRun<Batch>(_core, batches, heldOut, options, Explain);");
            using (w.Block("while (run.Next())"))
            {
                w.Line("QueueStep(run.Batches);");
                w.Line("run.Report();");
                using (w.Block("while (run.NextEvaluation())"))
                {
                    w.Line("run.ReportEvaluation(Evaluate(run.EvaluationBatch).Loss);");
                }
            }

            w.Line();
            w.Line("return run.Result;");
        }

        w.Line();
        w.Summary("Loss and gradients of one or more batches, with dropout, as a training step computes them; the weights stay.");
        using (w.Block("public double ComputeGradients(params ReadOnlySpan<Batch> batches)"))
        {
            w.Line("QueueGradients(batches);");
            w.Line("return batches.IsEmpty ? 0 : _core.ReadLoss();");
        }

        w.Line();
        PrintGradients(model, w);
        w.Line();
        using (w.Block("private void QueueStep(ReadOnlySpan<Batch> batches)"))
        {
            w.Line("_core.RequireBatches(batches.Length);");
            w.Line("QueueGradients(batches);");
            w.Line("_core.QueueStep();");
        }

        w.Line();
        using (w.Block("private NotFiniteException Explain(ReadOnlySpan<Batch> batches)"))
        {
            w.Line("_core.WatchFinite();");
            w.Line("QueueGradients(batches); // the same numbers again");
            w.Line("return _core.NotFinite();");
        }

        w.Line();
    }

    private static void PrintGradients(CompiledModel model, SourceWriter w)
    {
        using (w.Block("private void QueueGradients(ReadOnlySpan<Batch> batches)"))
        {
            if (model.Gathers)
            {
                PairsPrinter.PrintGradients(model, w);
                return;
            }

            w.Line("var targets = TargetCounts.None;");
            w.Line("foreach (var batch in batches)\n{\n    targets += batch.Counts;\n}\n");
            using (w.Block("for (var i = 0; i < batches.Length; i++)"))
            {
                w.Line("SetInputs(batches[i].Inputs);");
                w.Line("SetTargets(batches[i], targets);");
                w.Line($"_core.QueueGradients(batches[i].Inputs.Count, {Length(model, "batches[i].Inputs")}, i > 0);");
            }
        }
    }

    private static void PrintMemory(CompiledModel model, SourceWriter w)
    {
        var parameters = model.HasTwoLengths ? "int batch, Lengths lengths" : model.HasText ? "int batch, int length" : "int batch";
        w.Summary("Bytes that the model needs for such a batch: parameters, gradients, optimizer state, inputs, workspace and scratch.");
        w.Line($"public long MemoryFor({parameters}, Pass pass = Pass.{(model.Trains ? "Train" : "Forward")}) => _core.MemoryFor(pass, batch, {(model.HasTwoLengths ? "lengths" : model.HasText ? "length" : "1")});");
        w.Line();
    }

    // What outputs are told of their rows of tokens.
    private static string Rows(CompiledModel model, string inputs) => model.HasText ? ", " + PairsPrinter.Length(model, inputs) : "";

    private static string Length(CompiledModel model, string inputs) => PairsPrinter.Length(model, inputs);
}
