using System.Text.RegularExpressions;

namespace ModelCompiler.Ptx.Text;

/// <summary>The words of a text, one after another.</summary>
internal sealed partial class PtxTokens
{
    private readonly string _text;
    private readonly Match[] _tokens;
    private int _at;

    public PtxTokens(string text)
    {
        _text = Comment().Replace(text, static m => new string(' ', m.Length));
        _tokens = [.. Token().Matches(_text).Cast<Match>()];
    }

    public bool IsAtEnd => _at == _tokens.Length;

    /// <summary>Where the next word stands in the text.</summary>
    public int Position => IsAtEnd ? _text.Length : _tokens[_at].Index;

    public string Peek(int ahead = 0) => _at + ahead < _tokens.Length ? _tokens[_at + ahead].Value : "";

    public string Next() => IsAtEnd ? throw new PtxException("the text ends in the middle") : _tokens[_at++].Value;

    /// <summary>Takes a word if it is the next.</summary>
    public bool Take(string word)
    {
        var isNext = Peek() == word;
        _at += isNext ? 1 : 0;
        return isNext;
    }

    public void Expect(string word)
    {
        if (!Take(word))
        {
            throw new PtxException($"{word} expected, not {Peek()}, at: {Since(Position, Math.Min(Position + 60, _text.Length))}");
        }
    }

    /// <summary>A stretch of the text on one line.</summary>
    public string Since(int start, int end) => Space().Replace(_text[start..end].Trim(), " ");

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"[\w.$%]+(?:::[\w.]+)*|""[^""]*""|\S")]
    private static partial Regex Token();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
