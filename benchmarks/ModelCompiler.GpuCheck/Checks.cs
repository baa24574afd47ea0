using ModelCompiler.Gpu;
using ModelCompiler.GpuCheck.Numerics;
using ModelCompiler.GpuCheck.Reporting;
using ModelCompiler.GpuCheck.Speed;

namespace ModelCompiler.GpuCheck;

/// <summary>Everything that is checked and measured, in order.</summary>
internal static class Checks
{
    public const int Passed = 0, Failed = 1, Unusable = 2;

    /// <summary>Runs all parts, prints each line as it is known, and writes the file.</summary>
    /// <returns><see cref="Passed"/>; <see cref="Failed"/> where a result is wrong or a part could not run. Speed fails nothing.</returns>
    public static int Run(GpuDevice device, CheckOptions options, TextWriter output)
    {
        var report = new Report(device, options.IsQuick, output);
        var scale = options.IsQuick ? Scale.Quick : device.IsGraphicsProcessor ? Scale.Full : Scale.Cores;
        foreach (var (name, check) in ZooCheck.All)
        {
            report.Add("numerics", name, () => check(device));
        }

        report.Try("speed", "device", () => Speed(device, scale, report));
        report.Write(options.Json);
        return report.IsPassed ? Passed : Failed;
    }

    private static void Speed(GpuDevice device, Scale scale, Report report)
    {
        // Kernels of this project first: what cuBLAS is measured against.
        using var context = new GpuContext(device.With(device.UsesTf32, usesCublas: false, device.Products));
        using var library = new GpuContext(device);
        using var peak = new DevicePeak(context);
        report.Add("speed", "peak", peak.Measure);
        report.Add("speed", "launch", () => LaunchSpeed.Measure(context));
        foreach (var product in ProductSpeed.Cases(scale))
        {
            report.Add("speed", product.Name, () => product.Measure(context, peak));
            if (library.Cublas is not null)
            {
                report.Add("speed", $"{product.Name}, cuBLAS", () => product.Measure(library, peak));
            }
        }

        foreach (var step in StepSpeed.Cases(scale))
        {
            report.Add("speed", step.Name, () => step.Measure(device, peak));
        }

        report.Add("speed", "peak at the end", peak.Measure);
    }
}
