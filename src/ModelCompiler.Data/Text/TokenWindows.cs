namespace ModelCompiler.Data;

/// <summary>
/// Pieces of a token sequence for language modelling: an input of <see cref="Length"/> tokens, and as target the same piece one token later,
/// so that each position predicts the token that follows it. Tokens may come from any tokenizer.
/// </summary>
public sealed class TokenWindows
{
    private const uint Domain = 0x57494E44;

    private readonly ReadOnlyMemory<int> _tokens;

    /// <param name="tokens">More than <paramref name="length"/> tokens. Not copied.</param>
    /// <param name="length">Tokens a window, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is below 1, or there are not enough tokens for one window.</exception>
    public TokenWindows(ReadOnlyMemory<int> tokens, int length)
    {
        if (length < 1 || length >= tokens.Length)
        {
            var legal = tokens.Length > 1 ? $"legal is 1..{tokens.Length - 1}" : "no length is legal for fewer than 2 tokens";
            throw new ArgumentOutOfRangeException(nameof(length), length, $"A window of {length} tokens over {tokens.Length}; {legal}.");
        }

        (_tokens, Length) = (tokens, length);
    }

    /// <summary>Tokens a window.</summary>
    public int Length { get; }

    /// <summary>Number of windows that lie end to end without overlap; up to <see cref="Length"/> last tokens are in none.</summary>
    public int Count => (_tokens.Length - 1) / Length;

    /// <summary>Copies window <paramref name="index"/> of those that lie end to end: for measuring every token once.</summary>
    /// <param name="index">0..<see cref="Count"/> - 1.</param>
    /// <param name="input"><see cref="Length"/> tokens.</param>
    /// <param name="target"><see cref="Length"/> tokens, each the successor of the input's.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is outside its range.</exception>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public void Copy(int index, Span<int> input, Span<int> target)
    {
        if ((uint)index >= (uint)Count)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"Window {index} does not exist; legal is 0..{Count - 1}.");
        if (input.Length != Length || target.Length != Length)
            throw new ArgumentException($"Spans of {input.Length} and {target.Length} tokens; legal is {Length} for both.");
        CopyFrom(index * Length, input, target);
    }

    /// <summary>Fills a batch with windows that start anywhere, each start as likely, drawn from (seed, step) alone.</summary>
    /// <param name="seed">Names the run.</param>
    /// <param name="step">Step of training, at least 0.</param>
    /// <param name="inputs">[batch, <see cref="Length"/>] tokens.</param>
    /// <param name="targets">The same shape: the successors of the inputs.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is negative.</exception>
    /// <exception cref="ArgumentException">The spans differ in length or do not hold whole windows.</exception>
    public void Sample(ulong seed, long step, Span<int> inputs, Span<int> targets)
    {
        if (step < 0)
            throw new ArgumentOutOfRangeException(nameof(step), step, $"Step {step} does not exist; legal is 0 or more.");
        if (inputs.Length != targets.Length || inputs.Length % Length != 0)
        {
            throw new ArgumentException(
                $"Spans of {inputs.Length} and {targets.Length} tokens; legal are two equal multiples of the window's {Length}.");
        }

        var random = new RandomStream(seed, Domain, (ulong)step);
        for (var at = 0; at < inputs.Length; at += Length)
            CopyFrom((int)random.Below((uint)(_tokens.Length - Length)), inputs.Slice(at, Length), targets.Slice(at, Length));
    }

    private void CopyFrom(int start, Span<int> input, Span<int> target)
    {
        _tokens.Span.Slice(start, Length).CopyTo(input);
        _tokens.Span.Slice(start + 1, Length).CopyTo(target);
    }
}
