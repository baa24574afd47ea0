using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>BERT's model: the longest token that begins the word, then the longest that continues it, and so on. A word with a rest is unknown as a whole.</summary>
public sealed class WordPieceModel(Vocabulary vocabulary) : TokenModel(vocabulary)
{
    public string UnknownToken { get; init; } = "[UNK]";

    /// <summary>Written before tokens that continue a word.</summary>
    public string ContinuingPrefix { get; init; } = "##";

    /// <summary>Words of more characters are unknown; 0 or more.</summary>
    public int MostCharacters
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    } = 100;

    internal int UnknownId => IdOf(UnknownToken, "unknown token");

    internal override PieceEncoder Compile(bool isByteLevel) => isByteLevel ? throw NoBytes("WordPiece") : new WordPieceEncoder(this);

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "WordPiece");
        json.WriteString("unk_token", UnknownToken);
        json.WriteString("continuing_subword_prefix", ContinuingPrefix);
        json.WriteNumber("max_input_chars_per_word", MostCharacters);
        WriteVocabulary(json);
        json.WriteEndObject();
    }
}
