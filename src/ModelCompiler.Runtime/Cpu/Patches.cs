namespace ModelCompiler.Runtime.Cpu;

/// <summary>Pictures [batch, channels, height, width] to patches [batch, rows x columns, channels x patch height x patch width].</summary>
public static unsafe class Patches
{
    public static void Extract(CpuContext context, float* pictures, float* patches, long batch, int channels, int height, int width, int patchHeight, int patchWidth)
    {
        var job = new Job { Pictures = pictures, Patches = patches, Channels = channels, Height = height, Width = width, PatchHeight = patchHeight, PatchWidth = patchWidth };
        context.Team.Run((int)batch * (height / patchHeight), &Body, &job);
    }

    // A chunk is one row of patches of one picture.
    private static void Body(void* state, int chunk, int worker)
    {
        ref readonly var job = ref *(Job*)state;
        var (rows, columns) = (job.Height / job.PatchHeight, job.Width / job.PatchWidth);
        var picture = job.Pictures + ((long)(chunk / rows) * job.Channels * job.Height * job.Width);
        var to = job.Patches + ((long)chunk * columns * job.Channels * job.PatchHeight * job.PatchWidth);
        for (var column = 0; column < columns; column++)
        {
            for (var channel = 0; channel < job.Channels; channel++)
            {
                for (var y = 0; y < job.PatchHeight; y++)
                {
                    var from = picture + ((((long)channel * job.Height) + (chunk % rows * job.PatchHeight) + y) * job.Width) + (column * job.PatchWidth);
                    new ReadOnlySpan<float>(from, job.PatchWidth).CopyTo(new Span<float>(to, job.PatchWidth));
                    to += job.PatchWidth;
                }
            }
        }
    }

    private struct Job
    {
        public float* Pictures, Patches;
        public int Channels, Height, Width, PatchHeight, PatchWidth;
    }
}
