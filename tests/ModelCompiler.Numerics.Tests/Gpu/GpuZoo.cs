using System.Collections.Concurrent;
using System.Reflection;
using ModelCompiler.Cli.Hosting;
using ModelCompiler.Compiler.Emit.Gpu;
using ModelCompiler.Compiler.Spec;
using ModelCompiler.Gpu;
using ModelCompiler.Gpu.Offline;
using ModelCompiler.GpuCheck;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime;
using ModelCompiler.Testing;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Every program for GPUs that tests look at: rows of ops, small models of every kind, three as wide as published ones, one of mixed precision, and small ones of models/.</summary>
internal static class GpuZoo
{
    private static readonly Lazy<HostedOps> s_ops = new(static () => new HostedOps(
        OpCases.All.Select(static row => KeyValuePair.Create(row.Key, row.Value.In(OpSetting.Recomputed))), GpuDialect.Instance));

    // Widths are what kernels are compiled for; depth and vocabulary only cost time.
    private static readonly IReadOnlyDictionary<string, AttributeSpec[]> s_wide = new Dictionary<string, AttributeSpec[]>
    {
        ["GPT-2's width"] =
        [
            ModelCases.Text("TransformerDecoder", ("Vocabulary", 503), ("Width", 768), ("Heads", 12), ("FeedForward", 3072), ("Activation", Activation.GeluTanh),
                ("EmbeddingDropout", 0.1), ("AttentionDropout", 0.1), ("ResidualDropout", 0.1)),
            ModelCases.Attribute("CausalLanguageModel"), ModelCases.Attribute("AdamW"), ModelCases.Attribute("ClipGradients", ("norm", 1.0)),
        ],
        ["BERT's width"] =
        [
            ModelCases.Text("TransformerEncoder", ("Vocabulary", 503), ("Segments", 2), ("Width", 768), ("Heads", 12), ("FeedForward", 3072), ("NormPlacement", NormPlacement.Post),
                ("EmbeddingNorm", true), ("Pooling", Pooling.Cls), ("Pooler", Pooler.Tanh), ("PaddingToken", 0), ("EmbeddingDropout", 0.1), ("ResidualDropout", 0.1)),
            ModelCases.Attribute("MaskedLanguageModel", ("NextSentence", true)), ModelCases.Attribute("AdamW"),
        ],
        ["ViT's width"] =
        [
            ModelCases.Vision(("ImageSize", 32), ("PatchSize", 16), ("Width", 768), ("Heads", 12), ("FeedForward", 3072)),
            ModelCases.Attribute("Classification", ("Classes", 1000)), ModelCases.Attribute("AdamW"), ModelCases.Attribute("AverageWeights", ("decay", 0.99)),
        ],
        ["mixed precision"] = new[]
        {
            ModelCases.Text("TransformerDecoder", ("Vocabulary", 503), ("Width", 256), ("Heads", 4), ("FeedForward", 1024), ("ResidualDropout", 0.1)),
            ModelCases.Attribute("CausalLanguageModel"), ModelCases.Attribute("AdamW"),
        }.Mixed(),
    };

    // Models whose products depend on the device, for NVIDIA's alone: in TF32, with narrow elements where there are no tensor cores, and
    // by cuBLAS, which leaves formulas and rounding to kernels.
    private static readonly IReadOnlyDictionary<string, (string Model, Func<GpuDevice, GpuDevice> On)> s_onDevices = new Dictionary<string, (string, Func<GpuDevice, GpuDevice>)>
    {
        ["TF32"] = ("GPT-2's width", static d => d.WithTf32()),
        ["small tiles in TF32"] = ("vit", static d => d.WithTf32()),
        ["mixed precision before capability 8.0"] = ("mixed precision", static d => new GpuDevice(d.Kind, d.Index, d.Name, 0) { Log = d.Log }),
        ["cuBLAS"] = ("GPT-2's width", static d => AllByCublas.Device(d.Log!, new PlayedCublas(computes: false))),
        ["cuBLAS in mixed precision"] = ("mixed precision", static d => AllByCublas.Device(d.Log!, new PlayedCublas(computes: false))),
    };

    // Models on a device without memory that groups are fast in, such as a CPU's cores: their products and attention are made by other kernels.
    private static readonly IReadOnlyDictionary<string, string> s_onCores = new[] { "vit", "gpt-dropout", "llama", "mixed precision" }.ToDictionary(static m => $"{m}, on cores");

    // A step and an evaluation of small ones of models/, for NVIDIA's devices alone: widths, towers and objectives as they are trained. Products of presets are left out, whose weights take
    // gigabytes and whose widths three models above have.
    private static readonly IReadOnlyDictionary<string, Func<GpuDevice, IModel>> s_examples = new Dictionary<string, Func<GpuDevice, IModel>>
    {
        [nameof(ShapesVit)] = static d => new ShapesVit(d, 1),
        [nameof(ShapesSpeaker)] = static d => new ShapesSpeaker(d, 1),
        [nameof(CaptionBert)] = static d => new CaptionBert(d, 1),
        [nameof(CaptionGpt)] = static d => new CaptionGpt(d, 1),
        [nameof(CharacterGpt)] = static d => new CharacterGpt(d, 1),
        [nameof(ShapesClip)] = static d => new ShapesClip(d, 1),
        [nameof(ShapesLocked)] = static d => new ShapesLocked(d, 1),
        [nameof(ShapesCaptioner)] = static d => new ShapesCaptioner(d, 1),
        [nameof(ShapesPretraining)] = static d => new ShapesPretraining(d, 1),
        [nameof(ShapesTeller)] = static d => new ShapesTeller(d, 1),
        [nameof(EmojiTowers)] = static d => new EmojiTowers(d, 1),
        [nameof(EmojiLocked)] = static d => new EmojiLocked(d, 1),
        [nameof(FlowersVit)] = static d => new FlowersVit(d, 1),
        [nameof(TextBert)] = static d => new TextBert(d, 1),
        [nameof(Translator)] = static d => new Translator(d, 1),
    };

    // Models that move something from step to step, or from token to token, by kernels of the library that no other part has.
    private static readonly string[] s_moving = ["momentum", "queue", "seq2seq"];

    // What products are made of, whoever makes them.
    private static readonly string[] s_ofProducts = ["GemmBy", nameof(ProductEnd), nameof(RoundedCopy)];

    private const string Rows = "rows of models/";

    private static readonly ConcurrentDictionary<string, Lazy<HostedModel>> s_models = [];

    private static readonly ConcurrentDictionary<(string Name, GpuKind Kind), Lazy<IReadOnlyDictionary<MethodInfo, int>>> s_kernels = [];

    /// <summary>The rows of ops, from one compilation.</summary>
    public static HostedOps Ops => s_ops.Value;

    public static IReadOnlyList<string> OpNames { get; } = [.. OpCases.All.Keys];

    // Between them: every schedule, masks, dropout, tied and frozen parameters, sums over rows, accumulation, averages, every optimizer.
    public static IReadOnlyList<string> SmallModels { get; } = ["vit", "vit-dropout", "vit-mean", "gpt-frozen", "gpt-dropout", "bert", "bag", "mlm-untied", "llama", "vit-bag"];

    public static IReadOnlyList<string> Models { get; } = [.. SmallModels, .. s_wide.Keys];

    /// <summary>Names of <see cref="Distinct"/>: the rows of ops together, each model, what some have besides, and what was emitted for models/ together.</summary>
    public static IReadOnlyList<string> Parts { get; } = ["ops", .. Models, .. s_moving, .. s_onCores.Keys, Rows];

    /// <summary>The same and more for NVIDIA's devices, of which some have tensor cores.</summary>
    public static IReadOnlyList<string> PtxParts { get; } = [.. Parts, .. s_onDevices.Keys, .. s_examples.Keys];

    public static HostedModel Model(string name) => s_wide.TryGetValue(name, out var wide)
        ? s_models.GetOrAdd(name, _ => new(() => HostedModel.Compile(ModelCases.Bind(wide).Spec with { HasGpu = true }))).Value
        : EngineModels.Of(name);

    /// <summary>The kernels of a row or of a model's training step, and the threads of their groups; nothing is run.</summary>
    public static IReadOnlyDictionary<MethodInfo, int> Kernels(string name, GpuKind kind) => s_kernels.GetOrAdd((name, kind), static k => new(() => Launched(k.Name, k.Kind))).Value;

    /// <summary>The kernels of a part; of models that are a part already, products or what the library has on cores, and of those that move something what the library has for it.</summary>
    public static IEnumerable<(MethodInfo Kernel, int Threads)> Distinct(string part, GpuKind kind)
    {
        if (part == Rows)
        {
            return ZooRows.Distinct(kind).Select(static k => (k, GpuContext.LargestGroup));
        }

        var kernels = part == "ops" ? OpNames.SelectMany(name => Kernels(name, kind)).DistinctBy(static k => k.Key) : Kernels(part, kind);
        return kernels.Where(k => s_onDevices.ContainsKey(part) ? IsOfProduct(k.Key) : s_onCores.ContainsKey(part) ? IsInLibrary(k.Key) : !s_moving.Contains(part) || IsOfLibrary(k.Key)).Select(static k => (k.Key, k.Value));
    }

    private static bool IsOfProduct(MethodInfo kernel) => s_ofProducts.Any(p => kernel.DeclaringType!.Name.StartsWith(p, StringComparison.Ordinal));

    private static bool IsOfLibrary(MethodInfo kernel) => IsInLibrary(kernel) && !IsOfProduct(kernel);

    private static bool IsInLibrary(MethodInfo kernel) => kernel.DeclaringType!.Assembly == typeof(GpuContext).Assembly;

    private static IReadOnlyDictionary<MethodInfo, int> Launched(string name, GpuKind kind)
    {
        var log = new LaunchLog();
        var device = GpuDevice.Absent(kind, log);
        if (s_onDevices.TryGetValue(name, out var other))
        {
            (name, device) = (other.Model, other.On(device));
        }

        if (s_onCores.TryGetValue(name, out var onCores))
        {
            (name, device) = (onCores, new GpuDevice(device.Kind, device.Index, device.Name, 0) { Log = log, IsGraphicsProcessor = false });
        }

        if (s_examples.TryGetValue(name, out var create))
        {
            using var example = create(device);
            Step(example.Core);
            return log.Threads;
        }

        if (OpCases.All.ContainsKey(name))
        {
            Ops.Run(name, device);
            return log.Threads;
        }

        using var model = Model(name).Create(device);
        var data = new InterpretedModel(s_wide.TryGetValue(name, out var wide) ? wide : ModelCases.All[name]);
        EngineModels.RunOnce(model, data);
        if (s_moving.Contains(name) && ModelCases.Generates(ModelCases.All[name]))
        {
            Decoded.RunOnce(DecodeTests.Data(name, 2, 4), name, device);
        }

        return log.Threads;
    }

    // What the inputs are does not matter where nothing runs.
    private static void Step(ModelCore core)
    {
        var batch = new MadeUpBatch(core.Description, kinds: 3, batch: 2, length: Math.Min(core.Description.MaxLength, 12), seed: 1);
        batch.Set(core);
        core.ComputeGradients(batch.Batch, batch.Length, accumulate: false);
        core.Step();
        batch.Set(core);
        core.Evaluate(batch.Batch, batch.Length);
    }
}
