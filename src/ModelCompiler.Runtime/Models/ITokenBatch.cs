namespace ModelCompiler.Runtime;

/// <summary>A model's own token type as code that knows no model makes and fills it. Emitted types implement it.</summary>
public interface ITokenBatch<TSelf>
    where TSelf : TokenBatch, ITokenBatch<TSelf>
{
    /// <summary>What the model expects of its tokens.</summary>
    static abstract TokenFacts Facts { get; }

    /// <summary>A batch of <paramref name="count"/> rows of <paramref name="length"/> tokens.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No rows, no tokens, or more than <see cref="TokenFacts.MaxLength"/>.</exception>
    static abstract TSelf Create(int count, int length);
}

/// <summary>What a model expects of its tokens.</summary>
/// <param name="Vocabulary">Rows of its table: ids are below.</param>
/// <param name="MaxLength">Greatest number of tokens in a row.</param>
/// <param name="PaddingToken">The id that fills rows up; -1 where it does not say.</param>
/// <param name="Tokenizer">The tokenizer's file from the program's folder; empty where the model names none.</param>
/// <param name="Prefix">First tokens of a row that stand for something else than text.</param>
public sealed record TokenFacts(int Vocabulary, int MaxLength, int PaddingToken, string Tokenizer, int Prefix = 0);
