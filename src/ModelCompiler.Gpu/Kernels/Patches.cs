using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>Pictures [batch, channels, height, width] to patches [batch, rows x columns, channels x patch height x patch width].</summary>
public static class Patches
{
    public static void Extract(GpuContext context, ArrayView<float> pictures, ArrayView<float> patches, long batch, int channels, int height, int width, int patchHeight, int patchWidth)
    {
        Arguments a = default;
        (a.Pictures, a.Values, a.Channels, a.Height, a.Width) = (pictures, patches, channels, height, width);
        (a.PatchHeight, a.PatchWidth) = (patchHeight, patchWidth);
        (a.Columns, a.Patch) = (width / patchWidth, channels * patchHeight * patchWidth);
        a.Patches = checked((int)batch * (height / patchHeight) * a.Columns);
        context.Launch(Body, a.Patches, a.Patch, in a);
    }

    // A group fills one patch at a time.
    private static void Body(Arguments a)
    {
        var (thread, threads, group, groups) = (Group.IdxX, Group.DimX, Grid.IdxX, Grid.DimX);
        var rows = a.Height / a.PatchHeight;
        for (var patch = group; patch < a.Patches; patch += groups)
        {
            var column = patch % a.Columns;
            var row = patch / a.Columns % rows;
            var picture = patch / a.Columns / rows;
            for (var i = thread; i < a.Patch; i += threads)
            {
                var x = i % a.PatchWidth;
                var y = i / a.PatchWidth % a.PatchHeight;
                var channel = i / a.PatchWidth / a.PatchHeight;
                a.Values[(patch * a.Patch) + i] = a.Pictures[(((((picture * a.Channels) + channel) * a.Height) + (row * a.PatchHeight) + y) * a.Width) + (column * a.PatchWidth) + x];
            }
        }
    }

    internal struct Arguments
    {
        public ArrayView<float> Pictures, Values;
        public int Channels, Height, Width, PatchHeight, PatchWidth, Columns, Patch, Patches;
    }
}
