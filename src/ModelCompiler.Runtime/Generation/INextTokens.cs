namespace ModelCompiler.Runtime.Generation;

/// <summary>A model that is asked for the next token of rows, again and again. What it gives is valid until the next call.</summary>
internal interface INextTokens
{
    /// <summary>Logits [rows, vocabulary] behind the prompts, each of them in as many rows as it is to have continuations.</summary>
    ReadOnlySpan<float> Begin();

    /// <summary>Logits behind one token more: row r goes on from row <paramref name="parents"/>[r] with <paramref name="tokens"/>[r].</summary>
    ReadOnlySpan<float> Advance(ReadOnlySpan<int> parents, ReadOnlySpan<int> tokens);
}

/// <summary>Rows of ids [count, length] and their mask, 0 for padding.</summary>
/// <param name="Positions">Theirs where they are not counted from the mask; null: they are.</param>
/// <param name="Segments">Null: all are of the first.</param>
/// <param name="Prefix">First tokens of a row that stand for a picture: padding is behind them.</param>
internal sealed record Prompts(int Count, int Length, int[] Ids, int[] Mask, int[]? Positions = null, int[]? Segments = null, int Prefix = 0);
