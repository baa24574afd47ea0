using System.Globalization;
using System.Text;

namespace ModelCompiler.Compiler.Spec;

/// <summary>
/// Walks through JSON of a file that nobody vouches for, from front to back and without keeping it. Whatever is not JSON, or is nested more than
/// <see cref="MostDepth"/> deep, is a <see cref="FormatException"/> that says where.
/// </summary>
internal sealed class JsonScanner(string text)
{
    /// <summary>Tokenizers need 10; each level takes some of the stack.</summary>
    public const int MostDepth = 64;

    private int _at, _depth;

    /// <summary>The next value's first character: <c>{ [ "</c> or that of a word or number.</summary>
    public char Next => Peek();

    /// <summary>An object; <paramref name="member"/> gets each name and must read or skip its value.</summary>
    public void Object(Action<string> member) => Nested('{', '}', () =>
    {
        var name = Text();
        Expect(':');
        member(name);
    });

    /// <summary>A list; <paramref name="item"/> must read or skip each of its values.</summary>
    public void List(Action item) => Nested('[', ']', item);

    /// <summary>A whole number from 0 to <paramref name="most"/>.</summary>
    public int Integer(int most)
    {
        var word = Word();
        return int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= most ? value
            : throw Wrong($"'{Short(word)}' is no id; legal are 0 to {most}");
    }

    /// <summary>A text with its escapes undone.</summary>
    public string Text()
    {
        Expect('"');
        var start = _at;
        while (_at < text.Length && text[_at] is not ('"' or '\\') and >= ' ')
        {
            _at++;
        }

        // Most have no escapes.
        if (_at < text.Length && text[_at] == '"')
        {
            return text.Substring(start, _at++ - start);
        }

        var result = new StringBuilder(text, start, _at - start, Math.Max(16, _at - start));
        while (_at < text.Length && text[_at] is not '"' and >= ' ')
        {
            result.Append(text[_at] == '\\' ? Escaped() : text[_at]);
            _at++;
        }

        if (_at == text.Length || text[_at] != '"')
        {
            throw Wrong("a text has no end");
        }

        _at++;
        return result.ToString();
    }

    /// <summary>Passes over any value.</summary>
    public void Skip()
    {
        switch (Peek())
        {
            case '{':
                Object(_ => Skip());
                break;
            case '[':
                List(Skip);
                break;
            case '"':
                Text();
                break;
            default:
                var word = Word();
                if (word is not ("true" or "false" or "null") && !double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
                {
                    throw Wrong($"'{Short(word)}' is no value");
                }

                break;
        }
    }

    /// <summary>Nothing but white space may follow.</summary>
    public void End()
    {
        Peek();
        if (_at < text.Length)
        {
            throw Wrong($"'{text[_at]}' stands behind the end");
        }
    }

    /// <summary>An error at the place that has been come to.</summary>
    public FormatException Wrong(string what)
    {
        var before = text.Substring(0, Math.Min(_at, text.Length));
        return new FormatException($"{what} (line {before.Count(static c => c == '\n') + 1}, character {_at - before.LastIndexOf('\n')})");
    }

    private void Nested(char open, char close, Action item)
    {
        Expect(open);
        if (++_depth > MostDepth)
        {
            throw Wrong($"values are nested more than {MostDepth} deep");
        }

        if (Peek() != close)
        {
            item();
            while (Peek() == ',')
            {
                _at++;
                item();
            }
        }

        Expect(close);
        _depth--;
    }

    private char Peek()
    {
        while (_at < text.Length && text[_at] is ' ' or '\t' or '\r' or '\n')
        {
            _at++;
        }

        return _at < text.Length ? text[_at] : '\0';
    }

    private void Expect(char wanted)
    {
        var found = Peek();
        if (found != wanted)
        {
            throw Wrong(_at < text.Length ? $"'{found}' stands where '{wanted}' should" : $"the file ends where '{wanted}' should stand");
        }

        _at++;
    }

    // A number, or true, false and null.
    private string Word()
    {
        Peek();
        var start = _at;
        while (_at < text.Length && text[_at] is (>= '0' and <= '9') or (>= 'a' and <= 'z') or 'E' or '+' or '-' or '.')
        {
            _at++;
        }

        return text.Substring(start, _at - start);
    }

    // Ends at the last character of the escape.
    private char Escaped()
    {
        _at++;
        if (_at < text.Length && text[_at] == 'u')
        {
            _at += 4;
            return _at < text.Length && ushort.TryParse(text.Substring(_at - 3, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
                ? (char)unit
                : throw Wrong("an escape is no character");
        }

        return _at < text.Length && "\"\\/bfnrt".IndexOf(text[_at]) is var i and >= 0 ? "\"\\/\b\f\n\r\t"[i] : throw Wrong("an escape is no character");
    }

    private static string Short(string word) => word.Length <= 20 ? word : word.Substring(0, 20) + "...";
}
