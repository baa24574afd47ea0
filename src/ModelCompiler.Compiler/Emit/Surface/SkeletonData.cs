using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Emit.Surface;

/// <summary>The types of data in a skeleton, from the kinds of attributes; a test compares them with those of models that compile.</summary>
internal static class SkeletonData
{
    private const string Runtime = "global::ModelCompiler.Runtime", Training = Runtime + ".Training";

    /// <summary>The class of a model's inputs.</summary>
    public static string Input(BoundModel model) => model.Architecture is TextTransformerAttribute ? "Tokens" : "Pictures";

    public static bool HasLoss(BoundModel model) => model.Get<ObjectiveAttribute>() is not null;

    /// <summary>Each type with the lines in it; one that does not end has no body yet.</summary>
    public static IEnumerable<(string Name, string Head, IEnumerable<string> Lines)> Of(BoundModel model)
    {
        var input = Input(model);
        yield return model.Architecture switch
        {
            VisionTransformerAttribute o => (input, $"public sealed class {input}(int count) : {Runtime}.PictureBatch(count, ChannelCount, PictureHeight, PictureWidth)",
            [
                Sizes(("ChannelCount", o.Channels), ("PictureHeight", o.ImageHeight == 0 ? o.ImageSize : o.ImageHeight), ("PictureWidth", o.ImageWidth == 0 ? o.ImageSize : o.ImageWidth)),
                .. If(o.MaskToken, "public int[] Masked"),
            ]),
            TextTransformerAttribute o => (input, $"public sealed class {input}(int count, int length) : {Runtime}.TokenBatch(count, length, VocabularySize, MaxLength)",
                [Sizes(("VocabularySize", o.Vocabulary), ("MaxLength", o.Context))]),
            var other => throw new InvalidOperationException($"no data of {other.GetType().Name}"),
        };
        var isText = model.Architecture is TextTransformerAttribute;
        yield return ("Output", "public readonly struct Output",
        [
            $"public Output({Runtime}.ModelCore core, int count{(isText ? ", int length" : "")})",
            "public int Count",
            .. If(isText, "public int Length"),
            .. Outputs(model).Distinct().Select(static name => $"public float[] {name}"),
        ]);
        if (HasLoss(model))
        {
            var takesInput = !model.Spec.Type.Taken.Contains(input);
            yield return ("Batch", $"public sealed class Batch{(takesInput ? $"({input} inputs)" : "")} : {Training}.IBatch",
            [
                .. If(takesInput, $"public {input} Inputs {{ get; }} = inputs;"),
                .. model.Attributes.SelectMany(Targets).Distinct().Select(static target => $"public {target}"),
                $"public {Training}.TargetCounts Counts",
                $"long {Training}.IBatch.Items",
                $"static string {Training}.IBatch.ItemName",
            ]);
        }
    }

    // Sizes that are wrong count as 1: others may compute with them.
    private static string Sizes(params (string Name, int Value)[] sizes) =>
        $"public const int {string.Join(", ", sizes.Select(static s => $"{s.Name} = {Names.Number(Math.Max(1, s.Value))}"))};";

    private static IEnumerable<string> Outputs(BoundModel model)
    {
        var o = (TransformerAttribute)model.Architecture;
        return
        [
            .. If(o.HiddenStates, "HiddenStates"),
            "Hidden",
            .. If(o.Pooling != Pooling.None, "Pooled"),
            .. If(model.Get<ClassificationAttribute>() is { Distilled: true }, "ClassLogits", "DistillationLogits"),
            .. If(model.Attributes.Any(static a => a is ClassificationAttribute or CausalLanguageModelAttribute or MaskedLanguageModelAttribute), "Logits"),
            .. If(model.Get<MaskedLanguageModelAttribute>() is { NextSentence: true }, "NextSentenceLogits"),
        ];
    }

    private static IEnumerable<string> Targets(Attribute attribute) => attribute switch
    {
        ClassificationAttribute c => [$"{(c.MultiLabel ? "float" : "int")}[] Labels", .. If(c.Distilled, $"{(c.MultiLabel ? "float" : "int")}[] TeacherLabels")],
        CausalLanguageModelAttribute => ["int[] Targets"],
        MaskedLanguageModelAttribute m => ["int[] Targets", .. If(m.NextSentence, "int[] NextSentence")],
        FeatureRegressionAttribute f => [.. If(f.Hidden, "float[] HiddenTarget"), .. If(f.Pooled, "float[] PooledTarget")],
        _ => [],
    };

    private static string[] If(bool condition, params string[] lines) => condition ? lines : [];
}
