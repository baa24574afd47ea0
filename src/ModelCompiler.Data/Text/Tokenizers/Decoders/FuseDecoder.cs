using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>Tokens one behind the other.</summary>
public sealed class FuseDecoder : TokenDecoder
{
    internal override IReadOnlyList<string> Apply(IReadOnlyList<string> tokens) => [string.Concat(tokens)];

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "Fuse");
        json.WriteEndObject();
    }
}
