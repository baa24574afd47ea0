using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>Pictures [batch, channels, height, width] to patches [batch, rows x columns, channels x size x size].</summary>
public static class Patches
{
    public static void Extract(GpuContext context, ArrayView<float> pictures, ArrayView<float> patches, long batch, int channels, int height, int width, int size)
    {
        Arguments a = default;
        (a.Pictures, a.Values, a.Channels, a.Height, a.Width, a.Size) = (pictures, patches, channels, height, width, size);
        (a.Columns, a.Patch) = (width / size, channels * size * size);
        a.Patches = checked((int)batch * (height / size) * a.Columns);
        context.Launch(Body, a.Patches, a.Patch, in a);
    }

    // A group fills one patch at a time.
    private static void Body(Arguments a)
    {
        var (thread, threads, group, groups) = (Group.IdxX, Group.DimX, Grid.IdxX, Grid.DimX);
        var rows = a.Height / a.Size;
        for (var patch = group; patch < a.Patches; patch += groups)
        {
            var column = patch % a.Columns;
            var row = patch / a.Columns % rows;
            var picture = patch / a.Columns / rows;
            for (var i = thread; i < a.Patch; i += threads)
            {
                var x = i % a.Size;
                var y = i / a.Size % a.Size;
                var channel = i / a.Size / a.Size;
                a.Values[(patch * a.Patch) + i] = a.Pictures[(((((picture * a.Channels) + channel) * a.Height) + (row * a.Size) + y) * a.Width) + (column * a.Size) + x];
            }
        }
    }

    internal struct Arguments
    {
        public ArrayView<float> Pictures, Values;
        public int Channels, Height, Width, Size, Columns, Patch, Patches;
    }
}
