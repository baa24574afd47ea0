using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>GPT-2's pieces, whose UTF-8 bytes are what the model sees.</summary>
public sealed class ByteLevelPreTokenizer : PreTokenizer
{
    /// <summary>A piece that does not begin with a space gets one, so that a first word is like any other.</summary>
    public bool AddPrefixSpace { get; init; }

    /// <summary>Written and read; <see cref="ByteLevelPostProcessor"/> is what trims.</summary>
    public bool TrimOffsets { get; init; } = true;

    /// <summary>False: pieces are cut no further.</summary>
    public bool UseExpression { get; init; } = true;

    internal override bool IsByteLevel => true;

    internal override void Apply(AlignedText text, EncodeScratch scratch)
    {
        if (AddPrefixSpace)
            Prefix.Insert(text, scratch, ' ', static (_, _) => true);
        if (!UseExpression)
            return;
        scratch.NextPieces.Clear();
        for (var i = 0; i < scratch.Pieces.Count; i++)
        {
            var piece = text.Text[..scratch.Pieces.End(i)];
            for (int start = scratch.Pieces.Start(i), end; start < piece.Length; start = end)
            {
                end = Gpt2Pattern.End(piece, start);
                scratch.NextPieces.Add(start, end);
            }
        }

        scratch.SwapPieces();
    }

    internal override void Write(Utf8JsonWriter json) => Write(json, AddPrefixSpace, TrimOffsets, UseExpression);

    /// <summary>The pre-tokenizer, the post-processor and the decoder are written alike.</summary>
    internal static void Write(Utf8JsonWriter json, bool addPrefixSpace, bool trimOffsets, bool useExpression)
    {
        json.WriteStartObject();
        json.WriteString("type", "ByteLevel");
        json.WriteBoolean("add_prefix_space", addPrefixSpace);
        json.WriteBoolean("trim_offsets", trimOffsets);
        json.WriteBoolean("use_regex", useExpression);
        json.WriteEndObject();
    }
}
