namespace ModelCompiler.Runtime.Tests;

/// <summary>Losses of pairs that are told apart by what they read.</summary>
public enum PairLossKind
{
    /// <summary>Contrast of rows and columns.</summary>
    BothWays,

    /// <summary>The same where several belong together.</summary>
    Ids,

    /// <summary>The same of samples and the others of their number.</summary>
    Others,

    /// <summary>Both ways, by a teacher's similarities.</summary>
    Taught,

    /// <summary>Contrast of rows with keys and a queue.</summary>
    Queue,

    /// <summary>The same, softened by a teacher.</summary>
    TaughtQueue,

    /// <summary>A row's own key and a queue.</summary>
    OwnOnly,

    /// <summary>Logistic losses.</summary>
    Sigmoid,
}

/// <summary>What a loss of pairs is given.</summary>
internal sealed record PairNumbers(PairLossKind Kind, int Pairs, int Width)
{
    public const float Scale = 0.25f, Upstream = 2, Bias = -1.5f;

    public float[] First { get; init; } = Draw(Pairs * Width, 1);

    public float[] Second { get; init; } = Draw(Pairs * Width, 2);

    public float[] Queue { get; } = Draw((Pairs + 3) * Width, 3);

    public float[] FirstTeacher { get; } = Draw(Pairs * TaughtWidth(Kind, Width), 4);

    public float[] SecondTeacher { get; } = Draw(Pairs * TaughtWidth(Kind, Width), 5);

    /// <summary>Some numbers are rare, one is that of many.</summary>
    public float[] Ids { get; } = [.. Enumerable.Range(0, Pairs).Select(static i => (float)(i % 3 == 0 ? 0 : i / 4))];

    public PairNumbers Turned => this with { First = Second, Second = First };

    public bool IsBothWays => Kind is PairLossKind.BothWays or PairLossKind.Ids or PairLossKind.Others or PairLossKind.Taught;

    public bool HasIds => Kind is PairLossKind.Ids or PairLossKind.Others;

    public int Queued => Kind is PairLossKind.Queue or PairLossKind.TaughtQueue or PairLossKind.OwnOnly ? Pairs + 3 : 0;

    public int TeacherWidth => Kind is PairLossKind.Taught or PairLossKind.TaughtQueue ? TaughtWidth(Kind, Width) : 0;

    public float Softness => Kind switch { PairLossKind.Taught => 1, PairLossKind.TaughtQueue => 0.4f, _ => 0 };

    // Keys and a queue are what a teacher compares with as well.
    private static int TaughtWidth(PairLossKind kind, int width) => kind == PairLossKind.TaughtQueue ? width : width + 2;

    private static float[] Draw(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(2 * (random.NextDouble() - 0.5)))];
    }
}
