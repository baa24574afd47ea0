using ModelCompiler.Compiler.Layers;

namespace ModelCompiler.Testing;

/// <summary>A stored loss, bound to the project's own: how its graph is built, what its tensors are called here, and what moves beside the weights.</summary>
internal abstract class StoredLoss(LossFolder folder)
{
    // Ours and the references' names; a folder has one of them.
    private static readonly Dictionary<string, string[]> s_names = new()
    {
        ["image"] = ["im"],
        ["text"] = ["s"],
        [JointSpace.Temperature] = ["temp"],
        ["image" + SimilarityDistillationLoss.Teacher] = ["dist_image"],
        ["text" + SimilarityDistillationLoss.Teacher] = ["dist_text"],
        [ContrastiveLoss.Ids] = ["idx"],
        ["labels"] = ["targets"],
        [SupervisedContrastiveLoss.Numbers] = ["labels"],
        ["teacher_logits"] = ["teacher"],
    };

    private static readonly Dictionary<string, string> s_outputs = new()
    {
        ["logits_per_image"] = "logits",
        ["similarity"] = "logits",
        ["scores"] = "logits",
        ["im"] = "image_features",
        ["s"] = "text_features",
    };

    public LossFolder Folder => folder;

    /// <summary>Outputs of the reference that no pass of ours forms by itself: one way of two, a term of a sum, scores that are never stored.</summary>
    public IReadOnlyCollection<string> Unformed { get; init; } = [];

    /// <summary>Those of them that the folder has.</summary>
    public string[] NotCompared => [.. folder.Outputs.Keys.Where(Unformed.Contains).Order(StringComparer.Ordinal)];

    /// <summary>Parts that do not learn.</summary>
    public virtual string[] Frozen => [];

    /// <summary>Adds outputs, among them <c>loss</c>.</summary>
    public abstract void Build(LossBuilder b);

    /// <summary>What moves before a pass.</summary>
    public virtual void Begin(IDictionary<string, double[]> weights)
    {
    }

    /// <summary>What moves behind a pass.</summary>
    public virtual void End(IDictionary<string, double[]> weights, IReadOnlyDictionary<string, double[]> outputs)
    {
    }

    /// <summary>Tensors that are neither weights nor made by a pass alone, by the name that an output has behind one.</summary>
    public virtual IEnumerable<KeyValuePair<string, double[]>> State(IReadOnlyDictionary<string, double[]> weights) => [];

    /// <summary>The folder's name of one of our tensors.</summary>
    public static string Theirs<T>(string ours, IReadOnlyDictionary<string, T> tensors) => s_names.GetValueOrDefault(ours, []).FirstOrDefault(tensors.ContainsKey) ?? ours;

    /// <summary>Our name of an output of the reference.</summary>
    public static string Output(string theirs) => s_outputs.GetValueOrDefault(theirs, theirs);
}

/// <summary>A stored loss that needs no more than its graph.</summary>
internal sealed class GraphLoss(LossFolder folder, Action<LossBuilder> build) : StoredLoss(folder)
{
    public override void Build(LossBuilder b) => build(b);
}
