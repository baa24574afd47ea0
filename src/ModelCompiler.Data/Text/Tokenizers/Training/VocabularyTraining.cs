namespace ModelCompiler.Data;

/// <summary>What every trainer of vocabularies is asked for.</summary>
public sealed record VocabularyTraining
{
    /// <summary>Tokens in the end, special ones and letters included; there can be fewer, and more where those alone are more.</summary>
    public int Size { get; init; } = 30_000;

    /// <summary>What occurs less often becomes no token.</summary>
    public long MinFrequency { get; init; }

    /// <summary>First in the vocabulary, in this order.</summary>
    public IReadOnlyList<string> SpecialTokens { get; init; } = [];

    /// <summary>Threads that count words.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Size);
        ArgumentOutOfRangeException.ThrowIfNegative(MinFrequency);
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1);
    }
}
