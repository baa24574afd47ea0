using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Emit.Surface;

/// <summary>The types of data in a skeleton, from the kinds of attributes; a test compares them with those of models that compile.</summary>
internal static class SkeletonData
{
    private const string Runtime = "global::ModelCompiler.Runtime", Training = Runtime + ".Training";

    /// <summary>The class of a model's inputs.</summary>
    public static string Input(BoundModel model) => model.Architecture is TowersAttribute ? "Pairs" : Side.Of(model).FirstOrDefault()?.InputClass ?? "Pictures";

    /// <summary>Whether a batch has a length. Of a composition that is wrong it is a guess.</summary>
    public static bool HasText(BoundModel model) => Side.Of(model).Any(static s => s.Inputs == InputKind.Tokens);

    /// <summary>Whether it has two.</summary>
    public static bool HasTwoLengths(BoundModel model) => Side.Of(model).Any(static s => s.IsSecondText);

    public static bool HasLoss(BoundModel model) => model.Get<ObjectiveAttribute>() is not null;

    /// <summary>Each type with the lines in it; one that does not end has no body yet.</summary>
    public static IEnumerable<(string Name, string Head, IEnumerable<string> Lines)> Of(BoundModel model)
    {
        var input = Input(model);
        var sides = Side.Of(model);
        foreach (var side in sides.Count == 0 && model.Architecture is TowerAttribute ? [new Side("", model, null)] : sides)
        {
            yield return Inputs(side, Side.PrefixOf(model));
        }

        if (model.Architecture is TowersAttribute)
        {
            foreach (var pairs in Pairs(model, sides))
            {
                yield return pairs;
            }
        }

        var (isText, hasTwo) = (HasText(model), HasTwoLengths(model));
        yield return ("Output", "public readonly struct Output",
        [
            $"public Output({Runtime}.ModelCore core, int count{(hasTwo ? $", {Runtime}.Lengths lengths" : isText ? ", int length" : "")})",
            "public int Count",
            .. If(isText, hasTwo ? $"public {Runtime}.Lengths Lengths" : "public int Length"),
            .. Outputs(model).Distinct().Select(static name => $"public float[] {name}"),
        ]);
        if (HasLoss(model))
        {
            var takesInput = !model.Spec.Type.Taken.Contains(input);
            yield return ("Batch", $"public sealed class Batch{(takesInput ? $"({input} inputs)" : "")} : {Training}.IBatch",
            [
                .. If(takesInput && model.Architecture is TowersAttribute && sides.Count == 2 && !sides.Any(s => model.Spec.Type.Taken.Contains(s.InputClass)),
                    $"public Batch({Parameters(sides)}) : this(new Pairs({string.Join(", ", sides.Select(static s => s.Name))}))"),
                .. If(takesInput, $"public {input} Inputs {{ get; }} = inputs;"),
                .. model.Attributes.Where(a => a is not SupervisedContrastiveAttribute || model.Get<ClassificationAttribute>() is null).SelectMany(a => Targets(a, sides)).Distinct().Select(static target => $"public {target}"),
                $"public {Training}.TargetCounts Counts",
                $"long {Training}.IBatch.Items",
                $"static string {Training}.IBatch.ItemName",
            ]);
        }
    }

    private static (string Name, string Head, IEnumerable<string> Lines) Inputs(Side side, int prefix)
    {
        var name = side.InputClass;
        return side.Inputs switch
        {
            InputKind.Pictures => (name, $"public sealed class {name}(int count) : {Runtime}.PictureBatch(count, ChannelCount, PictureHeight, PictureWidth)", side.Options is VisionTransformerAttribute v
                ? [
                    Sizes(("ChannelCount", v.Channels), ("PictureHeight", v.ImageHeight == 0 ? v.ImageSize : v.ImageHeight), ("PictureWidth", v.ImageWidth == 0 ? v.ImageSize : v.ImageWidth)),
                    .. If(v.MaskToken, "public int[] Masked"),
                ]
                : [Sizes(("ChannelCount", 1), ("PictureHeight", 1), ("PictureWidth", 1))]),
            InputKind.Vectors => (name, $"public sealed class {name}(int count) : {Runtime}.VectorBatch(count, VectorCount, VectorWidth)",
                [Sizes(("VectorCount", ((PrecomputedFeaturesAttribute)side.Options!).Tokens), ("VectorWidth", side.Options.Width))]),
            _ => (name, $"public sealed class {name}(int count, int length) : {Runtime}.TokenBatch(count, length, VocabularySize, MaxLength), {Runtime}.ITokenBatch<{name}>",
                [
                    Sizes(("VocabularySize", (side.Options as TextTransformerAttribute)?.Vocabulary ?? 1), ("MaxLength", (side.Options as TextTransformerAttribute)?.Context ?? 1)),
                    .. If(prefix > 0, Sizes(("PrefixLength", prefix))),
                    $"static {Runtime}.TokenFacts {Runtime}.ITokenBatch<{name}>.Facts",
                    $"static {name} {Runtime}.ITokenBatch<{name}>.Create(int count, int length)",
                ]),
        };
    }

    // What takes inputs of a name that is taken is left out.
    private static IEnumerable<(string Name, string Head, IEnumerable<string> Lines)> Pairs(BoundModel model, IReadOnlyList<Side> sides)
    {
        var isFree = sides.Count == 2 && !sides.Any(s => model.Spec.Type.Taken.Contains(s.InputClass));
        yield return ("Pairs", "public sealed class Pairs",
        [
            .. If(isFree, $"public Pairs({Parameters(sides)})"),
            .. isFree ? sides.Select(static s => $"public {s.InputClass} {PairsPrinter.Property(s)}") : [],
            "public int Count",
            .. If(HasText(model), HasTwoLengths(model) ? $"public {Runtime}.Lengths Lengths" : "public int Length"),
        ]);
        if (model.Architecture is CompositionAttribute space)
        {
            yield return ("Embeddings", "public sealed class Embeddings",
            [
                "public Embeddings(float[] values)",
                Sizes(("Width", space.Embedding)),
                "public float[] Values",
                "public int Count",
                "public global::System.ReadOnlySpan<float> this[int index]",
            ]);
        }
    }

    /// <summary>The inputs of both sides, as parameters.</summary>
    public static string Parameters(IReadOnlyList<Side> sides) => string.Join(", ", sides.Select(static s => $"{s.InputClass} {s.Name}"));

    // Sizes that are wrong count as 1: others may compute with them.
    private static string Sizes(params (string Name, int Value)[] sizes) =>
        $"public const int {string.Join(", ", sizes.Select(static s => $"{s.Name} = {Names.Number(Math.Max(1, s.Value))}"))};";

    private static IEnumerable<string> Outputs(BoundModel model)
    {
        if (model.Architecture is Blip2PretrainingAttribute<object, object, object>)
        {
            return Queries(model);
        }

        if (model.Architecture is not TowerAttribute o)
        {
            var meets = model.Architecture is CompositionAttribute;
            return
            [
                .. Side.All(model).SelectMany(s => (string[])[.. Blocks(s), .. If(!meets || s.ShowsInside, "_hidden"), .. If(meets && s.ShowsInside, "_pooled"), .. If(meets, "_features")],
                    static (s, name) => Names.Pascal(s.Name + name)),
                .. If(meets || HasLoss(model), "Logits"),
                .. If(Side.All(model).Count == 3, "Projected"),
            ];
        }

        return
        [
            .. Side.AreNamed(model) ? Side.Of(model).SelectMany(static s => (string[])[.. Blocks(s), "_hidden"], static (s, name) => Names.Pascal(s.Name + name)) : [],
            .. Blocks(new Side("", model, o)).Select(static name => Names.Pascal(name.Substring(1))),
            "Hidden",
            .. If(o.Pooling != Pooling.None, "Pooled"),
            .. If(model.Get<ClassificationAttribute>() is { Distilled: true }, "ClassLogits", "DistillationLogits"),
            .. If(model.Attributes.Any(static a => a is ClassificationAttribute or CausalLanguageModelAttribute or MaskedLanguageModelAttribute), "Logits"),
            .. If(model.Get<MaskedLanguageModelAttribute>() is { NextSentence: true }, "NextSentenceLogits"),
        ];
    }

    // What a tower gives of its blocks.
    private static IEnumerable<string> Blocks(Side s) => [.. If(s.HasHiddenStates, "_hidden_states"), .. If(s.HasAttentions, "_attentions"), .. If(s.HasAttentions && s.ReadsTower, "_cross_attentions")];

    private static IEnumerable<string> Queries(BoundModel model)
    {
        var (compares, says) = (!HasLoss(model) || model.Get<QueryContrastiveAttribute>() is not null, model.Get<ImageGroundedTextAttribute>() is not null);
        return
        [
            .. Side.All(model).Where(s => s.Name != "text" || compares).SelectMany(static s => (string[])[.. Blocks(s), "_hidden"], static (s, name) => Names.Pascal(s.Name + name)),
            .. If(compares, "ImageFeatures", "TextFeatures", "Logits"),
            .. If(!HasLoss(model) || model.Get<ImageTextMatchingAttribute>() is not null, "MatchLogits"),
            .. If(says, "SaidHidden", "SaidLogits"),
        ];
    }

    private static IEnumerable<string> Targets(Attribute attribute, IReadOnlyList<Side> sides) => attribute switch
    {
        ClassificationAttribute c => [c.Targets == ClassTargets.Probabilities ? "float[] Probabilities" : $"{(c.MultiLabel ? "float" : "int")}[] Labels", .. If(c.Distilled, $"{(c.MultiLabel ? "float" : "int")}[] TeacherLabels"), .. If(c.TeacherShare > 0, "float[] TeacherLogits")],
        CausalLanguageModelAttribute => ["int[] Targets"],
        MaskedLanguageModelAttribute m => ["int[] Targets", .. If(m.NextSentence, "int[] NextSentence")],
        FeatureRegressionAttribute f => [.. If(f.Hidden, "float[] HiddenTarget"), .. If(f.Pooled, "float[] PooledTarget")],
        ContrastiveAttribute { ByIds: true } or QueryContrastiveAttribute { ByIds: true } => ["int[] Ids"],
        ImageTextMatchingAttribute { Negatives: HardNegatives.Given } => ["int[] Labels"],
        SimilarityDistillationAttribute => sides.Select(static s => $"float[] {Names.Pascal(s.Name)}Teacher"),
        SupervisedContrastiveAttribute => ["int[] Labels"],
        _ => [],
    };

    private static string[] If(bool condition, params string[] lines) => condition ? lines : [];
}
