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
    /// <returns><see cref="Passed"/>; <see cref="Failed"/> where a result is wrong or a part could not run; <see cref="Unusable"/> where the file cannot be written. Speed fails nothing.</returns>
    public static int Run(GpuDevice device, CheckOptions options, TextWriter output)
    {
        using var file = PendingFile.Open(options.Json, output);
        if (file is null)
        {
            return Unusable;
        }

        var report = new Report(device, options.IsQuick, output);
        foreach (var (name, check) in ZooCheck.All)
        {
            report.Add("numerics", name, () => check(device));
        }

        report.Try("speed", "device", () => Speed(device, ScaleOf(device, options), report));
        report.Write(file.Partial);
        file.Keep();
        output.WriteLine($"all numbers are in {Path.GetFullPath(options.Json)}");
        return report.IsPassed ? Passed : Failed;
    }

    /// <summary>Prints where the time of a training step goes.</summary>
    /// <returns><see cref="Passed"/>; <see cref="Unusable"/> where there is no such step.</returns>
    public static int Profile(GpuDevice device, CheckOptions options, TextWriter output)
    {
        var steps = StepSpeed.Cases(ScaleOf(device, options), device).ToArray();
        if (Array.Find(steps, s => s.Name == options.Profile) is not { } step)
        {
            output.WriteLine($"There is no step '{options.Profile}', but {string.Join("; ", steps.Select(static s => $"'{s.Name}'"))}.");
            return Unusable;
        }

        StepProfile.Of(step, step.On(device, device.UsesCublas)).Write(output);
        return Passed;
    }

    private static Scale ScaleOf(GpuDevice device, CheckOptions options) => options.IsQuick ? Scale.Quick : device.IsGraphicsProcessor ? Scale.Full : Scale.Cores;

    private static void Speed(GpuDevice device, Scale scale, Report report)
    {
        // Kernels of this project first: what cuBLAS is measured against.
        using var context = new GpuContext(device.With(usesTf32: false, usesCublas: false, device.Products));
        using var peak = new DevicePeak(context);
        using var tf32 = context.HasTensorCores ? TensorPeak.Tf32(context) : null;
        using var narrow = context.HasTensorCores ? TensorPeak.Narrow(context) : null;
        IPeak[] peaks = [peak, .. new[] { tf32, narrow }.OfType<IPeak>()]; // in the order of StepPrecision
        foreach (var one in peaks)
        {
            report.Add("speed", one.Name, one.Measure);
        }

        var hasCublas = HasCublas(device);
        report.Add("speed", "launch", () => LaunchSpeed.Measure(context));
        if (!context.HasTensorCores)
        {
            foreach (var precision in StepPrecisions.OfTensorCores)
            {
                report.Add("speed", precision.Name(), static () => new Result(true, "not available: the device has no tensor cores; peak, products and steps are of float32 alone", ("available", 0)));
            }
        }

        foreach (var product in ProductSpeed.Cases(scale).SelectMany(p => context.HasTensorCores ? [p, .. StepPrecisions.OfTensorCores.Select(p.In)] : new[] { p }))
        {
            InBothWays(product.Name, usesCublas =>
            {
                using var on = new GpuContext(device.With(product.Precision == StepPrecision.Tf32, usesCublas, device.Products));
                return product.Measure(on, peaks[(int)product.Precision]);
            });
        }

        foreach (var step in StepSpeed.Cases(scale, device))
        {
            InBothWays(step.Name, usesCublas => step.Measure(step.On(device, usesCublas), peaks[(int)step.Precision]));
        }

        report.Add("speed", "peak at the end", peak.Measure);

        void InBothWays(string name, Func<bool, Result> measure)
        {
            report.Add("speed", name, () => measure(false));
            if (hasCublas)
            {
                report.Add("speed", $"{name}, cuBLAS", () => measure(true));
            }
        }
    }

    private static bool HasCublas(GpuDevice device)
    {
        using var library = new GpuContext(device.With(usesTf32: false, usesCublas: true, device.Products));
        return library.Cublas is not null;
    }
}
