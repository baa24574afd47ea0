namespace ModelCompiler.Data;

/// <summary>CLIP's expression: a contraction, letters, one digit, or what is neither; white space matches nothing.</summary>
/// <param name="hasMarkers">The expression names the two special tokens before all else, as OpenAI's files do.</param>
internal sealed class ClipPattern(bool hasMarkers) : TextPattern
{
    private const string Start = "<|startoftext|>", EndOfText = "<|endoftext|>";

    public override string Source => (hasMarkers ? @"<\|startoftext\|>|<\|endoftext\|>|" : "") + @"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+";

    internal override TextSpan Next(ReadOnlySpan<char> text, int from)
    {
        while (from < text.Length && Scalars.Of(text[from]).HasFlag(ScalarKind.Space))
            from++;
        if (from == text.Length)
            return default;
        if (hasMarkers && text[from] == '<')
        {
            var rest = text[from..];
            if (rest.StartsWith(Start) || rest.StartsWith(EndOfText))
                return new(from, from + (rest.StartsWith(Start) ? Start.Length : EndOfText.Length));
        }

        if (text[from] == '\'' && Gpt2Pattern.Contraction(text, from) is var length and > 0)
            return new(from, from + length);
        var kind = Scalars.At(text, from, out var units) & (ScalarKind.Letter | ScalarKind.Number);
        return new(from, kind == ScalarKind.Number ? from + units : Gpt2Pattern.Run(text, from + units, kind));
    }
}
