using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>When a <see cref="MetaspacePreTokenizer"/> puts its mark before a text that does not begin with it.</summary>
public enum PrependScheme
{
    Always,

    /// <summary>Only where the text begins, not behind special tokens.</summary>
    First,

    Never,
}

/// <summary>SentencePiece's way: spaces become a visible mark, and each mark begins a piece.</summary>
public sealed class MetaspacePreTokenizer : PreTokenizer
{
    /// <summary>What spaces become.</summary>
    public char Replacement { get; init; } = '\u2581';

    public PrependScheme PrependScheme { get; init; } = PrependScheme.Always;

    /// <summary>False: pieces are cut no further.</summary>
    public bool IsSplit { get; init; } = true;

    internal override void Apply(AlignedText text, EncodeScratch scratch)
    {
        text.Text.Replace(' ', Replacement);
        if (PrependScheme == PrependScheme.Always)
            Prefix.Insert(text, scratch, Replacement, static (_, _) => true);
        else if (PrependScheme == PrependScheme.First)
            Prefix.Insert(text, scratch, Replacement, static (t, start) => t.SourceStart(start) == 0);
        if (!IsSplit)
            return;
        scratch.NextPieces.Clear();
        for (var i = 0; i < scratch.Pieces.Count; i++)
        {
            var (start, end) = (scratch.Pieces.Start(i), scratch.Pieces.End(i));
            for (var at = start + 1; at < end; at++)
            {
                if (text.Text[at] != Replacement)
                    continue;
                scratch.NextPieces.Add(start, at);
                start = at;
            }

            scratch.NextPieces.Add(start, end);
        }

        scratch.SwapPieces();
    }

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "Metaspace");
        json.WriteString("replacement", Replacement.ToString());
        json.WriteString("prepend_scheme", PrependScheme.ToString().ToLowerInvariant());
        json.WriteBoolean("split", IsSplit);
        json.WriteEndObject();
    }
}
