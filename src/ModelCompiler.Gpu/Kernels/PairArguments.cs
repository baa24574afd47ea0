using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>Vectors of pairs, what else a loss of their similarities reads, and what forward keeps of them; see the CPU's. What a loss does not have is no view.</summary>
public struct PairArguments
{
    public ArrayView<float> First, Second, Queue, FirstTeacher, SecondTeacher, Ids, Bias, Scale, Loss;

    public ArrayView<float> FirstLargest, FirstLogSum, FirstOwn, FirstTeacherLargest, FirstTeacherLogSum, FirstTeacherMean;

    public ArrayView<float> SecondLargest, SecondLogSum, SecondOwn, SecondTeacherLargest, SecondTeacherLogSum, SecondTeacherMean;

    public ArrayView<float> Matches, Losses, Slopes, Gradient;

    public bool Adds;

    public int Pairs, Queued, Width, TeacherWidth;

    public bool BothWays, WithoutOwn, OwnOnly;

    public float Softness;

    /// <summary>Columns of a row.</summary>
    internal readonly int Columns => Pairs + Queued;

    /// <summary>With the sides exchanged.</summary>
    internal readonly PairArguments Turned => this with
    {
        First = Second,
        Second = First,
        FirstTeacher = SecondTeacher,
        SecondTeacher = FirstTeacher,
        FirstLargest = SecondLargest,
        FirstLogSum = SecondLogSum,
        FirstOwn = SecondOwn,
        FirstTeacherLargest = SecondTeacherLargest,
        FirstTeacherLogSum = SecondTeacherLogSum,
        FirstTeacherMean = SecondTeacherMean,
        SecondLargest = FirstLargest,
        SecondLogSum = FirstLogSum,
        SecondOwn = FirstOwn,
        SecondTeacherLargest = FirstTeacherLargest,
        SecondTeacherLogSum = FirstTeacherLogSum,
        SecondTeacherMean = FirstTeacherMean,
    };
}

/// <summary>What kernels of pairs get: a strip of similarities, which begins at a row, and what the CPU's form has besides.</summary>
internal struct PairKernelArguments
{
    /// <summary>[rows of the strip, Columns].</summary>
    public ArrayView<float> Similarities, Teacher;

    public ArrayView<float> Ids, Bias, Scale, Loss, Matches, Losses, Slopes;

    public ArrayView<float> FirstLargest, FirstLogSum, FirstOwn, FirstTeacherLargest, FirstTeacherLogSum, FirstTeacherMean;

    public ArrayView<float> SecondLargest, SecondLogSum, SecondOwn, SecondTeacherLargest, SecondTeacherLogSum, SecondTeacherMean;

    /// <summary>Number of the strip's first row.</summary>
    public int FirstRow;

    public int Pairs, Columns;

    public int HasTeacher, HasIds, HasBias, ByRows, ByColumns, BothWays, WithoutOwn, OwnOnly;

    public float Softness;

    public static PairKernelArguments Of(GpuContext context, in PairArguments a, int firstRow, int rows)
    {
        var nothing = context.Nothing;
        PairKernelArguments k = default;
        k.Similarities = PairBlocks.Strip(context, in a, rows, 0);
        k.Teacher = a.TeacherWidth > 0 ? PairBlocks.Strip(context, in a, rows, 1) : nothing;
        (k.Ids, k.Bias, k.Scale, k.Loss) = (Or(a.Ids), Or(a.Bias), a.Scale, a.Loss);
        (k.Matches, k.Losses, k.Slopes) = (Or(a.Matches), Or(a.Losses), Or(a.Slopes));
        (k.FirstLargest, k.FirstLogSum, k.FirstOwn) = (Or(a.FirstLargest), Or(a.FirstLogSum), Or(a.FirstOwn));
        (k.FirstTeacherLargest, k.FirstTeacherLogSum, k.FirstTeacherMean) = (Or(a.FirstTeacherLargest), Or(a.FirstTeacherLogSum), Or(a.FirstTeacherMean));
        (k.SecondLargest, k.SecondLogSum, k.SecondOwn) = (Or(a.SecondLargest), Or(a.SecondLogSum), Or(a.SecondOwn));
        (k.SecondTeacherLargest, k.SecondTeacherLogSum, k.SecondTeacherMean) = (Or(a.SecondTeacherLargest), Or(a.SecondTeacherLogSum), Or(a.SecondTeacherMean));
        (k.FirstRow, k.Pairs, k.Columns, k.Softness) = (firstRow, a.Pairs, a.Columns, a.Softness);
        (k.HasTeacher, k.HasIds, k.HasBias) = (a.TeacherWidth > 0 ? 1 : 0, a.Ids.IsValid ? 1 : 0, a.Bias.IsValid ? 1 : 0);
        (k.ByRows, k.ByColumns) = (a.FirstLargest.IsValid ? 1 : 0, a.SecondLargest.IsValid ? 1 : 0);
        (k.BothWays, k.WithoutOwn, k.OwnOnly) = (a.BothWays ? 1 : 0, a.WithoutOwn ? 1 : 0, a.OwnOnly ? 1 : 0);
        return k;

        ArrayView<float> Or(ArrayView<float> view) => view.IsValid ? view : nothing;
    }
}
