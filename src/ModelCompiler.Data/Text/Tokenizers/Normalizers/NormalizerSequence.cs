using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>Several normalizers, one after the other.</summary>
public sealed class NormalizerSequence(params TextNormalizer[] steps) : TextNormalizer
{
    public IReadOnlyList<TextNormalizer> Steps => steps;

    internal override void Apply(AlignedText text)
    {
        foreach (var step in steps)
            step.Apply(text);
    }

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "Sequence");
        json.WriteStartArray("normalizers");
        foreach (var step in steps)
            step.Write(json);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
