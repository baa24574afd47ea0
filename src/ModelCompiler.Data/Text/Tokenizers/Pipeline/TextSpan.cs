namespace ModelCompiler.Data;

/// <summary>A stretch of a text in UTF-16 units, so that <c>text[span.Start..span.End]</c> is what it covers.</summary>
public readonly record struct TextSpan(int Start, int End)
{
    /// <summary>Units, 0 for a token that stands for no text.</summary>
    public int Length => End - Start;

    public override string ToString() => $"{Start}..{End}";
}
