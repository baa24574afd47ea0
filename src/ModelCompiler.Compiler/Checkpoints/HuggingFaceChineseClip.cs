using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>Chinese CLIP as Hugging Face transformers stores it (ChineseCLIPModel): CLIP's tower of pictures, and a BERT whose first token is the text's.</summary>
internal sealed class HuggingFaceChineseClip : HuggingFaceTowers
{
    private static readonly IReadOnlyList<TowerFormat> s_towers =
    [
        new("image", new HuggingFaceClipVision(CheckpointFormat.HuggingFaceChineseClip, "chinese_clip_vision_model", "ChineseCLIPVisionModel"), "vision_config", "") { Repeat = "vision_config_dict" },
        new("text", new TextFormat(), "text_config", "text_model.") { Repeat = "text_config_dict" },
    ];

    public override CheckpointFormat Format => CheckpointFormat.HuggingFaceChineseClip;

    protected override string ModelType => "chinese_clip";

    protected override string ClassName => "ChineseCLIPModel";

    protected override IReadOnlyList<TowerFormat> Towers(BoundModel model) => s_towers;

    protected override IReadOnlyList<TowerFormat> Towers(ConfigFile config) => s_towers;

    protected override void Scaffold(ConfigFile config, CheckpointFamily family, ScaffoldedModel tower)
    {
        if (family is TextFormat)
        {
            tower.Set("Pooling", Pooling.Cls);
        }
    }

    protected override void Tower(CompositionAttribute c, CheckpointFamily family, TransformerAttribute o, ProblemList p)
    {
        Require(p, o, nameof(o.Pooling), o.Pooling, Pooling.Cls);
        Require(p, o, nameof(o.Pooler), o.Pooler, Pooler.None);
    }

    // BERT's body under another type.
    private sealed class TextFormat : HuggingFaceBert
    {
        private static readonly IReadOnlyList<ConfigRow> s_rows = [.. RowsOf("chinese_clip_text_model")];

        public override CheckpointFormat Format => CheckpointFormat.HuggingFaceChineseClip;

        public override IReadOnlyList<ConfigRow> Rows => s_rows;

        protected override string Stem => "ChineseCLIPText";

        protected override IReadOnlyList<string> Heads { get; } = ["Model"];
    }
}
