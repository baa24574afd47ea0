using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>
/// What is looked for in a text: a string, or one of the regular expressions that tokenizer files use, scanned by hand. .NET's own would see
/// halves of surrogate pairs where the originals see characters.
/// </summary>
public abstract class TextPattern
{
    private protected TextPattern()
    {
    }

    /// <summary>The expressions that have a scanner, as files write them.</summary>
    public static IReadOnlyCollection<string> Expressions => s_expressions.Keys;

    private static readonly Dictionary<string, TextPattern> s_expressions = new TextPattern[]
    {
        new Gpt2Pattern(),
        new ClipPattern(hasMarkers: true),
        new ClipPattern(hasMarkers: false),
        new RunPattern(@"\s+", static kind => kind.HasFlag(ScalarKind.Space)),
        new SpacesPattern(2),
        new AnyPattern(),
    }.ToDictionary(static p => p.Source);

    /// <summary>A string as it stands.</summary>
    /// <exception cref="ArgumentException"><paramref name="text"/> is empty.</exception>
    public static TextPattern Of(string text) => text.Length > 0 ? new LiteralPattern(text) : throw new ArgumentException("An empty pattern is found everywhere; legal is at least one character.", nameof(text));

    /// <summary>An expression of <see cref="Expressions"/>.</summary>
    /// <exception cref="ArgumentException">It has no scanner.</exception>
    public static TextPattern OfExpression(string expression) => s_expressions.TryGetValue(expression, out var pattern)
        ? pattern
        : throw new ArgumentException($"The expression {expression} has no scanner; legal are {string.Join("   ", Expressions)}", nameof(expression));

    /// <summary>The string or the expression.</summary>
    public abstract string Source { get; }

    /// <summary>The next match from a place on, never empty; an empty span where there is none.</summary>
    internal abstract TextSpan Next(ReadOnlySpan<char> text, int from);

    internal virtual string Kind => "Regex";

    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString(Kind, Source);
        json.WriteEndObject();
    }

    private sealed class LiteralPattern(string text) : TextPattern
    {
        public override string Source => text;

        internal override string Kind => "String";

        internal override TextSpan Next(ReadOnlySpan<char> span, int from) =>
            span[from..].IndexOf(text, StringComparison.Ordinal) is var at and >= 0 ? new(from + at, from + at + text.Length) : default;
    }

    /// <summary>One character, whatever it is.</summary>
    private sealed class AnyPattern : TextPattern
    {
        public override string Source => @"[\s\S]";

        internal override TextSpan Next(ReadOnlySpan<char> text, int from) =>
            from < text.Length ? new(from, from + (char.IsHighSurrogate(text[from]) ? 2 : 1)) : default;
    }

    /// <summary>At least so many spaces.</summary>
    private sealed class SpacesPattern(int least) : TextPattern
    {
        public override string Source => $" {{{least},}}";

        internal override TextSpan Next(ReadOnlySpan<char> text, int from)
        {
            while (text[from..].IndexOf(' ') is var first and >= 0)
            {
                var start = from + first;
                var length = text[start..].IndexOfAnyExcept(' ') is var rest and >= 0 ? rest : text.Length - start;
                from = start + length;
                if (length >= least)
                    return new(start, from);
            }

            return default;
        }
    }

    /// <summary>A run of characters of a kind.</summary>
    private sealed class RunPattern(string source, Predicate<ScalarKind> isOf) : TextPattern
    {
        public override string Source => source;

        internal override TextSpan Next(ReadOnlySpan<char> text, int from)
        {
            var start = from;
            int units;
            for (; start < text.Length && !isOf(Scalars.At(text, start, out units)); start += units)
            {
            }

            var end = start;
            for (; end < text.Length && isOf(Scalars.At(text, end, out units)); end += units)
            {
            }

            return new(start, end);
        }
    }
}
