using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>Special tokens and texts in any order.</summary>
public sealed class TemplatePostProcessor : PostProcessor
{
    private readonly TemplatePiece[] _single, _pair;

    /// <param name="single">Holds the first text once, and not the second.</param>
    /// <param name="pair">Holds each text once.</param>
    /// <exception cref="ArgumentException">A text is missing, there twice, or not there to be named.</exception>
    public TemplatePostProcessor(IEnumerable<TemplatePiece> single, IEnumerable<TemplatePiece> pair)
    {
        (_single, _pair) = ([.. single], [.. pair]);
        if (_single.Count(static p => p.Text == 0) != 1 || _single.Any(static p => p.Text == 1))
            throw new ArgumentException("A template for one text; legal is text A once, and no text B.", nameof(single));
        if (_pair.Count(static p => p.Text == 0) != 1 || _pair.Count(static p => p.Text == 1) != 1)
            throw new ArgumentException("A template for two texts; legal are texts A and B, each once.", nameof(pair));
    }

    internal override IReadOnlyList<TemplatePiece> Single => _single;

    internal override IReadOnlyList<TemplatePiece> Pair => _pair;

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "TemplateProcessing");
        Write(json, "single", _single);
        Write(json, "pair", _pair);
        json.WriteStartObject("special_tokens");
        foreach (var piece in _single.Concat(_pair).Where(static p => p.Text is null).DistinctBy(static p => p.Name).OrderBy(static p => p.Name, StringComparer.Ordinal))
        {
            json.WriteStartObject(piece.Name);
            json.WriteString("id", piece.Name);
            json.WriteStartArray("ids");
            foreach (var (_, id) in piece.Tokens)
                json.WriteNumberValue(id);
            json.WriteEndArray();
            json.WriteStartArray("tokens");
            foreach (var (token, _) in piece.Tokens)
                json.WriteStringValue(token);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, TemplatePiece[] pieces)
    {
        json.WriteStartArray(name);
        foreach (var piece in pieces)
        {
            json.WriteStartObject();
            json.WriteStartObject(piece.Text is null ? "SpecialToken" : "Sequence");
            json.WriteString("id", piece.Name);
            json.WriteNumber("type_id", piece.Segment);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
