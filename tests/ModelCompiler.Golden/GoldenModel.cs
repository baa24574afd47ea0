using ModelCompiler.Cli.Hosting;
using ModelCompiler.Cli.Scaffolding;
using ModelCompiler.Compiler;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Golden;

/// <summary>A case whose options have no counterpart yet.</summary>
internal sealed class UnsupportedException(string message) : Exception(message);

/// <summary>The model of a case: scaffolded, with the case's training options, compiled and loaded.</summary>
internal static class GoldenModel
{
    /// <summary>What every case is trained with.</summary>
    public const string Optimizer = "AdamW";

    /// <param name="hasGpu">Emit programs for GPUs too.</param>
    /// <exception cref="UnsupportedException">The case asks for what has no counterpart.</exception>
    public static HostedModel Compile(GoldenFiles files, bool hasGpu)
    {
        if (files.Gradients is null && files.Generations.Count == 0)
        {
            throw new UnsupportedException("neither gradients nor generation");
        }

        var scaffold = CheckpointFolder.Scaffold(files.Folder, "Golden.Model");
        return scaffold.Spec is { } spec ? HostedModel.Compile(Complete(spec, files, Names(spec)) with { HasGpu = hasGpu }) : throw new UnsupportedException(string.Join("; ", [.. scaffold.Unsupported, .. Elsewhere(files)]));
    }

    // A loss of a text beside queries and of the same text alone is no model's: a test of the layers has it.
    private static IEnumerable<string> Elsewhere(GoldenFiles files) =>
        files.Outputs.Contains("text_only") ? ["outputs, gradients and steps of its layers are compared by QFormerTextTests"] : [];

    // What the case adds to the checkpoint's own model: hidden states, a loss where the class has none, an optimizer, frozen parts.
    private static ModelSpec Complete(ModelSpec spec, GoldenFiles files, IReadOnlyDictionary<string, string[]> names)
    {
        var attributes = spec.Attributes.ToList();
        if (attributes[0].TypeArguments.Count > 0)
        {
            attributes[0] = attributes[0] with { TypeArguments = new(attributes[0].TypeArguments.Select(static t => t with { Attributes = new(t.Attributes.Select(static (a, i) => i > 0 ? a : With(a, "HiddenStates", new SpecValue.Flag(true)))) })) };
        }

        if (AttributeBinder.TypeOf(attributes[0].Name).IsAssignableTo(typeof(TransformerAttribute)))
        {
            Set(0, "HiddenStates", new SpecValue.Flag(true));
        }

        if (files.Inputs.Contains("pixel_values") && attributes[0].Name == "VisionTransformer")
        {
            Resize(files.Inputs["pixel_values"].Shape);
        }

        if (!attributes.Any(static a => AttributeBinder.TypeOf(a.Name).IsAssignableTo(typeof(ObjectiveAttribute))) && files.Gradients is not null)
        {
            attributes.Add(new AttributeSpec("FeatureRegression", new(
            [
                new ArgumentSpec("Hidden", new SpecValue.Flag(files.Inputs.Contains("target") || files.Inputs.Contains("hidden_target"))),
                new ArgumentSpec("Pooled", new SpecValue.Flag(files.Inputs.Contains("pooler_target") || files.Inputs.Contains("embeds_target"))),
            ]), default));
        }

        Queries(attributes, files, names);
        if (files.Training is { Optimizer: Optimizer } training)
        {
            attributes.Add(new AttributeSpec(Optimizer, new(
            [
                .. Steps(training),
                new ArgumentSpec("DecayEmbeddings", new SpecValue.Flag(training.Decayed.Any(d => names.TryGetValue(d, out var ours) && ours.Any(static o => o.EndsWith("embeddings.token.weight", StringComparison.Ordinal))))),
                new ArgumentSpec("DecayTokens", new SpecValue.Flag(names.FirstOrDefault(static n => n.Value.Any(static o => o.EndsWith("class_token", StringComparison.Ordinal))).Key is not { } token || training.Decayed.Contains(token))),
            ]), default));
            if (training.ClipNorm is { } clip)
            {
                attributes.Add(new AttributeSpec("ClipGradients", new([Real("norm", clip)]), default));
            }
        }

        // What has no gradient in the reference is frozen, whatever a folder of this kind is usually trained with.
        attributes.RemoveAll(static a => a.Name == "Freeze");
        SpecValue[] parts = [.. names.Where(n => files.Gradients?.Contains(n.Key) == false).SelectMany(static n => n.Value).Select(static p => new SpecValue.Text(p))];
        if (parts.Length > 0)
        {
            attributes.Add(new AttributeSpec("Freeze", new([new ArgumentSpec("parts", new SpecValue.List(new(parts)))]), default));
        }

        return spec with { Attributes = new(attributes) };

        void Set(int attribute, string name, SpecValue value) => attributes[attribute] = With(attributes[attribute], name, value);

        // Pictures of another size than the checkpoint's: its position table is resized on the way.
        void Resize(int[] pictures)
        {
            var o = (VisionTransformerAttribute)AttributeBinder.Bind(spec).Model.Architecture;
            var (height, width) = (o.ImageHeight == 0 ? o.ImageSize : o.ImageHeight, o.ImageWidth == 0 ? o.ImageSize : o.ImageWidth);
            if (pictures[2] != height || pictures[3] != width)
            {
                Set(0, "ImageHeight", new SpecValue.Integer(pictures[2]));
                Set(0, "ImageWidth", new SpecValue.Integer(pictures[3]));
                Set(0, "PositionRows", new SpecValue.Integer(height / (o.PatchHeight == 0 ? o.PatchSize : o.PatchHeight)));
                Set(0, "PositionColumns", new SpecValue.Integer(width / (o.PatchWidth == 0 ? o.PatchSize : o.PatchWidth)));
            }
        }
    }

    /// <summary>AdamW's numbers.</summary>
    public static IEnumerable<ArgumentSpec> Steps(GoldenTraining training) =>
    [
        Real("LearningRate", training.LearningRate), Real("Beta1", training.Beta1), Real("Beta2", training.Beta2), Real("Epsilon", training.Epsilon), Real("WeightDecay", training.WeightDecay),
    ];

    private static ArgumentSpec Real(string name, double value) => new(name, new SpecValue.Real(value));

    // Of a Q-Former beside texts: what a folder does not say of how it is trained.
    private static void Queries(List<AttributeSpec> attributes, GoldenFiles files, IReadOnlyDictionary<string, string[]> names)
    {
        var isGiven = files.Inputs.Contains("matched");
        Set("ImageTextMatching", "Negatives", new SpecValue.Integer((int)(isGiven ? HardNegatives.Given : HardNegatives.MostSimilar)));
        Set("QueryContrastive", "LabelSmoothing", new SpecValue.Real(isGiven ? 0 : 0.1));
        Set("QueryContrastive", "ByIds", new SpecValue.Flag(files.Inputs.Contains("image_id")));
        Set("Blip2Pretraining", "DecayScale", new SpecValue.Flag(files.Training?.Decayed.Any(d => names.TryGetValue(d, out var ours) && ours.Contains("temperature")) == true));

        void Set(string attribute, string name, SpecValue value)
        {
            var at = attributes.FindIndex(a => a.Name == attribute);
            if (at >= 0)
            {
                attributes[at] = With(attributes[at], name, value);
            }
        }
    }

    private static AttributeSpec With(AttributeSpec attribute, string name, SpecValue value) => attribute with
    {
        Arguments = new(attribute.Arguments.Where(a => a.Name != name).Append(new ArgumentSpec(name, value))),
    };

    // Their names with ours: which parameters a tensor of the format is made of.
    private static IReadOnlyDictionary<string, string[]> Names(ModelSpec spec) =>
        CompilerPipeline.CheckpointOf(spec).Tensors.ToDictionary(static t => t.Name, static t => t.Parameters);
}
