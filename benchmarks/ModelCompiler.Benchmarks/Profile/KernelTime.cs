namespace ModelCompiler.Benchmarks.Profile;

/// <summary>Time of all launches of one kernel.</summary>
/// <param name="kind">Kind of product, attention, or <see cref="Rows"/>.</param>
internal sealed class KernelTime(string kernel, string kind)
{
    /// <summary>The kind of all that is neither product nor attention.</summary>
    public const string Rows = "rows";

    public string Kernel { get; } = kernel;

    public string Kind { get; } = kind;

    public int Launches { get; private set; }

    public double Seconds { get; private set; }

    /// <summary>Of products; 0 for the others.</summary>
    public double Operations { get; private set; }

    public void Add(double seconds, double operations) => (Launches, Seconds, Operations) = (Launches + 1, Seconds + seconds, Operations + operations);
}
