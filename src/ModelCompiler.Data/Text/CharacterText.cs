using System.Text;

namespace ModelCompiler.Data;

/// <summary>A text as character tokens, its beginning to learn from and its end held out: the simplest data for a language model.</summary>
public sealed class CharacterText
{
    private readonly int[] _tokens;
    private readonly int _train;

    /// <param name="text">At least one character.</param>
    /// <param name="heldOut">Fraction of the characters, from the end, that is held out: 0 to less than 1.</param>
    /// <exception cref="ArgumentException"><paramref name="text"/> is empty or holds half of a surrogate pair.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="heldOut"/> is outside its range.</exception>
    public CharacterText(string text, double heldOut = 0.1)
    {
        if (!(heldOut >= 0 && heldOut < 1))
            throw new ArgumentOutOfRangeException(nameof(heldOut), heldOut, $"A held-out fraction of {heldOut}; legal is 0 to less than 1.");
        Vocabulary = new CharacterVocabulary(text);
        _tokens = Vocabulary.Encode(text);
        _train = _tokens.Length - (int)(_tokens.Length * heldOut);
    }

    /// <summary>Reads a UTF-8 file, with or without byte order mark.</summary>
    /// <exception cref="InvalidDataException">The file is empty or not UTF-8.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static CharacterText Read(string path, double heldOut = 0.1)
    {
        var bytes = File.ReadAllBytes(path).AsSpan();
        if (bytes.StartsWith("\uFEFF"u8))
            bytes = bytes[3..];
        if (bytes.IsEmpty)
            throw new InvalidDataException($"{path}: the file holds no text; legal is at least one character.");
        try
        {
            return new CharacterText(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes), heldOut);
        }
        catch (DecoderFallbackException error)
        {
            throw new InvalidDataException($"{path}: not UTF-8: {error.Message}", error);
        }
    }

    /// <summary>The characters of the whole text; those that occur in the held-out part only are tokens too.</summary>
    public CharacterVocabulary Vocabulary { get; }

    /// <summary>The tokens of one part.</summary>
    public ReadOnlyMemory<int> Tokens(Split split) => split == Split.Train ? _tokens.AsMemory(0, _train) : _tokens.AsMemory(_train);

    /// <summary>Windows of <paramref name="length"/> tokens over one part.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is below 1 or leaves no token to predict.</exception>
    public TokenWindows Windows(int length, Split split = Split.Train) => new(Tokens(split), length);
}
