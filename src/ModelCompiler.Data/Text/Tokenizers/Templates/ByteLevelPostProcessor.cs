using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>Trims the spaces that byte-level tokens begin or end with from their spans.</summary>
public sealed class ByteLevelPostProcessor : PostProcessor
{
    /// <summary>As the pre-tokenizer's.</summary>
    public bool AddPrefixSpace { get; init; } = true;

    public bool TrimOffsets { get; init; } = true;

    public bool UseExpression { get; init; } = true;

    internal override bool TrimsSpans => TrimOffsets;

    internal override bool HasPrefixSpace => AddPrefixSpace;

    internal override void Write(Utf8JsonWriter json) => ByteLevelPreTokenizer.Write(json, AddPrefixSpace, TrimOffsets, UseExpression);
}
