using System.Diagnostics;

namespace ModelCompiler.Runtime.Training;

/// <summary>Finds the first kernel of a pass that writes what is no finite number.</summary>
/// <param name="launches">What the pass launches.</param>
internal sealed class FiniteWatch(IReadOnlyList<LaunchInfo> launches) : IKernelWatch
{
    private readonly int _total = launches.Sum(static l => l.Times);
    private int _calls;

    /// <summary>What was found: kernel, layer, tensor and value; null: all was finite.</summary>
    public string? Found { get; private set; }

    public void Ran(string kernel, params ReadOnlySpan<KernelOutput> outputs)
    {
        var call = _calls++ % _total;
        if (Found is not null)
        {
            return;
        }

        foreach (var output in outputs)
        {
            for (var i = 0L; i < output.Count; i++)
            {
                if (!float.IsFinite(output[i]))
                {
                    Found = FormattableString.Invariant($"{kernel}{Layer(call)}: {output.Name}[{i}] is {output[i]}");
                    return;
                }
            }
        }
    }

    // Launches of one block that follow each other repeat together, layer by layer.
    private string Layer(int call)
    {
        for (var i = 0; i < launches.Count;)
        {
            var block = launches[i].Block;
            var size = launches.Skip(i).TakeWhile(l => l.Block == block).Count();
            var times = launches[i].Times;
            if (call < size * times)
            {
                var launch = launches[i + (call % size)];
                var layer = launch.Step == 0 ? launch.Layer : FormattableString.Invariant($"{launch.Layer}, layer {launch.First + (call / size * launch.Step)}");
                return layer.Length == 0 ? "" : $" ({layer})";
            }

            call -= size * times;
            i += size;
        }

        throw new UnreachableException();
    }
}
