using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Optimizers;

namespace ModelCompiler.Compiler.Emit.Surface;

/// <summary>Prints what the runtime is told of a model: its inputs, parameters, training options and checkpoint names, as tables.</summary>
internal static class DescriptionPrinter
{
    public static SourceFile Print(CompiledModel model) =>
        FileFrame.Print(model.Model.Spec.Type, "Description", "What the runtime is told of this model.", "", w => Print(model, w));

    private static void Print(CompiledModel model, SourceWriter w)
    {
        w.Summary("Sizes, parameters, training options and checkpoint names.");
        using (w.Block("private static readonly ModelDescription s_description = new()", ";"))
        {
            w.Line($"Name = {Names.Text(model.Name)},");
            var forward = model.Plans[Pass.Forward].Program.Graph.Nodes.Select(static n => n.Op).OfType<InputOp>().Select(static i => i.InputName).ToArray();
            w.Line($"Inputs = [{string.Join(", ", model.Inputs.Select(i => Input(i, isTarget: !forward.Contains(i.InputName)) + Readers(model, i)))}],");
            w.Line($"MaxLength = {Context(model.Sides.Where(static s => !s.IsSecondText))},");
            if (model.HasTwoLengths)
            {
                w.Line($"MaxSecondLength = {Context(model.Sides.Where(static s => s.IsSecondText))},");
            }

            w.Line($"Trains = {(model.Trains ? "true" : "false")},");
            w.Line($"HasLoss = {(model.Plans.ContainsKey(Pass.Evaluate) ? "true" : "false")},");
            w.Line($"TotalFloats = {Names.Number(model.Layout.TotalFloats)},");
            w.Line($"TrainableFloats = {Names.Number(model.Layout.TrainableFloats)},");
            w.Line("Parameters = Parameters(),");
            w.Line($"State = [{string.Join(", ", OptimizerRule.Of(model.Model.Get<OptimizerAttribute>()).State.Select(Names.Text))}],");
            w.Line($"HasAverage = {(model.Model.Get<AverageWeightsAttribute>() is null ? "false" : "true")},");
            w.Line($"ClipNorm = {(model.Model.Get<ClipGradientsAttribute>() is { } clip ? Names.Double(clip.Norm) : "null")},");
            w.Line($"Accumulate = {model.Model.Get<AccumulateAttribute>()?.Batches ?? 1},");
            w.Line($"Rate = static step => {Rate(model)},");
            if (model.Model.Architecture is CompositionAttribute { Momentum: > 0 } composition)
            {
                w.Line($"Momentum = {Names.Double(composition.Momentum)},");
            }

            if (model.Trains && model.Layout.Parameters.Any(static p => p.Name == Queued(MomentumState.Next)))
            {
                w.Line($"Queues = [{string.Join(", ", model.Sides.Select(static s => $"new({Names.Text(Queued(s.Name))}, {Names.Text(s.Name + MomentumState.Keys)}, {Names.Text(Queued(MomentumState.Next))})"))}],");
            }

            if (TowerOptions.Print(model.Model) is { Length: > 0 } towers)
            {
                w.Line($"Towers = [{towers}],");
            }

            if (model.Generates)
            {
                w.Line($"Decoder = {Decoder(model)},");
            }

            if (model.Gathers)
            {
                w.Line($"Gathered = [{string.Join(", ", model.Plans[Pass.Embed].Program.Graph.Outputs.Select(o => $"new({Names.Text(o.Name)}, {o.Values[0].Shape.Columns}, {Slope(model, o.Name)})"))}],");
            }

            w.Line("Checkpoint = CheckpointNames(),");
        }

        w.Line();
        PrintParameters(model, w);
        w.Line();
        CheckpointPrinter.Print(model, w);
    }

    private static int Context(IEnumerable<Side> sides) => sides.Select(static s => s.Options is TextTransformerAttribute t ? t.Context : 1).Max();

    private static string Decoder(CompiledModel model)
    {
        var o = (TextTransformerAttribute)model.Decoder.Options!;
        var memory = model.Model.Architecture is not EncoderDecoderAttribute<object, object> ? "" : model.Sides[0].Options switch
        {
            TextTransformerAttribute => "Memory = 0",
            _ => $"Memory = {model.Plans[Pass.Prime].Program.Graph.Outputs[0].Values[0].Shape.Axes[1].Extent}",
        };
        var mask = model.Sides[0].Prefix + "mask";
        string[] more = [.. new[] { model.TextPrefix > 0 ? $"Prefix = {model.TextPrefix}" : "", memory, memory.Length > 0 && model.HasInput(mask) ? $"MemoryMask = {Names.Text(mask)}" : "" }.Where(static p => p.Length > 0)];
        return $"new({o.Vocabulary}, {o.PositionOffset}, {o.PaddingToken}, {o.Depth}, {AttentionSize.Of(o).KeyWidth}, {o.Context}{(o.Segments > 0 ? $", Segments: {o.Segments}" : "")}){(more.Length == 0 ? "" : $" {{ {string.Join(", ", more)} }}")}";
    }

    private static string Queued(string name) => $"{MomentumState.Queue}.{name}";

    private static string Input(InputOp input, bool isTarget)
    {
        var count = input.Shape.Count;
        return $"new({Names.Text(input.InputName)}, {(input.Type == ElementType.Integer ? "true" : "false")}, {Names.Number(count.Factor)}, {count.BatchPower}, {count.LengthPower}, {(isTarget ? "true" : "false")})";
    }

    private static string Readers(CompiledModel model, InputOp input)
    {
        var side = model.IsComposition ? model.Sides.ToList().FindIndex(s => input.InputName.StartsWith(s.Prefix, StringComparison.Ordinal)) : -1;
        var passes = model.Plans.Where(p => p.Value.Program.Graph.Nodes.Any(n => n.Op is InputOp i && i.InputName == input.InputName) || (p.Key == Pass.Prime && IsMemoryMask(model, input.InputName))).Select(static p => $"Pass.{p.Key}");
        var isDrawn = input.InputName.EndsWith(NegativeChoice.Draws, StringComparison.Ordinal);
        string[] properties = [.. side < 0 ? Array.Empty<string>() : [$"Side = {side + 1}"], .. input.Shape.Count.SecondPower is > 0 and var power ? [$"SecondPower = {power}"] : Array.Empty<string>(), .. isDrawn ? ["IsDrawn = true"] : Array.Empty<string>(), .. model.Gathers || isDrawn || model.Plans.ContainsKey(Pass.Prime) ? [$"Passes = [{string.Join(", ", passes)}]"] : Array.Empty<string>()];
        return properties.Length == 0 ? "" : $" {{ {string.Join(", ", properties)} }}";
    }

    // What is kept for decoding is kept with what is hidden of it, though keys and values of given vectors are made without.
    private static bool IsMemoryMask(CompiledModel model, string input) => model.Model.Architecture is EncoderDecoderAttribute<object, object> && input == model.Sides[0].Prefix + "mask";

    private static string Slope(CompiledModel model, string name) => GatheredPairs.SlopeOf(name) is var slope && model.HasInput(slope) ? Names.Text(slope) : "null";

    private static string Rate(CompiledModel model)
    {
        var full = Names.Double((model.Model.Get<OptimizerAttribute>() ?? new AdamWAttribute()).LearningRate);
        return model.Model.Get<ScheduleAttribute>() switch
        {
            CosineScheduleAttribute c => $"{full} * LearningRate.Cosine(step, {c.Warmup}, {c.Steps}, {Names.Double(c.Minimum)})",
            LinearScheduleAttribute l => $"{full} * LearningRate.Linear(step, {l.Warmup}, {l.Steps}, {Names.Double(l.Minimum)})",
            InverseSquareRootScheduleAttribute s => $"{full} * LearningRate.InverseSquareRoot(step, {s.Warmup})",
            ConstantScheduleAttribute k => $"{full} * LearningRate.Constant(step, {k.Warmup})",
            _ => full,
        };
    }

    private static void PrintParameters(CompiledModel model, SourceWriter w)
    {
        w.Summary("Every named parameter: shape, place in the arena, how it starts, whether it decays and learns.");
        using (w.Block("private static IEnumerable<ParameterInfo> Parameters()"))
        {
            var (decaysTables, decaysTokens) = model.Model.Get<OptimizerAttribute>() is { } o ? (o.DecayEmbeddings, o.DecayTokens) : (false, true);
            if (model.Layout.Parameters.Count == 0)
            {
                w.Line("yield break;");
            }

            foreach (var group in model.Layout.Parameters.GroupBy(static p => p.Run))
            {
                if (group.Key is not { } run)
                {
                    Rows(group, null);
                    continue;
                }

                using (w.Block($"for (var layer = {run.First}; layer < {run.First + run.Count}; layer++)"))
                {
                    Rows(group, run);
                }
            }

            void Rows(IEnumerable<Parameter> parameters, LayerRun? run)
            {
                foreach (var parameter in parameters)
                {
                    var place = model.Layout.Of(parameter);
                    foreach (var part in parameter.Parts)
                    {
                        var decays = parameter.Kind == ParameterKind.Weight || (parameter.Kind == ParameterKind.Embedding && decaysTables && (decaysTokens || !PatchEmbedding.IsToken(part.Path)));
                        var offset = Names.Number(place.Offset + part.Offset);
                        w.Line($"yield return new({(run is null ? "" : "$")}{Names.Text(part.Path)}, [{string.Join(", ", part.Shape)}], " +
                            $"{(run is null ? offset : $"{offset} + ((layer - {run.First}) * {Names.Number(place.LayerStride)}L)")}, {Initializer(part)}, {(decays ? "true" : "false")}, " +
                            $"ParameterRole.{(parameter.Kind == ParameterKind.Constant || part.IsAbsent ? "Constant" : part.IsFrozen ? "Frozen" : "Trained")})" +
                            $"{(part.Source is null || part.IsAbsent ? "" : $" {{ Source = {(run is null ? "" : "$")}{Names.Text(part.Source)} }}")};");
                    }
                }
            }
        }
    }

    private static string Initializer(ParameterPart part) => part.IsAbsent ? "new Initializer.Constant(0)" : part.Initializer switch
    {
        Ir.Graphs.Initializer.Constant i => $"new Initializer.Constant({Names.Double(i.Value)})",
        Ir.Graphs.Initializer.Normal i => $"new Initializer.Normal({Names.Double(i.Deviation)})",
        Ir.Graphs.Initializer.Truncated i => $"new Initializer.Truncated({Names.Double(i.Deviation)})",
        Ir.Graphs.Initializer.Uniform i => $"new Initializer.Uniform({Names.Double(i.Bound)})",
        Ir.Graphs.Initializer.Sinusoid i => $"new Initializer.Sinusoid({(i.Halves ? "Halves: true" : "")})",
        Ir.Graphs.Initializer.Rotary i => $"new Initializer.Rotary({Names.Double(i.Base)})",
        Ir.Graphs.Initializer.SinusoidGrid i => $"new Initializer.SinusoidGrid({i.GridColumns}, {i.Prefix})",
        Ir.Graphs.Initializer.UnitRows => "new Initializer.UnitRows()",
        Ir.Graphs.Initializer.BicubicResize i => $"new Initializer.BicubicResize({i.FromRows}, {i.FromColumns}, {i.ToRows}, {i.ToColumns}, {i.Prefix})",
        _ => throw new InvalidOperationException("no such initializer"),
    };
}
