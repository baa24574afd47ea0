using System.Runtime.InteropServices;
using ModelCompiler.Runtime.Cpu;

namespace ModelCompiler.Runtime.Tests;

/// <summary>Forward and backward of one loss of pairs.</summary>
internal static unsafe class PairBlocksRun
{
    /// <summary>The loss, and the gradients of both sides.</summary>
    /// <param name="adds">The second gradient is added to what is there.</param>
    public static float[][] Of(PairNumbers n, InstructionSet set, int threads, bool adds = true)
    {
        using var context = new CpuContext(threads, set);
        context.ReserveScratch(PairBlocks.SharedScratchBytes(n.Pairs, n.Queued, n.Width, n.TeacherWidth), PairBlocks.WorkerScratchBytes(n.Width, n.TeacherWidth));
        using var memory = new Memory();
        var a = new PairArguments
        {
            First = memory.Of(n.First),
            Second = memory.Of(n.Second),
            Scale = memory.Of([PairNumbers.Scale]),
            Loss = memory.Of([0f]),
            Pairs = n.Pairs,
            Queued = n.Queued,
            Width = n.Width,
            TeacherWidth = n.TeacherWidth,
            BothWays = n.IsBothWays,
            WithoutOwn = n.Kind == PairLossKind.Others,
            OwnOnly = n.Kind == PairLossKind.OwnOnly,
            Softness = n.Softness,
        };
        if (n.Queued > 0)
        {
            a.Queue = memory.Of(n.Queue);
        }

        if (n.TeacherWidth > 0)
        {
            a.FirstTeacher = memory.Of(n.FirstTeacher);
            a.SecondTeacher = memory.Of(n.SecondTeacher);
        }

        if (n.HasIds)
        {
            a.Ids = memory.Of(n.Ids);
            a.Matches = Rows();
        }

        if (n.Kind == PairLossKind.Sigmoid)
        {
            a.Bias = memory.Of([PairNumbers.Bias]);
            a.Losses = Rows();
            a.Slopes = Rows();
            return Run(PairSigmoid.Forward, PairSigmoid.Backward);
        }

        a.FirstLargest = Rows();
        a.FirstLogSum = Rows();
        a.FirstOwn = Rows();
        a.FirstTeacherLargest = Rows();
        a.FirstTeacherLogSum = Rows();
        a.FirstTeacherMean = Rows();
        if (n.IsBothWays)
        {
            a.SecondLargest = Rows();
            a.SecondLogSum = Rows();
            a.SecondOwn = Rows();
            a.SecondTeacherLargest = Rows();
            a.SecondTeacherLogSum = Rows();
            a.SecondTeacherMean = Rows();
        }

        return Run(Contrast.Forward, Contrast.Backward);

        // Nothing that is not written may be read.
        float* Rows() => memory.Of(Enumerable.Repeat(float.NaN, n.Pairs).ToArray());

        float[][] Run(Body forward, Body backward)
        {
            forward(context, in a);
            var loss = *a.Loss;
            *a.Loss = PairNumbers.Upstream;
            var first = memory.Of(new float[n.First.Length]);
            var second = memory.Of(Enumerable.Repeat(adds ? 1f : 0f, n.Second.Length).ToArray());
            backward(context, a with { Gradient = first });
            backward(context, a.Turned with { Gradient = second, Adds = adds, Queue = null, Queued = 0 });
            return [[loss], new Span<float>(first, n.First.Length).ToArray(), [.. new Span<float>(second, n.Second.Length).ToArray().Select(v => adds ? v - 1 : v)]];
        }
    }

    private delegate void Body(CpuContext context, in PairArguments arguments);

    private sealed class Memory : IDisposable
    {
        private readonly List<nint> _blocks = [];

        public float* Of(float[] values)
        {
            // Vectors may read over the end.
            var block = (float*)NativeMemory.AlignedAlloc(((nuint)values.Length * sizeof(float)) + 256, 64);
            values.CopyTo(new Span<float>(block, values.Length));
            _blocks.Add((nint)block);
            return block;
        }

        public void Dispose()
        {
            foreach (var block in _blocks)
            {
                NativeMemory.AlignedFree((void*)block);
            }
        }
    }
}
