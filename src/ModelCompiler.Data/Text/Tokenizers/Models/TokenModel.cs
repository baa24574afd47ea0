using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>Makes tokens of pieces of text: the vocabulary and what it is looked up by. A part of a <see cref="Tokenizer"/>.</summary>
public abstract class TokenModel
{
    private protected TokenModel(Vocabulary vocabulary) => Vocabulary = vocabulary;

    /// <summary>The model's own tokens; a tokenizer may add some.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>What is looked up in, made once.</summary>
    /// <param name="isByteLevel">Pieces are read as UTF-8 bytes, in the letters of <see cref="ByteAlphabet"/>.</param>
    /// <exception cref="ArgumentException">The model has no such reading.</exception>
    internal abstract PieceEncoder Compile(bool isByteLevel);

    internal abstract void Write(Utf8JsonWriter json);

    private protected void WriteVocabulary(Utf8JsonWriter json)
    {
        json.WriteStartObject("vocab");
        foreach (var (token, id) in Vocabulary.Entries)
            json.WriteNumber(token, id);
        json.WriteEndObject();
    }

    private protected int IdOf(string token, string role) => Vocabulary.Contains(token)
        ? Vocabulary[token]
        : throw new ArgumentException($"The {role} '{token}' is not among the vocabulary's {Vocabulary.Count} tokens.");

    private protected static ArgumentException NoBytes(string model) => new($"{model} has no byte-level reading; legal is a ByteLevel pre-tokenizer with a BPE model alone.");
}
