namespace ModelCompiler.Testing;

/// <summary>How far metrics are from the stored ones.</summary>
internal sealed class MetricComparison
{
    private readonly List<string> _wrong = [];

    /// <summary>Numbers and texts that were compared.</summary>
    public int Compared { get; private set; }

    /// <summary>The largest difference of numbers over what is allowed.</summary>
    public double Largest { get; private set; }

    /// <summary>What differs, a line each.</summary>
    public IReadOnlyList<string> Wrong => _wrong;

    public void Near(string what, double expected, double found, double allowed)
    {
        var error = Math.Abs(expected - found) / allowed;
        error = double.IsNaN(error) ? double.PositiveInfinity : error;
        (Compared, Largest) = (Compared + 1, Math.Max(Largest, error));
        if (error > 1)
        {
            _wrong.Add(FormattableString.Invariant($"{what} is {found}, not {expected}"));
        }
    }

    public void Same<T>(string what, T expected, T found) => AllSame(what, [expected], [found]);

    public void AllSame<T>(string what, IReadOnlyList<T> expected, IReadOnlyList<T> found)
    {
        Compared += Math.Max(1, expected.Count);
        if (!expected.SequenceEqual(found))
        {
            _wrong.Add($"{what} is {string.Join(", ", found)}, not {string.Join(", ", expected)}");
        }
    }

    /// <summary>Pairs of two lists; where one is shorter, that is wrong.</summary>
    public IEnumerable<(int Index, TFirst Expected, TSecond Found)> Pairs<TFirst, TSecond>(string what, IReadOnlyList<TFirst> expected, IReadOnlyList<TSecond> found)
    {
        Same($"the number of {what}", expected.Count, found.Count);
        return expected.Zip(found).Select(static (p, i) => (i, p.First, p.Second));
    }
}
