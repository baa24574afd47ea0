using System.Collections.Concurrent;
using ModelCompiler.Cli.Hosting;
using ModelCompiler.Compiler.Spec;
using ModelCompiler.Runtime.Cpu;
using ModelCompiler.Testing;

namespace ModelCompiler.Runtime.Tests;

/// <summary>Small emitted models, each compiled once.</summary>
internal static class HostedModels
{
    private static readonly ConcurrentDictionary<ModelSpec, Lazy<HostedModel>> s_models = new();

    public static ModelSpec Gpt2 { get; } = Spec(
        ModelCases.Text("TransformerDecoder", ("Activation", Activation.GeluTanh)), ModelCases.Attribute("CausalLanguageModel"), Checkpoint(CheckpointFormat.HuggingFaceGpt2));

    public static ModelSpec Bert { get; } = Spec(
        ModelCases.Text("TransformerEncoder", ("Segments", 2), ("NormPlacement", NormPlacement.Post), ("EmbeddingNorm", true), ("NormEpsilon", 1e-12), ("Pooling", Pooling.Cls), ("Pooler", Pooler.Tanh), ("PaddingToken", 0)),
        ModelCases.Attribute("MaskedLanguageModel", ("NextSentence", true)), Checkpoint(CheckpointFormat.HuggingFaceBert));

    public static ModelSpec Vit { get; } = Spec(ModelCases.All["vit"]);

    public static ModelSpec Spec(params AttributeSpec[] attributes) => ModelCases.Bind(attributes).Spec;

    /// <summary>A new model of a spec with weights of a seed, on two threads.</summary>
    public static IModel Create(ModelSpec spec, ulong seed = 1, InstructionSet? set = null) =>
        s_models.GetOrAdd(spec, static s => new Lazy<HostedModel>(() => HostedModel.Compile(s))).Value.Create(new CpuDevice(2, set), seed);

    /// <summary>All weights, by name.</summary>
    public static Dictionary<string, float[]> Weights(IModel model) => model.Core.Parameters.ToDictionary(static p => p.Key, static p => p.Value.ToArray());

    private static AttributeSpec Checkpoint(CheckpointFormat format) => ModelCases.Attribute("Checkpoint", ("format", format));
}
