using System.Text;

namespace ModelCompiler.Data;

/// <summary>A token for every distinct character of a text: its Unicode scalars in ascending order, numbered from 0.</summary>
public sealed class CharacterVocabulary
{
    private readonly Rune[] _characters;
    private readonly Dictionary<Rune, int> _tokens = [];

    /// <param name="text">Holds every character at least once.</param>
    /// <exception cref="ArgumentException"><paramref name="text"/> is empty or holds half of a surrogate pair.</exception>
    public CharacterVocabulary(string text)
    {
        if (text.Length == 0)
            throw new ArgumentException("The text is empty; a vocabulary needs at least one character.", nameof(text));
        _characters = [.. Scalars(text).Distinct().Order()];
        for (var token = 0; token < _characters.Length; token++)
            _tokens.Add(_characters[token], token);
    }

    /// <summary>Number of tokens.</summary>
    public int Count => _characters.Length;

    /// <summary>The character of each token.</summary>
    public IReadOnlyList<Rune> Characters => _characters;

    /// <summary>One token for each character of <paramref name="text"/>.</summary>
    /// <exception cref="ArgumentException">A character is not in the vocabulary, or is half of a surrogate pair.</exception>
    public int[] Encode(string text)
    {
        var tokens = new List<int>(text.Length);
        foreach (var character in Scalars(text))
        {
            if (!_tokens.TryGetValue(character, out var token))
            {
                throw new ArgumentException(
                    $"Character '{character}' (U+{character.Value:X4}), number {tokens.Count} of the text, is not among the vocabulary's {Count}.", nameof(text));
            }

            tokens.Add(token);
        }

        return [.. tokens];
    }

    /// <summary>The characters of <paramref name="tokens"/>, each 0..<see cref="Count"/> - 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A token is outside that range.</exception>
    public string Decode(ReadOnlySpan<int> tokens)
    {
        var text = new StringBuilder(tokens.Length);
        Span<char> units = stackalloc char[2];
        foreach (var token in tokens)
        {
            if ((uint)token >= (uint)Count)
                throw new ArgumentOutOfRangeException(nameof(tokens), token, $"Token {token} has no character; legal is 0..{Count - 1}.");
            text.Append(units[.._characters[token].EncodeToUtf16(units)]);
        }

        return text.ToString();
    }

    private static IEnumerable<Rune> Scalars(string text)
    {
        for (var i = 0; i < text.Length;)
        {
            if (!Rune.TryGetRuneAt(text, i, out var character))
            {
                throw new ArgumentException(
                    $"Position {i} holds U+{(int)text[i]:X4}, half of a surrogate pair; legal are whole Unicode characters.", nameof(text));
            }

            yield return character;
            i += character.Utf16SequenceLength;
        }
    }
}
