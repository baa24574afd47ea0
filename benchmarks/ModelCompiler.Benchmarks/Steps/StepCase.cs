using ModelCompiler.Runtime;

namespace ModelCompiler.Benchmarks.Steps;

/// <summary>A training step that is measured.</summary>
/// <param name="Kind">gpt, bert, vit, clip or qformer.</param>
/// <param name="Outputs">Tokens of the vocabulary, or classes.</param>
/// <param name="Size">Tokens of a row, or pixels of a picture's side.</param>
/// <param name="Layers">Of a clip those of its tower of pictures, of a Q-Former its own.</param>
/// <param name="Goal">Share of the peak that is to be reached.</param>
internal sealed record StepCase(string Name, Type Model, string Kind, int Outputs, int Size, int Width, int Layers, int Heads, int Batch, double Goal)
{
    private const int Patch = 16;

    // The tower of text of a clip, as wide as that of pictures; texts beside a Q-Former's queries are as long.
    private const int TextLayers = 6, TextLength = 32;

    public static IReadOnlyList<StepCase> All { get; } =
    [
        new("gpt-128", typeof(Gpt128), "gpt", 65, 64, 128, 4, 4, 12, 0.50),
        new("gpt-384", typeof(Gpt384), "gpt", 65, 256, 384, 6, 6, 8, 0.70),
        new("gpt-768", typeof(Gpt768), "gpt", 50257, 256, 768, 4, 12, 2, 0.62),
        new("vit-s", typeof(VitS), "vit", 1000, 224, 384, 12, 6, 4, 0.60),
        new("bert-768", typeof(Bert768), "bert", 30522, 128, 768, 4, 12, 8, 0.62),
    ];

    /// <summary>Two towers that meet: a goal of its own.</summary>
    public static StepCase Clip { get; } = new("clip", typeof(ClipS), "clip", 49_408, 128, 384, 12, 6, 32, 0.58);

    /// <summary>Queries beside texts, three objectives: a goal of its own.</summary>
    public static StepCase QFormer { get; } = new("qformer", typeof(QFormerS), "qformer", 30_523, 112, 384, 6, 6, 32, 0.50);

    public static StepCase Named(string name) => All.Append(Clip).Append(QFormer).FirstOrDefault(c => c.Name == name)
        ?? throw new ArgumentException($"There is no step '{name}'; there are {string.Join(", ", All.Append(Clip).Append(QFormer).Select(static c => c.Name))}.", nameof(name));

    private bool IsPicture => Kind is "vit" or "clip";

    private int Patches => Size / Patch * (Size / Patch);

    /// <summary>The length that the model is told: pictures have none.</summary>
    public int Length => Kind is "clip" or "qformer" ? TextLength : IsPicture ? 1 : Size;

    /// <summary>What a batch is asked.</summary>
    public int Targets => Kind == "clip" ? Batch : Batch * Length;

    /// <summary>Of one step.</summary>
    public double Operations => Kind == "qformer" ? QFormerOperations.Of(Width, Layers, Patches + 1, Length, 3 * Patch * Patch, Outputs, Batch) : GpuCheck.Speed.Operations.OfBlocks(Layers, Width, IsPicture ? Patches + 1 : Size, Batch) + Kind switch
    {
        "gpt" => GpuCheck.Speed.Operations.Of(Width, Outputs, Batch * Size),
        "bert" => GpuCheck.Speed.Operations.Of(Width, Outputs + Width, Batch * Size),
        "clip" => GpuCheck.Speed.Operations.Of(3 * Patch * Patch, Width, Batch * Patches) + GpuCheck.Speed.Operations.OfBlocks(TextLayers, Width, TextLength, Batch)
            + (2 * GpuCheck.Speed.Operations.Of(Width, Width, Batch)) + GpuCheck.Speed.Operations.Of(Width, Batch, Batch),
        _ => GpuCheck.Speed.Operations.Of(3 * Patch * Patch, Width, Batch * Patches) + GpuCheck.Speed.Operations.Of(Width, Outputs, Batch),
    };

    /// <summary>The arguments with which the peer makes the same model.</summary>
    public IEnumerable<string> PeerArguments(int threads) => [Kind, $"{Outputs}", $"{Size}", $"{Width}", $"{Layers}", $"{Heads}", $"{Batch}", $"{threads}"];

    /// <param name="model">The model's class; null: <see cref="Model"/> itself.</param>
    public StepRun Start(Device device, Type? model = null) => new(this, (IModel)Activator.CreateInstance(model ?? Model, device, 1UL)!);
}
