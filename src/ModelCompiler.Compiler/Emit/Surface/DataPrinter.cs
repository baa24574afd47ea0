using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Layers;

namespace ModelCompiler.Compiler.Emit.Surface;

/// <summary>Prints the model's own types of data: inputs, batches with targets, outputs.</summary>
internal static class DataPrinter
{
    /// <summary>The class of a model's inputs.</summary>
    public static string InputClass(CompiledModel model) => model.IsComposition ? "Pairs" : model.Sides[0].InputClass;

    public static SourceFile Print(CompiledModel model) => FileFrame.Print(model.Model.Spec.Type, "Data", "Inputs, batches and outputs of this model: types of its own, so that another model's data does not compile.", "", w =>
    {
        foreach (var side in model.Sides)
        {
            switch (side.Options)
            {
                case VisionTransformerAttribute pictures:
                    PrintPictures(model, side, pictures, w);
                    break;
                case PrecomputedFeaturesAttribute vectors:
                    VectorsPrinter.Print(model, side, vectors, w);
                    break;
                default:
                    TokensPrinter.Print(model, side, (TextTransformerAttribute)side.Options!, w);
                    break;
            }

            w.Line();
        }

        if (model.IsComposition)
        {
            PairsPrinter.Print(model, w);
            w.Line();
        }

        PrintOutput(model, w);
        if (model.Plans.ContainsKey(Pass.Evaluate))
        {
            w.Line();
            PrintBatch(model, w);
        }
    });

    private static void PrintPictures(CompiledModel model, Side side, VisionTransformerAttribute o, SourceWriter w)
    {
        var size = VisionSize.Of(o);
        w.Summary($"Pictures [count, {o.Channels}, {size.Height}, {size.Width}], channels first.");
        using (w.Block($"public sealed class {side.InputClass}(int count) : PictureBatch(count, ChannelCount, PictureHeight, PictureWidth)"))
        {
            w.Line($"public const int ChannelCount = {o.Channels}, PictureHeight = {size.Height}, PictureWidth = {size.Width};");
            if (model.HasInput(side.Prefix + "masked"))
            {
                w.Line();
                w.Summary($"[count, {size.Patches}]: patches, row by row, in whose place the mask token stands where it is not 0.");
                w.Line($"public int[] Masked {{ get; }} = new int[count * {size.Patches}];");
            }
        }

        w.Line();
        using (w.Block($"private void SetInputs({side.InputClass} inputs)"))
        {
            w.Line($"_core.SetInput({Names.Text(side.Prefix + "pictures")}, inputs.Values);");
            if (model.HasInput(side.Prefix + "masked"))
            {
                w.Line($"_core.SetInput({Names.Text(side.Prefix + "masked")}, inputs.Masked);");
            }
        }
    }

    private static void PrintOutput(CompiledModel model, SourceWriter w)
    {
        var isText = model.HasText;
        w.Summary("What the model computed; read when asked for, so read it before the next call.");
        using (w.Block($"public readonly struct Output(ModelCore core, int count{(model.HasTwoLengths ? ", Lengths lengths" : isText ? ", int length" : "")})"))
        {
            w.Line("public int Count => count;");
            if (model.HasTwoLengths)
            {
                w.Line("\npublic Lengths Lengths => lengths;");
            }
            else if (isText)
            {
                w.Line("\npublic int Length => length;");
            }

            foreach (var output in model.Plans[Pass.Forward].Program.Graph.Outputs)
            {
                w.Line();
                var shape = output.Values[0].Shape;
                var text = output.Values[0].Producer switch
                {
                    { Op: CarryOp } => $"one of {shape} for the input of each block and the output of the last",
                    { Block: not null } => $"one of {shape} for each block that has them",
                    _ => shape.ToString(),
                };
                w.Summary($"{output.Name.Replace('_', ' ')}: {text}");
                w.Line($"public float[] {Names.Pascal(output.Name)} => core.Output({Names.Text(output.Name)});");
            }
        }
    }

    private static void PrintBatch(CompiledModel model, SourceWriter w)
    {
        var input = InputClass(model);
        var groups = Groups(model).Select(static g => g.Input).ToArray();
        var targets = model.Inputs.Where(i => !groups.Contains(i.InputName)).Where(static i => i.InputName is "labels" or "probabilities" or "teacher_labels" or "teacher_logits" or "targets" or "next_sentence" or "hidden_target" or "pooled_target" || i.InputName.EndsWith(SimilarityDistillationLoss.Teacher, StringComparison.Ordinal)).ToArray();
        var isOwn = model.Model.Architecture is Blip2PretrainingAttribute<object, object, object> && model.HasInput("targets"); // what is said is the text itself
        targets = isOwn ? [.. targets.Where(static t => t.InputName != "targets")] : targets;
        var scaled = targets.Where(t => model.HasInput(t.InputName + "_scale")).ToArray();
        w.Summary("Inputs with their targets.");
        using (w.Block($"public sealed class Batch({input} inputs) : IBatch"))
        {
            if (model.IsComposition)
            {
                PairsPrinter.PrintShortcut("Batch", model, w);
            }

            w.Line($"public {input} Inputs {{ get; }} = inputs;");
            foreach (var target in targets)
            {
                var isInteger = target.Type == ElementType.Integer;
                w.Line();
                w.Summary($"{target.InputName.Replace('_', ' ')} {target.Shape}" + (isInteger && target.InputName != "next_sentence" ? "; a negative one does not count" : IsDistribution(target) ? "; those of a sample add up to 1" : ""));
                w.Line($"public {(isInteger ? "int" : "float")}[] {Names.Pascal(target.InputName)} {{ get; }} = {(target.InputName == "targets" && model.TextPrefix > 0 ? "inputs.Text.NewTargets()" : $"new {(isInteger ? "int" : "float")}[{Size(target)}]")};");
            }

            foreach (var (name, _, what) in Groups(model).Where(_ => !IsOfClasses(model)))
            {
                w.Line();
                w.Summary(what);
                w.Line($"public int[] {name} {{ get; }} = MatchNumbers.{(model.Gathers ? "Own" : "Each")}(inputs.Count);");
            }

            w.Line();
            w.Line($"long IBatch.Items => {(model.IsComposition ? "Inputs.Count" : model.HasText ? "(long)Inputs.Count * Inputs.Length" : "Inputs.Count")};");
            w.Line();
            w.Line($"static string IBatch.ItemName => \"{(model.IsComposition ? "pairs" : model.HasText ? "tokens" : model.Sides[0].Inputs == InputKind.Pictures ? "pictures" : "samples")}\";");
            w.Line();
            w.Summary("Targets that count, for each loss.");
            w.Line($"public TargetCounts Counts => new({string.Join(", ", Counts())});");
        }

        w.Line();
        using (w.Block("private void SetTargets(Batch batch, TargetCounts counts)"))
        {
            foreach (var target in targets)
            {
                var field = Names.Pascal(target.InputName);
                if (target.Type == ElementType.Integer)
                {
                    w.Line($"TargetCounts.Check(batch.{field}, {Classes(model, target)}, {Names.Text(target.InputName)});");
                }
                else if (IsDistribution(target))
                {
                    w.Line($"TargetCounts.CheckDistributions(batch.{field}, {Classes(model, target)}, {Names.Text(target.InputName)});");
                }

                w.Line($"_core.SetInput({Names.Text(target.InputName)}, batch.{field});");
                if (scaled.Contains(target))
                {
                    w.Line($"_core.SetScale({Names.Text(target.InputName + "_scale")}, counts.{field});");
                }
            }

            foreach (var (name, numbers, _) in Groups(model))
            {
                w.Line($"_core.SetInput({Names.Text(numbers)}, MatchNumbers.Of({(IsOfClasses(model) ? $"MatchNumbers.Labelled(batch.{name})" : $"batch.{name}")}));");
            }

            if (model.HasInput("pairs_scale"))
            {
                w.Line("_core.SetScale(\"pairs_scale\", counts.Pairs);");
            }

            if (model.Model.Get<ImageTextMatchingAttribute>() is { Negatives: not HardNegatives.Given })
            {
                w.Line($"MatchNumbers.RequireOthers({(model.HasInput(ContrastiveLoss.Ids) ? "batch.Ids" : "MatchNumbers.Each(batch.Inputs.Count)")});");
            }

            if (isOwn)
            {
                w.Line("_core.SetInput(\"targets\", batch.Inputs.Text.NextTokens());");
                w.Line("_core.SetScale(\"targets_scale\", counts.Targets);");
            }

            if (model.Model.Get<SupervisedContrastiveAttribute>() is not null)
            {
                w.Line($"_core.SetScale({Names.Text(SupervisedContrastiveLoss.Numbers + "_scale")}, counts.Matched);");
            }
        }

        if (model.Gathers)
        {
            w.Line();
            using (w.Block("private void SetTargets(ReadOnlySpan<Batch> batches, TargetCounts counts)"))
            {
                foreach (var field in targets.Select(static t => t.InputName))
                {
                    w.Line($"_core.SetInput({Names.Text(field)}, MatchNumbers.Joined(batches, static batch => batch.{Names.Pascal(field)}));");
                }

                foreach (var (name, numbers, _) in Groups(model))
                {
                    w.Line($"_core.SetInput({Names.Text(numbers)}, MatchNumbers.Of(MatchNumbers.Joined(batches, static batch => batch.{name})));");
                }

                if (model.HasInput("pairs_scale"))
                {
                    w.Line("_core.SetScale(\"pairs_scale\", counts.Pairs);");
                }
            }
        }

        IEnumerable<string> Counts() =>
        [
            .. model.HasInput("pairs_scale") ? ["pairs: Inputs.Count"] : Array.Empty<string>(),
            .. model.Model.Get<SupervisedContrastiveAttribute>() is not null ? [$"matched: MatchNumbers.NotAlone({(IsOfClasses(model) ? "MatchNumbers.Labelled(Labels)" : "Labels")})"] : Array.Empty<string>(),
            .. isOwn ? ["targets: TargetCounts.Valid(Inputs.Text.NextTokens())"] : Array.Empty<string>(),
            .. scaled.Select(static t => $"{Names.Camel(t.InputName)}: {(t.Type == ElementType.Integer ? $"TargetCounts.Valid({Names.Pascal(t.InputName)})" : IsDistribution(t) || t.InputName == "teacher_logits" ? "Inputs.Count" : Names.Pascal(t.InputName) + ".LongLength")}"),
        ];
    }

    private static bool IsDistribution(InputOp target) => target.InputName == "probabilities";

    // Whole numbers that are compared with each other alone: the model gets them as floats, which hold any number of them once they are counted anew.
    private static IEnumerable<(string Name, string Input, string Summary)> Groups(CompiledModel model) => model.Model.Get<SupervisedContrastiveAttribute>() is not null
        ? [("Labels", SupervisedContrastiveLoss.Numbers, "labels [batch]: samples with one number belong together; at first each its own")]
        : model.HasInput(ContrastiveLoss.Ids) ? [("Ids", ContrastiveLoss.Ids, $"ids [batch]: pairs with one number belong together crosswise{(model.Gathers ? ", in all batches of a step" : "")}; at first each its own")] : Array.Empty<(string, string, string)>();

    // The numbers of classes that a head predicts: they are there already, and a negative one is of none.
    private static bool IsOfClasses(CompiledModel model) => model.Model.Get<SupervisedContrastiveAttribute>() is not null && model.Model.Get<ClassificationAttribute>() is not null;

    private static int Classes(CompiledModel model, InputOp target) => target.InputName switch
    {
        "labels" or "probabilities" or "teacher_labels" => model.Model.Get<ClassificationAttribute>()?.Classes ?? 2,
        "targets" => model.Sides.Select(static s => s.Options).OfType<TextTransformerAttribute>().Last().Vocabulary,
        _ => 2,
    };

    private static string Size(InputOp target)
    {
        var count = target.Shape.Count;
        return string.Join(" * ", new[] { count.Factor == 1 ? "" : Names.Number(count.Factor) }
            .Concat(Enumerable.Repeat("inputs.Count", count.BatchPower)).Concat(Enumerable.Repeat("inputs.Length", count.LengthPower)).Where(static s => s.Length > 0));
    }
}
