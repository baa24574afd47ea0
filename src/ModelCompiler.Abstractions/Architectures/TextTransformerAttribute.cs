namespace ModelCompiler;

/// <summary>The options shared by transformers that read token ids.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class TextTransformerAttribute : TransformerAttribute
{
    /// <summary>Number of token ids; ids run from 0 to <c>Vocabulary - 1</c>.</summary>
    public int Vocabulary { get; set; }

    /// <summary>Greatest number of tokens in a row.</summary>
    public int Context { get; set; }

    /// <summary>Number of segment (token type) ids; 0 means no segment embedding.</summary>
    public int Segments { get; set; }

    /// <summary>The id that pads rows: it is never the last token and, in encoders, its embedding gets no gradient. -1 means none.</summary>
    public int PaddingToken { get; set; } = -1;

    /// <summary>
    /// Position of the first token in the position table. With a <see cref="PaddingToken"/> and an offset above 0,
    /// positions count the tokens that are not padding, and padding has position <c>PositionOffset - 1</c> (RoBERTa);
    /// the table then has <c>Context + PositionOffset</c> rows.
    /// </summary>
    public int PositionOffset { get; set; }
}
