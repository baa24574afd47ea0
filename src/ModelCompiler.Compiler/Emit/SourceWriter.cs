using System.Text;

namespace ModelCompiler.Compiler.Emit;

/// <summary>C# text with indentation. Lines end with <c>\n</c> on every machine.</summary>
internal sealed class SourceWriter
{
    private const int Width = 150;
    private readonly StringBuilder _text = new();
    private int _depth;

    /// <summary>Writes lines; an empty one stays empty.</summary>
    public SourceWriter Line(string lines = "")
    {
        foreach (var line in lines.Split('\n'))
        {
            if (line.Length > 0)
            {
                _text.Append(' ', 4 * _depth).Append(line);
            }

            _text.Append('\n');
        }

        return this;
    }

    /// <summary>Opens a brace that closes when the result is disposed, followed by <paramref name="end"/>.</summary>
    public IDisposable Block(string head, string end = "")
    {
        if (head.Length > 0)
        {
            Line(head);
        }

        Line("{");
        _depth++;
        return new Closing(this, end);
    }

    /// <summary>A call as a statement; what one line cannot hold goes on, indented, on the next.</summary>
    public SourceWriter Call(string method, IReadOnlyList<string> arguments)
    {
        var line = $"{method}({arguments[0]}";
        foreach (var argument in arguments.Skip(1))
        {
            if ((4 * _depth) + line.Length + argument.Length + 2 > Width)
            {
                Line(line + ",");
                line = "    " + argument;
            }
            else
            {
                line += ", " + argument;
            }
        }

        return Line(line + ");");
    }

    /// <summary>A one-line or longer XML summary.</summary>
    public SourceWriter Summary(string text)
    {
        var lines = Escape(text).Split('\n');
        return lines.Length == 1
            ? Line($"/// <summary>{lines[0]}</summary>")
            : Line("/// <summary>\n" + string.Join("\n", lines.Select(static l => "/// " + l)) + "\n/// </summary>");
    }

    public static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");

    public override string ToString() => _text.ToString();

    private sealed class Closing(SourceWriter writer, string end) : IDisposable
    {
        public void Dispose()
        {
            writer._depth--;
            writer.Line("}" + end);
        }
    }
}
