namespace ModelCompiler;

/// <summary>The options shared by transformers that read token ids.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class TextTransformerAttribute : TransformerAttribute
{
    /// <summary>
    /// Number of token ids; ids run from 0 to <c>Vocabulary - 1</c>. Left out, it is what <see cref="Tokenizer"/> needs; written beside one, it is
    /// that or a little more, as tables are padded.
    /// </summary>
    public int Vocabulary { get; set; }

    /// <summary>
    /// The tokenizer whose ids the model reads: a <c>tokenizer.json</c>, <c>vocab.txt</c> or <c>vocab.json</c> of the project, or a folder with one
    /// of them, by its path from the project's folder. It changes no number of the model; a build compares its size.
    /// </summary>
    public string Tokenizer { get; set; } = "";

    /// <summary>Greatest number of tokens in a row.</summary>
    public int Context { get; set; }

    /// <summary>Number of segment (token type) ids; 0 means no segment embedding.</summary>
    public int Segments { get; set; }

    /// <summary>The id that pads rows: it is never the last token and, in encoders, its embedding gets no gradient. -1 means none.</summary>
    public int PaddingToken { get; set; } = -1;

    /// <summary>
    /// Padding is a token like any other: it is seen, and the last token of a row is its last position (SigLIP, whose rows are all filled up
    /// to one length). The mask of a batch is not read; not with a <see cref="PaddingToken"/> or means.
    /// </summary>
    public bool AttendPadding { get; set; }

    /// <summary>The id that ends a text, for <see cref="Pooling.End"/>; -1 means none.</summary>
    public int EndToken { get; set; } = -1;

    /// <summary>Whether the embedding of <see cref="PaddingToken"/> learns from being looked up. <see cref="Toggle.Auto"/>: in decoders only.</summary>
    public Toggle LearnPadding { get; set; } = Toggle.Auto;

    /// <summary>
    /// Channels of the token table, projected to <see cref="TransformerAttribute.Width"/> behind it and back behind the last block (OPT's
    /// word_embed_proj_dim); 0 means <see cref="TransformerAttribute.Width"/>, without projections.
    /// </summary>
    public int EmbeddingWidth { get; set; }

    /// <summary>
    /// Position of the first token in the position table. With a <see cref="PaddingToken"/> and an offset above 0,
    /// positions count the tokens that are not padding, by their ids in encoders (RoBERTa) and by the mask in decoders (OPT), and
    /// padding has position <c>PositionOffset - 1</c>; the table then has <c>Context + PositionOffset</c> rows.
    /// </summary>
    public int PositionOffset { get; set; }

    /// <summary>Positions count padding like every token, whatever <see cref="PositionOffset"/> is (BART).</summary>
    public bool CountPadding { get; set; }

    /// <summary>Token vectors are multiplied by sqrt(<see cref="TransformerAttribute.Width"/>) before positions are added (Vaswani et al. 2017, section 3.4).</summary>
    public bool ScaleEmbeddings { get; set; }

    /// <summary>Of <see cref="Positions.Rotary"/>: pair i of n turns by position / base^(i / n); above 1.</summary>
    public double RotaryBase { get; set; } = 10_000;
}
