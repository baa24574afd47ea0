using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>Several decoders, one after the other.</summary>
public sealed class DecoderSequence(params TokenDecoder[] steps) : TokenDecoder
{
    public IReadOnlyList<TokenDecoder> Steps => steps;

    internal override IReadOnlyList<string> Apply(IReadOnlyList<string> tokens) => steps.Aggregate(tokens, static (texts, step) => step.Apply(texts));

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "Sequence");
        json.WriteStartArray("decoders");
        foreach (var step in steps)
            step.Write(json);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
