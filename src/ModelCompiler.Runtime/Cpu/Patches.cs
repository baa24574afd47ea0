namespace ModelCompiler.Runtime.Cpu;

/// <summary>Pictures [batch, channels, height, width] to patches [batch, rows x columns, channels x size x size].</summary>
public static unsafe class Patches
{
    public static void Extract(CpuContext context, float* pictures, float* patches, long batch, int channels, int height, int width, int size)
    {
        var job = new Job { Pictures = pictures, Patches = patches, Channels = channels, Height = height, Width = width, Size = size };
        context.Team.Run((int)batch * (height / size), &Body, &job);
    }

    // A chunk is one row of patches of one picture.
    private static void Body(void* state, int chunk, int worker)
    {
        ref readonly var job = ref *(Job*)state;
        var (rows, columns) = (job.Height / job.Size, job.Width / job.Size);
        var picture = job.Pictures + ((long)(chunk / rows) * job.Channels * job.Height * job.Width);
        var to = job.Patches + ((long)chunk * columns * job.Channels * job.Size * job.Size);
        for (var column = 0; column < columns; column++)
        {
            for (var channel = 0; channel < job.Channels; channel++)
            {
                for (var y = 0; y < job.Size; y++)
                {
                    var from = picture + ((((long)channel * job.Height) + (chunk % rows * job.Size) + y) * job.Width) + (column * job.Size);
                    new ReadOnlySpan<float>(from, job.Size).CopyTo(new Span<float>(to, job.Size));
                    to += job.Size;
                }
            }
        }
    }

    private struct Job
    {
        public float* Pictures, Patches;
        public int Channels, Height, Width, Size;
    }
}
