using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>Puts special tokens around texts, numbers segments and trims spans. A part of a <see cref="Tokenizer"/>.</summary>
public abstract class PostProcessor
{
    private protected PostProcessor()
    {
    }

    /// <summary>One text alone; null: the text as it is, segment 0.</summary>
    internal virtual IReadOnlyList<TemplatePiece>? Single => null;

    /// <summary>Two texts; null: one behind the other, segments 0 and 1.</summary>
    internal virtual IReadOnlyList<TemplatePiece>? Pair => null;

    /// <summary>Spans leave out the white space that tokens begin or end with.</summary>
    internal virtual bool TrimsSpans => false;

    /// <summary>A first space that was put before the text is not to be trimmed.</summary>
    internal virtual bool HasPrefixSpace => false;

    internal abstract void Write(Utf8JsonWriter json);
}
