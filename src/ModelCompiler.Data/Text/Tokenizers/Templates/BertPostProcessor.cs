using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>[CLS] A [SEP], [CLS] A [SEP] B [SEP]; segment 1 from behind the middle [SEP] on.</summary>
public sealed class BertPostProcessor((string Token, int Id) cls, (string Token, int Id) sep) : PostProcessor
{
    internal override IReadOnlyList<TemplatePiece> Single { get; } =
        [TemplatePiece.OfToken(cls.Token, cls.Id), TemplatePiece.OfText(0), TemplatePiece.OfToken(sep.Token, sep.Id)];

    internal override IReadOnlyList<TemplatePiece> Pair { get; } =
    [
        TemplatePiece.OfToken(cls.Token, cls.Id), TemplatePiece.OfText(0), TemplatePiece.OfToken(sep.Token, sep.Id),
        TemplatePiece.OfText(1, 1), TemplatePiece.OfToken(sep.Token, sep.Id, 1),
    ];

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "BertProcessing");
        WriteToken(json, "sep", sep);
        WriteToken(json, "cls", cls);
        json.WriteEndObject();
    }

    internal static void WriteToken(Utf8JsonWriter json, string name, (string Token, int Id) token)
    {
        json.WriteStartArray(name);
        json.WriteStringValue(token.Token);
        json.WriteNumberValue(token.Id);
        json.WriteEndArray();
    }
}
