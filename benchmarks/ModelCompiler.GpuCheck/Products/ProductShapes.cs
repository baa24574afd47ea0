using ModelCompiler.Gpu;
using ModelCompiler.GpuCheck.Speed;

namespace ModelCompiler.GpuCheck.Products;

/// <summary>The products of training steps, as models make them.</summary>
internal static class ProductShapes
{
    // Rows grow with a batch; between measured sizes the nearest decides.
    private static readonly int[] s_shares = [1, 8];

    /// <summary>Those of the models that are measured, at the batch that they are measured with and at an eighth of it.</summary>
    public static ProductShape[] OfModels(GpuDevice device, Scale scale)
    {
        var shapes = new HashSet<ProductShape>();
        foreach (var step in StepSpeed.Cases(scale, device).Where(static s => s.Precision != StepPrecision.Tf32))
        {
            shapes.UnionWith(Of(step, device));
        }

        return [.. shapes.Concat(device.HasTensorCores ? shapes.Where(static s => s.A == ProductElement.Float32).Select(InTf32) : []).OrderBy(static s => s.ToString(), StringComparer.Ordinal)];
    }

    /// <summary>Those of one model.</summary>
    public static IReadOnlySet<ProductShape> Of(StepSpeed step, GpuDevice device)
    {
        using var model = step.Create(device.With(usesTf32: false, usesCublas: false, (ProductTable?)null));
        var shapes = new HashSet<ProductShape>();
        ((GpuEngine)model.Core.Engine).Context.Shapes = shapes;
        foreach (var samples in s_shares.Select(share => Math.Max(1, step.Fitting(model.Core, device) / share)).Distinct())
        {
            var batch = new MadeUpBatch(model.Core.Description, step.Kinds, samples, step.Length, 1);
            batch.Set(model.Core);
            model.Core.ComputeGradients(batch.Batch, batch.Length, accumulate: false);
        }

        return shapes;
    }

    private static ProductShape InTf32(ProductShape shape) => shape with { A = ProductElement.Tf32, B = ProductElement.Tf32 };
}
