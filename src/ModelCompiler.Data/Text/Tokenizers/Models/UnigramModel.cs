using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>SentencePiece's unigram model: of all ways to cut a piece into tokens, the one whose scores add up to the most.</summary>
public sealed class UnigramModel : TokenModel
{
    private readonly double[] _scores;

    /// <param name="pieces">Tokens by id and the logarithms of their probabilities.</param>
    /// <param name="unknownId">The token for what no token covers; null: such text is an error.</param>
    /// <exception cref="ArgumentException">No tokens, a token twice, a score that is not finite, or an unknown id outside of them.</exception>
    public UnigramModel(IReadOnlyList<(string Token, double Score)> pieces, int? unknownId)
        : base(new Vocabulary(pieces.Select(static p => p.Token)))
    {
        _scores = [.. pieces.Select(static p => double.IsFinite(p.Score) ? p.Score : throw new ArgumentException($"Token '{p.Token}' has the score {p.Score}; legal are finite numbers.", nameof(pieces)))];
        if (_scores.Length == 0)
            throw new ArgumentException("A unigram model without tokens; legal is at least one.", nameof(pieces));
        if (unknownId is { } id && (id < 0 || id >= _scores.Length))
            throw new ArgumentException($"The unknown token has the id {id}; legal is 0..{_scores.Length - 1}.", nameof(unknownId));
        UnknownId = unknownId;
    }

    /// <summary>Logarithms of probabilities by id.</summary>
    public IReadOnlyList<double> Scores => _scores;

    public int? UnknownId { get; }

    internal override PieceEncoder Compile(bool isByteLevel) => isByteLevel ? throw NoBytes("Unigram") : new UnigramEncoder(this);

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "Unigram");
        if (UnknownId is { } id)
            json.WriteNumber("unk_id", id);
        else
            json.WriteNull("unk_id");
        json.WriteStartArray("vocab");
        for (var i = 0; i < _scores.Length; i++)
        {
            json.WriteStartArray();
            json.WriteStringValue(Vocabulary[i]);
            json.WriteNumberValue(_scores[i]);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteBoolean("byte_fallback", false);
        json.WriteEndObject();
    }
}
