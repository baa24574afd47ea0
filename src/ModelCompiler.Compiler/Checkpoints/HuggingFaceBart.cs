namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>BART (Lewis et al. 2019, arXiv:1910.13461) as Hugging Face transformers stores it: a norm over embeddings, positions in a table from its third row on, padding included.</summary>
internal sealed class HuggingFaceBart : HuggingFaceSeq2Seq
{
    private const int Offset = 2;

    public override CheckpointFormat Format => CheckpointFormat.HuggingFaceBart;

    public override string ModelType => "bart";

    protected override string ClassName => "BartForConditionalGeneration";

    public override IReadOnlyList<ConfigRow> Shared { get; } =
    [
        ConfigRow.Size("vocab_size", "Vocabulary", 50265),
        ConfigRow.Padding(learns: false) with { Default = 1L },
        ConfigRow.Fixed("normalize_embedding", [true]),
        ConfigRow.Fixed("static_position_embeddings", [false]),
    ];

    public override void Scaffold(ScaffoldedModel tower)
    {
        tower.Set("EmbeddingNorm", true);
        tower.Set("PositionOffset", Offset);
        tower.Set("CountPadding", true);
    }

    public override void Validate(TextTransformerAttribute o, Action<string, object, object> require)
    {
        require(nameof(o.EmbeddingNorm), o.EmbeddingNorm, true);
        require(nameof(o.Positions), o.Positions, Positions.Learned);
        require(nameof(o.PositionOffset), o.PositionOffset, Offset);
        require(nameof(o.CountPadding), o.CountPadding, true);
    }
}
