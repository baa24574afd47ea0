namespace ModelCompiler.Data;

/// <summary>A place of a template: special tokens, or one of the two texts.</summary>
/// <param name="Text">0 or 1 for the first or second text; null for special tokens.</param>
/// <param name="Tokens">The special token's parts with their ids; empty for a text.</param>
/// <param name="Name">What files call it: A, B, or the special token's name.</param>
/// <param name="Segment">Segment id of all its tokens.</param>
public sealed record TemplatePiece(string Name, int? Text, IReadOnlyList<(string Token, int Id)> Tokens, int Segment)
{
    /// <summary>The first or second text.</summary>
    public static TemplatePiece OfText(int text, int segment = 0) => new(text == 0 ? "A" : "B", text, [], segment);

    /// <summary>One special token.</summary>
    public static TemplatePiece OfToken(string token, int id, int segment = 0) => new(token, null, [(token, id)], segment);
}
