using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>Byte-pair encoding: a piece starts as single characters, or bytes, and the neighbours that stand first in the list are merged again and again.</summary>
public sealed class BytePairModel : TokenModel
{
    private readonly (int Left, int Right, int Result)[] _merges;

    /// <param name="vocabulary">Holds every symbol, and what each merge makes.</param>
    /// <param name="merges">Left and right symbols; the earliest goes first.</param>
    /// <exception cref="ArgumentException">A merge names or makes a token that the vocabulary does not have.</exception>
    public BytePairModel(Vocabulary vocabulary, IEnumerable<(string Left, string Right)> merges, string? continuingPrefix = null)
        : base(vocabulary)
    {
        ContinuingPrefix = continuingPrefix;
        var skipped = continuingPrefix?.Length ?? 0;
        _merges = [.. merges.Select((merge, rank) =>
        {
            var (left, right) = (Known(merge.Left), Known(merge.Right));
            return merge.Right.Length >= skipped
                ? (left, right, Known(merge.Left + merge.Right[skipped..]))
                : throw new ArgumentException($"Merge {rank} continues with '{merge.Right}', which does not begin with '{continuingPrefix}'.", nameof(merges));

            int Known(string token) => Vocabulary.TryGetId(token, out var id)
                ? id
                : throw new ArgumentException($"Merge {rank}, '{merge.Left}' and '{merge.Right}', needs '{token}', which is not among the vocabulary's {Vocabulary.Count} tokens.", nameof(merges));
        })];
    }

    /// <summary>Pairs in the order in which they are merged.</summary>
    public IEnumerable<(string Left, string Right)> Merges => _merges.Select(m => (Vocabulary[m.Left]!, Vocabulary[m.Right]!));

    /// <summary>Stands for symbols that the vocabulary does not have; null: they are left out.</summary>
    public string? UnknownToken { get; init; }

    /// <summary>Unknown symbols side by side are one token.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>Written before symbols that do not begin a piece.</summary>
    public string? ContinuingPrefix { get; }

    /// <summary>Written behind the symbol that ends a piece, such as <c>&lt;/w&gt;</c>.</summary>
    public string? EndOfWordSuffix { get; init; }

    /// <summary>A piece that is a token as a whole is not merged.</summary>
    public bool IgnoreMerges { get; init; }

    internal int UnknownId => UnknownToken is { } token ? IdOf(token, "unknown token") : -1;

    internal override PieceEncoder Compile(bool isByteLevel) => isByteLevel
        ? string.IsNullOrEmpty(ContinuingPrefix) ? new ByteEncoder(this, new PairTable(_merges)) : throw new ArgumentException($"A byte-level BPE with the prefix '{ContinuingPrefix}'; legal is none.")
        : new SymbolEncoder(this, new PairTable(_merges));

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "BPE");
        json.WriteNull("dropout");
        json.WriteString("unk_token", UnknownToken);
        json.WriteString("continuing_subword_prefix", ContinuingPrefix);
        json.WriteString("end_of_word_suffix", EndOfWordSuffix);
        json.WriteBoolean("fuse_unk", FuseUnknown);
        json.WriteBoolean("byte_fallback", false);
        json.WriteBoolean("ignore_merges", IgnoreMerges);
        WriteVocabulary(json);
        json.WriteStartArray("merges");
        foreach (var (left, right) in Merges)
        {
            json.WriteStartArray();
            json.WriteStringValue(left);
            json.WriteStringValue(right);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
