using ModelCompiler.Gpu;
using ModelCompiler.GpuCheck.Reporting;

namespace ModelCompiler.GpuCheck.Products;

/// <summary>Measures products in both ways and writes the table that <c>Device.Cuda(0, products: file)</c> takes.</summary>
internal static class ProductMeasurement
{
    private const double Seconds = 0.25, QuickSeconds = 0.02;

    /// <returns><see cref="Checks.Passed"/>; <see cref="Checks.Failed"/> where the ways disagree, <see cref="Checks.Unusable"/> where there is no cuBLAS or the file cannot be written: no table is written then.</returns>
    public static int Run(GpuDevice device, CublasLoader cublas, CheckOptions options, TextWriter output)
    {
        if ((device.Cublas ?? (device.Kind == GpuKind.Cuda ? cublas.Library : null)) is not { } library)
        {
            output.WriteLine($"There is nothing to measure on {device}: {(device.Kind == GpuKind.Cuda ? cublas.Text : "cuBLAS is for CUDA devices.")}");
            return Checks.Unusable;
        }

        return Run(device, library.Name, ProductShapes.OfModels(device, options.IsQuick ? Scale.Quick : Scale.Full), options.IsQuick ? QuickSeconds : Seconds, options.Products!, output, options.HasForms);
    }

    /// <summary>The same of given shapes.</summary>
    public static int Run(GpuDevice device, string library, IReadOnlyList<ProductShape> shapes, double seconds, string file, TextWriter output, bool hasForms = false)
    {
        using var pending = PendingFile.Open(file, output);
        if (pending is null)
        {
            return Checks.Unusable;
        }

        var times = new List<ProductTime>();
        foreach (var shape in shapes)
        {
            using var race = new ProductRace(device, in shape, seconds);
            var (time, apart) = race.Run();
            times.Add(time);
            var isRight = apart <= race.Tolerance;
            output.WriteLine(FormattableString.Invariant($"{(isRight ? "ok    " : "FAILED")}  {shape}: own {time.Own:F1} us, cuBLAS {time.Cublas:F1} us; apart by {apart:0.0e0}"));
            if (hasForms)
            {
                var forms = race.Forms().OrderBy(static f => f.Seconds).ToArray();
                output.WriteLine($"        {race.Chosen} of {string.Join(", ", forms.Select(static f => FormattableString.Invariant($"{f.Form} {1e6 * f.Seconds:F1}")))}");
            }

            if (!isRight)
            {
                return Checks.Failed;
            }
        }

        new ProductTable(ProductTable.Current, device.Name, library, times).Write(pending.Partial);
        pending.Keep();
        output.WriteLine($"cuBLAS makes {times.Count(static t => t.Cublas < t.Own)} of {times.Count} faster; the table is in {Path.GetFullPath(file)}");
        return Checks.Passed;
    }
}
