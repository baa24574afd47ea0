using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>
/// A tower of CLIP as Hugging Face transformers stores it: with its projection to the joint space, which is a linear pooler without
/// a bias (CLIPTextModelWithProjection, CLIPVisionModelWithProjection), or without it (CLIPTextModel, CLIPVisionModel).
/// </summary>
/// <param name="modelType">The value of <c>model_type</c>.</param>
/// <param name="name">The class without a projection.</param>
internal abstract class HuggingFaceClipTower(string modelType, string name) : CheckpointFamily
{
    private const string WidthKey = "projection_dim";
    private const long ProjectionWidth = 512;

    /// <summary>Options of the projection.</summary>
    protected static readonly string[] Expressed = [nameof(TransformerAttribute.Pooler), nameof(TransformerAttribute.PoolerWidth), nameof(TransformerAttribute.PoolerBias)];

    private readonly string _projecting = name + "WithProjection";

    protected override string[] Ignored => ["*.position_ids"];

    // The mask says what is padding.
    public override IReadOnlyList<string> Neutral => [.. HuggingFaceConfig.Neutral, "pad_token_id"];

    public override IReadOnlyList<ConfigRow> Rows =>
    [
        ConfigRow.Fixed("model_type", modelType),
        ConfigRow.Written("architectures", m => new object?[] { Projects(m) ? _projecting : name }),
        ConfigRow.Size(WidthKey, static m => Projects(m) && m.Architecture is TransformerAttribute o ? (long)(o.PoolerWidth == 0 ? o.Width : o.PoolerWidth) : ProjectionWidth) with { Default = ProjectionWidth, IsCompared = false },
        .. OwnRows,
        ConfigRow.Fixed("dropout", [0.0]) with { IsCompared = false },
    ];

    /// <summary>Rows of the tower itself.</summary>
    protected abstract IReadOnlyList<ConfigRow> OwnRows { get; }

    public override bool Recognises(ConfigFile config) => config.Text("model_type") == modelType;

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        ScaffoldTower(s);
        var written = HuggingFaceConfig.Class(config);
        if (written == _projecting)
        {
            s.Set("Pooler", Pooler.Linear, "architectures");
            s.Set("PoolerWidth", config.Integer(WidthKey) ?? ProjectionWidth, WidthKey);
            s.Set("PoolerBias", false);
        }
        else if (written != "" && written != name)
        {
            s.Fail<object>("architectures", written, $"{name}, {_projecting}");
        }
    }

    /// <summary>Adds the architecture, with what no key says of it.</summary>
    protected abstract void ScaffoldTower(ScaffoldedModel s);

    /// <summary>Adds what the format cannot hold of the projection.</summary>
    protected void Projection(ProblemList p, TransformerAttribute o)
    {
        Require(p, o, nameof(o.Pooler), o.Pooler, Pooler.None, Pooler.Linear);
        if (o.Pooler == Pooler.Linear)
        {
            Require(p, o, nameof(o.PoolerBias), o.PoolerBias, false);
        }
    }

    private static bool Projects(BoundModel model) => model.Architecture is TransformerAttribute { Pooler: not Pooler.None };
}
