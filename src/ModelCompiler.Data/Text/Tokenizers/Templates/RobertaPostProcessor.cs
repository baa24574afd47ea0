using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>&lt;s&gt; A &lt;/s&gt;, &lt;s&gt; A &lt;/s&gt;&lt;/s&gt; B &lt;/s&gt;; segment 0 throughout. CLIP's files use it too.</summary>
public sealed class RobertaPostProcessor((string Token, int Id) cls, (string Token, int Id) sep) : PostProcessor
{
    public bool TrimOffsets { get; init; } = true;

    /// <summary>As the pre-tokenizer's.</summary>
    public bool AddPrefixSpace { get; init; } = true;

    internal override IReadOnlyList<TemplatePiece> Single { get; } =
        [TemplatePiece.OfToken(cls.Token, cls.Id), TemplatePiece.OfText(0), TemplatePiece.OfToken(sep.Token, sep.Id)];

    internal override IReadOnlyList<TemplatePiece> Pair { get; } =
    [
        TemplatePiece.OfToken(cls.Token, cls.Id), TemplatePiece.OfText(0), TemplatePiece.OfToken(sep.Token, sep.Id),
        TemplatePiece.OfToken(sep.Token, sep.Id), TemplatePiece.OfText(1), TemplatePiece.OfToken(sep.Token, sep.Id),
    ];

    internal override bool TrimsSpans => TrimOffsets;

    internal override bool HasPrefixSpace => AddPrefixSpace;

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "RobertaProcessing");
        BertPostProcessor.WriteToken(json, "sep", sep);
        BertPostProcessor.WriteToken(json, "cls", cls);
        json.WriteBoolean("trim_offsets", TrimOffsets);
        json.WriteBoolean("add_prefix_space", AddPrefixSpace);
        json.WriteEndObject();
    }
}
