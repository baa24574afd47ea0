using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>A piece is a token of the vocabulary, or unknown.</summary>
public sealed class WordLevelModel(Vocabulary vocabulary) : TokenModel(vocabulary)
{
    /// <summary>Stands for pieces that the vocabulary does not have. Where it is no token either, such a piece is an error.</summary>
    public string UnknownToken { get; init; } = "<unk>";

    internal override PieceEncoder Compile(bool isByteLevel) => isByteLevel ? throw NoBytes("WordLevel") : new WordLevelEncoder(this);

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "WordLevel");
        WriteVocabulary(json);
        json.WriteString("unk_token", UnknownToken);
        json.WriteEndObject();
    }

    private sealed class WordLevelEncoder(WordLevelModel model) : PieceEncoder
    {
        private readonly int _unknown = model.Vocabulary.Contains(model.UnknownToken) ? model.Vocabulary[model.UnknownToken] : -1;

        public override void Encode(AlignedText text, int start, int end, EncodeScratch scratch, TokenList tokens)
        {
            if (!model.Vocabulary.TryGetId(text.Text[start..end], out var id) && (id = _unknown) < 0)
                throw new ArgumentException($"'{text.Text[start..end]}' is not among the vocabulary's {model.Vocabulary.Count} tokens, and neither is the unknown token '{model.UnknownToken}'.");
            tokens.Add(id, start, end);
        }
    }
}
