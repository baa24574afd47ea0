namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>Marian's translators (Junczys-Dowmunt et al. 2018, arXiv:1804.00344) as Hugging Face transformers stores them: sines and cosines that are in no file.</summary>
internal sealed class HuggingFaceMarian : HuggingFaceSeq2Seq
{
    public override CheckpointFormat Format => CheckpointFormat.HuggingFaceMarian;

    public override string ModelType => "marian";

    protected override string ClassName => "MarianMTModel";

    // Older files hold the table.
    protected override string[] Ignored => ["*embed_positions.weight"];

    public override IReadOnlyList<ConfigRow> Shared { get; } =
    [
        ConfigRow.Size("vocab_size", "Vocabulary", 58101),
        ConfigRow.SizeOrNull("decoder_vocab_size", static m => (long)((TextTransformerAttribute)m.Architecture).Vocabulary) with { IsImplied = static _ => true, Synonyms = static _ => [null] },
        ConfigRow.Padding(learns: false) with { Default = 58100L },
        ConfigRow.Fixed("normalize_embedding", [false]),
        ConfigRow.Fixed("static_position_embeddings", [true]),
        ConfigRow.Fixed("share_encoder_decoder_embeddings", [true]),
    ];

    public override void Scaffold(ScaffoldedModel tower) => tower.Set("Positions", Positions.SinusoidalHalves);

    public override void Validate(TextTransformerAttribute o, Action<string, object, object> require)
    {
        require(nameof(o.EmbeddingNorm), o.EmbeddingNorm, false);
        require(nameof(o.Positions), o.Positions, Positions.SinusoidalHalves);
        require(nameof(o.PositionOffset), o.PositionOffset, 0);
    }
}
