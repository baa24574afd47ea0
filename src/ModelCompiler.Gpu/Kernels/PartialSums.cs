using System.Runtime.CompilerServices;
using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>One sum over the chunks of a kernel.</summary>
/// <param name="Partial">[chunks, width].</param>
/// <param name="Destination">[width].</param>
/// <param name="Accumulates">Add to what is there.</param>
public readonly record struct PartialSum(ArrayView<float> Partial, int Width, ArrayView<float> Destination, bool Accumulates);

/// <summary>Adds up the sums of chunks, in an order that follows from the group's size alone: those of one kernel in one launch, as many as four.</summary>
public static class PartialSums
{
    private const int Most = 4;

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
        context.Launch(Body<ByWarps>, Body<ByMemory>, (a.Fourth.End + Groups.Columns - 1) / Groups.Columns, Groups.Size, in a);
    }

    private static Job Of(PartialSum sum, int start) => new() { Partial = sum.Partial, Destination = sum.Destination, Start = start, End = start + sum.Width, Accumulates = sum.Accumulates ? 1 : 0 };

    // A group has some columns, of those of all sums behind one another, and the threads of a column some of its chunks.
    private static void Body<TReduction>(Arguments a)
        where TReduction : struct, IReduction
    {
        var shared = SharedMemory.Allocate<float>(Groups.Size);
        var (thread, threads, group) = (Group.IdxX, Group.DimX, Grid.IdxX);
        var wide = threads < Groups.Columns ? threads : Groups.Columns;
        var lane = thread / wide;
        for (var part = 0; part < Groups.Columns; part += wide)
        {
            var c = (group * Groups.Columns) + part + thread - (lane * wide);
            var job = c < a.First.End ? a.First : c < a.Second.End ? a.Second : c < a.Third.End ? a.Third : a.Fourth;
            var sum = c < job.End ? Sum(job, c - job.Start, lane, threads / wide, a.Chunks) : 0f;
            sum = TReduction.SumOfLanes(shared, thread, threads, wide, sum);
            if (lane == 0 && c < job.End)
            {
                var at = c - job.Start;
                job.Destination[at] = job.Accumulates != 0 ? job.Destination[at] + sum : sum;
            }
        }
    }

    // Turns are counted: loops whose step is no constant are not unrolled, and wait for every element.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Sum(Job job, int column, int lane, int lanes, int chunks)
    {
        var width = job.End - job.Start;
        var turns = (chunks - lane + lanes - 1) / lanes;
        var sum = 0f;
        for (var turn = 0; turn < turns; turn++)
        {
            sum += job.Partial[((lane + (turn * lanes)) * width) + column];
        }

        return sum;
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
