using System.Runtime.CompilerServices;
using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>One sum over the chunks of a kernel.</summary>
/// <param name="Partial">[chunks, width].</param>
/// <param name="Destination">[width].</param>
/// <param name="Accumulates">Add to what is there.</param>
public readonly record struct PartialSum(ArrayView<float> Partial, int Width, ArrayView<float> Destination, bool Accumulates);

/// <summary>Adds up the sums of chunks, in ascending order of chunks: those of one kernel in one launch, as many as four.</summary>
public static class PartialSums
{
    private const int Most = 4;
    private const int Threads = 64;

    /// <param name="sums">One or more.</param>
    public static void Reduce(GpuContext context, int chunks, params ReadOnlySpan<PartialSum> sums)
    {
        for (var first = 0; first < sums.Length; first += Most)
        {
            ReduceFour(context, chunks, sums[first..Math.Min(first + Most, sums.Length)]);
        }
    }

    private static void ReduceFour(GpuContext context, int chunks, ReadOnlySpan<PartialSum> sums)
    {
        // A launch needs memory for every view, also for those behind the last sum.
        Arguments a = default;
        a.Chunks = chunks;
        a.First = Of(sums[0], 0);
        a.Second = sums.Length > 1 ? Of(sums[1], a.First.End) : a.First;
        a.Third = sums.Length > 2 ? Of(sums[2], a.Second.End) : a.Second;
        a.Fourth = sums.Length > 3 ? Of(sums[3], a.Third.End) : a.Third;
        context.Launch(Body, (a.Fourth.End + Threads - 1) / Threads, Threads, in a);
    }

    private static Job Of(PartialSum sum, int start) => new() { Partial = sum.Partial, Destination = sum.Destination, Start = start, End = start + sum.Width, Accumulates = sum.Accumulates ? 1 : 0 };

    // A thread has a column; the columns of all sums stand behind one another.
    private static void Body(Arguments a)
    {
        var (thread, threads, group, groups) = (Group.IdxX, Group.DimX, Grid.IdxX, Grid.DimX);
        for (var c = (group * threads) + thread; c < a.Fourth.End; c += groups * threads)
        {
            if (c < a.First.End)
            {
                Add(a.First, c, a.Chunks);
            }
            else if (c < a.Second.End)
            {
                Add(a.Second, c, a.Chunks);
            }
            else if (c < a.Third.End)
            {
                Add(a.Third, c, a.Chunks);
            }
            else
            {
                Add(a.Fourth, c, a.Chunks);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Job job, int c, int chunks)
    {
        var (column, width) = (c - job.Start, job.End - job.Start);
        var sum = job.Accumulates != 0 ? job.Destination[column] : 0f;
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            sum += job.Partial[(chunk * width) + column];
        }

        job.Destination[column] = sum;
    }

    internal struct Arguments
    {
        public Job First, Second, Third, Fourth;
        public int Chunks;
    }

    /// <summary>A sum and the columns of the launch that are its own.</summary>
    internal struct Job
    {
        public ArrayView<float> Partial, Destination;
        public int Start, End, Accumulates;
    }
}
