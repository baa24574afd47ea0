using ModelCompiler.Gpu;
using ModelCompiler.GpuCheck.Speed;

namespace ModelCompiler.Benchmarks.Goals;

/// <summary>What a launch costs the host: an empty kernel through the wrapper that emitted code uses, without waiting. The driver's part is in it.</summary>
internal static class IlgpuLaunchGoal
{
    private const double Most = 5;

    public static IEnumerable<Line> Measure(GoalContext context)
    {
        foreach (var device in GpuDevices.Found.Devices)
        {
            var name = FormattableString.Invariant($"ilgpu-launch/{device.Kind}-{device.Index}").ToLowerInvariant();
            if (context.Wants(name))
            {
                using var gpu = new GpuContext(device);
                var microseconds = LaunchSpeed.Microseconds(gpu);
                yield return new Line(name, $"{microseconds:F2} us", $"< {Most} us", microseconds < Most ? Outcome.Met : Outcome.Short, $"best of 20 rounds of 200 launches; {device}");
            }
        }

        if (GpuDevices.Found.Devices.Count == 0 && context.Wants("ilgpu-launch"))
        {
            yield return Line.Absent("ilgpu-launch", $"< {Most} us", string.Join(" ", GpuDevices.Found.Refusals));
        }
    }
}
