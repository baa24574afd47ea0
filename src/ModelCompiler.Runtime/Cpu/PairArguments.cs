namespace ModelCompiler.Runtime.Cpu;

/// <summary>
/// Vectors of pairs, what else a loss of their similarities reads, and what forward keeps of them; what a loss does not have is null. A row of similarities is of one vector of
/// the first side, its columns are those of the second and of the queue.
/// </summary>
public unsafe struct PairArguments
{
    /// <summary>[Pairs, Width]: similarities are their products.</summary>
    public float* First, Second;

    /// <summary>[Queued, Width]: further columns.</summary>
    public float* Queue;

    /// <summary>[Pairs, TeacherWidth]: products of these say what is right. Further columns are those of the queue.</summary>
    public float* FirstTeacher, SecondTeacher;

    /// <summary>[Pairs]: pairs of one number belong together.</summary>
    public float* Ids;

    /// <summary>[1]: added to every similarity.</summary>
    public float* Bias;

    /// <summary>[1]: what the sum over pairs is multiplied by.</summary>
    public float* Scale;

    /// <summary>[1]: forward writes the loss, backward reads its gradient.</summary>
    public float* Loss;

    /// <summary>[Pairs] of the rows: greatest similarity m, log sum exp(s - m), and the mean of those that are right.</summary>
    public float* FirstLargest, FirstLogSum, FirstOwn;

    /// <summary>[Pairs]: the same of the teacher's similarities, and the mean of ours by its softmax.</summary>
    public float* FirstTeacherLargest, FirstTeacherLogSum, FirstTeacherMean;

    /// <summary>[Pairs] of the columns.</summary>
    public float* SecondLargest, SecondLogSum, SecondOwn, SecondTeacherLargest, SecondTeacherLogSum, SecondTeacherMean;

    /// <summary>[Pairs]: how many columns a row matches by its number.</summary>
    public float* Matches;

    /// <summary>[Pairs]: sums of a row's losses and of their slopes.</summary>
    public float* Losses, Slopes;

    /// <summary>[Pairs, Width]: the gradient of the first side.</summary>
    public float* Gradient;

    /// <summary>The gradient is added to what is there.</summary>
    public bool Adds;

    public int Pairs, Queued, Width, TeacherWidth;

    /// <summary>The loss is the mean of that of the rows and that of the columns.</summary>
    public bool BothWays;

    /// <summary>A row's own column is neither right nor wrong.</summary>
    public bool WithoutOwn;

    /// <summary>Of the pairs' columns a row has its own alone.</summary>
    public bool OwnOnly;

    /// <summary>Which part of what is right the teacher says.</summary>
    public float Softness;

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
