using ModelCompiler.GpuCheck.Reporting;

namespace ModelCompiler.GpuCheck.Speed;

/// <summary>The most operations that units of a device do: what shares are shares of.</summary>
internal interface IPeak : IDisposable
{
    /// <summary>For the table.</summary>
    string Name { get; }

    /// <summary>Operations a second, a multiply-add being two: the most that was seen so far.</summary>
    double Best { get; }

    /// <summary>Measures once more: clocks change with the load, and others may use the device.</summary>
    /// <returns><see cref="Best"/>.</returns>
    double Again();

    /// <summary>A line of the table.</summary>
    Result Measure();
}
