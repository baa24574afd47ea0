using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>BLIP-2's Q-Former by itself (Blip2QFormerModel with its queries beside it), whose pictures come as another model's vectors.</summary>
internal sealed class HuggingFaceQFormer : TowersFamily
{
    private const string ClassName = "Blip2QFormerModel", WidthKey = "encoder_hidden_size";

    // Patches and class token of BLIP-2's pictures, 224 pixels in patches of 14: no key says how many there are.
    private const int Patches = 257;

    private static readonly HuggingFaceBlip2QFormer s_queries = new(CheckpointFormat.HuggingFaceBlip2QFormer);

    private static readonly IReadOnlyList<TowerFormat> s_towers = [new("image", new EncoderStates(), "", "")];

    public override CheckpointFormat Format => CheckpointFormat.HuggingFaceBlip2QFormer;

    public override IReadOnlyList<ConfigRow> Rows { get; } =
    [
        .. s_queries.Rows,
        ConfigRow.Written("architectures", static _ => new object?[] { ClassName }),
        ConfigRow.Size("num_query_tokens", "Queries", 32),
    ];

    public override IReadOnlyList<string> Neutral => s_queries.Neutral;

    protected override string Composition => "QFormer";

    protected override IEnumerable<TensorRule> Own => [new("query_tokens", "embeddings.queries") { Stored = static s => [1, .. s] }, .. BertQFormer.Tensors("layernorm", "attention").Select(static r => r.Under("qformer.", "", ""))];

    public override bool Recognises(ConfigFile config) => config.Text("model_type") == "blip_2_qformer";

    public override void Validate(BoundModel model, ProblemList p)
    {
        if (!Holds(model, p))
        {
            return;
        }

        s_queries.Validate(model, p);
        foreach (var format in s_towers)
        {
            format.Validate(model, p, static (_, _) => { });
        }
    }

    protected override IReadOnlyList<TowerFormat> Towers(BoundModel model) => s_towers;

    protected override IReadOnlyList<TowerFormat> Towers(ConfigFile config) => s_towers;

    protected override void Scaffold(ConfigFile config, CheckpointFamily family, ScaffoldedModel tower) => tower.Set("Width", config.Integer(WidthKey) ?? 1408, WidthKey);

    protected override void Objective(ConfigFile config, ScaffoldedModel s)
    {
        if (HuggingFaceConfig.Class(config) is var name && name != "" && name != ClassName)
        {
            s.Fail<object>("architectures", name, ClassName);
        }
    }

    /// <summary>What the queries read, of which the file has nothing but the width.</summary>
    private sealed class EncoderStates : CheckpointFamily
    {
        public override CheckpointFormat Format => CheckpointFormat.HuggingFaceBlip2QFormer;

        public override IReadOnlyList<ConfigRow> Rows => [];

        public override IReadOnlyList<string> Neutral => [];

        public override bool Recognises(ConfigFile config) => false;

        public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
        {
            s.Add("PrecomputedFeatures");
            s.Set("Tokens", Patches);
            s.Set("Padded", true);
        }

        public override void Validate(BoundModel model, ProblemList p)
        {
            if (model.Architecture is not PrecomputedFeaturesAttribute)
            {
                p.Add(Rules.FormatCannotExpress, model.Architecture, "", $"{Format} checkpoints hold no tower of pictures: name a class with [PrecomputedFeatures], or use CheckpointFormat.Native");
            }
        }

        public override IEnumerable<TensorRule> Tensors(BoundModel model) => [];
    }
}
