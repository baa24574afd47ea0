using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Kernels;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// Contrast of vectors of pairs whose products are similarities s = A [B; Q]^T (InfoNCE; van den Oord et al. 2018, arXiv:1807.03748): loss = scale x sum over rows r of
/// (log sum exp s[r] - sum over c of y[r, c] s[r, c]), or the mean of that and of the same for columns. One op with its own kernel, because s grows with the square of the pairs and
/// need not be stored. Inputs: A, B [pairs, width], scale [1], then what there is of: ids [pairs]; Q [queued, width]; the teacher's A, B [pairs, its width], whose products with
/// each other and with Q are t. What is right: y[r] = (1 - softness) x shares of the columns that r matches, its own or all of its id alike, + softness x softmax of t[r].
/// Outputs: loss [1], and [pairs, 1] each, of rows, with both ways then of columns: the greatest m, l = log sum exp(s - m), the mean of what is matched, with a teacher its m and l and
/// the mean of s by its softmax; with ids, how many a row matches. With p = exp(s - m - l) of rows and of columns: ds = scale (p - y), the mean of both ways, dA = ds [B; Q], dB = ds^T A;
/// neither a queue nor a teacher has a gradient. A row that matches none is left out: its l is 1e30, so that its p is 0.
/// Why m and l are two: <see cref="CrossEntropyOp"/>.
/// </summary>
/// <param name="BothWays">The mean of rows and columns.</param>
/// <param name="WithoutOwn">Both sides are the same things, and a row's own column is neither a match nor a part of the sum (supervised contrast).</param>
/// <param name="OwnOnly">Of the columns of B a row sees its own alone; the others are those of the queue.</param>
/// <param name="Softness">0: there is no teacher; 1: what is right is the teacher's alone.</param>
internal sealed record PairContrastOp(bool BothWays, bool ByIds = false, bool WithoutOwn = false, bool HasQueue = false, bool OwnOnly = false, double Softness = 0) : Op, IPairLossOp
{
    private static readonly PairRole[]
        s_first = [PairRole.FirstLargest, PairRole.FirstLogSum, PairRole.FirstOwn],
        s_firstTeacher = [PairRole.FirstTeacherLargest, PairRole.FirstTeacherLogSum, PairRole.FirstTeacherMean],
        s_second = [PairRole.SecondLargest, PairRole.SecondLogSum, PairRole.SecondOwn],
        s_secondTeacher = [PairRole.SecondTeacherLargest, PairRole.SecondTeacherLogSum, PairRole.SecondTeacherMean];

    public override string Name => "pair_contrast";

    public PairRule Rule => new PairRule.Contrast(BothWays, WithoutOwn, OwnOnly, Softness);

    public IReadOnlyList<PairRole> Roles => [.. Inputs, PairRole.Loss, .. Kept];

    public bool HasTeacher => Softness > 0;

    public PairRole[] Inputs =>
    [
        PairRole.First, PairRole.Second, PairRole.Scale, .. If(ByIds, PairRole.Ids), .. If(HasQueue, PairRole.Queue), .. If(HasTeacher, PairRole.FirstTeacher, PairRole.SecondTeacher),
    ];

    private PairRole[] Kept =>
    [
        .. s_first, .. If(HasTeacher, s_firstTeacher), .. If(BothWays, s_second), .. If(BothWays && HasTeacher, s_secondTeacher), .. If(ByIds, PairRole.Matches),
    ];

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs)
    {
        if ((BothWays && HasQueue) || (ByIds && (HasQueue || HasTeacher)) || (WithoutOwn && !ByIds) || (OwnOnly && !HasQueue))
        {
            throw new GraphException("what belongs together has one meaning: a queue is of one way, without ids and with other columns to leave out");
        }

        var (a, b) = (inputs[0].Shape, inputs[1].Shape);
        if (a.Axes.Length != 2 || !a.Equals(b) || !a.LastExtent.IsConstant || inputs[2].Shape.Count != Extent.One)
        {
            throw new GraphException("needs two matrices [pairs, width] and one scale");
        }

        var at = 3;
        if (ByIds && inputs[at++].Shape.Count != a.Rows)
        {
            throw new GraphException("needs an id for each pair");
        }

        if (HasQueue && inputs[at++].Shape is var queue && (queue.Axes.Length != 2 || queue.LastExtent != a.LastExtent))
        {
            throw new GraphException("needs a queue [queued, width] of vectors as wide as those of the pairs");
        }

        if (HasTeacher && (inputs[at].Shape.Axes.Length != 2 || inputs[at].Shape.Rows != a.Rows || !inputs[at].Shape.Equals(inputs[at + 1].Shape)
            || (HasQueue && inputs[at].Shape.LastExtent != a.LastExtent)))
        {
            throw new GraphException("needs a teacher's vectors of both sides [pairs, width], with a queue as wide as its own");
        }

        var row = a.WithLast("one", 1);
        return [new Signature("loss", Shape.Scalar), .. Kept.Select(role => new Signature(Words(role), row))];
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream)
    {
        var values = Roles.Zip(inputs.Concat(outputs), static (role, value) => (Role: role, Value: value)).ToDictionary(static v => v.Role, static v => v.Value);
        values[PairRole.Loss] = upstream[0]!;
        return [Of(isTurned: false), Of(isTurned: true), .. inputs.Skip(2).Select(static _ => (Value?)null)];

        Value Of(bool isTurned)
        {
            var op = new PairContrastGradientOp(this, isTurned);
            return g.Apply(op, [.. op.Sources.Select(role => values[role])]);
        }
    }

    internal static PairRole[] If(bool has, params PairRole[] roles) => has ? roles : [];

    private static string Words(PairRole role) => string.Concat(role.ToString().Select(static (c, i) => i > 0 && char.IsUpper(c) ? "_" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));
}

/// <summary>
/// The gradient of one side: a side that does not learn costs nothing. Inputs: rows, which are of that side, columns, scale, dloss, and what the rules of <see cref="PairContrastOp"/>
/// read of what it was given and kept.
/// </summary>
/// <param name="IsTurned">Rows are those of the second side.</param>
internal sealed record PairContrastGradientOp(PairContrastOp Of, bool IsTurned) : Op, IPairLossOp
{
    public override string Name => "pair_contrast_gradient";

    public PairRule Rule => Of.Rule;

    public IReadOnlyList<PairRole> Roles =>
    [
        PairRole.First, PairRole.Second, PairRole.Scale, PairRole.Loss, .. PairContrastOp.If(Of.ByIds, PairRole.Ids, PairRole.Matches), .. PairContrastOp.If(Of.HasQueue && !IsTurned, PairRole.Queue),
        .. PairContrastOp.If(Of.HasTeacher, PairRole.FirstTeacher, PairRole.SecondTeacher),
        .. PairContrastOp.If(Of.BothWays || !IsTurned, [PairRole.FirstLargest, PairRole.FirstLogSum, .. PairContrastOp.If(Of.HasTeacher, PairRole.FirstTeacherLargest, PairRole.FirstTeacherLogSum)]),
        .. PairContrastOp.If(Of.BothWays || IsTurned, [PairRole.SecondLargest, PairRole.SecondLogSum, .. PairContrastOp.If(Of.HasTeacher, PairRole.SecondTeacherLargest, PairRole.SecondTeacherLogSum)]),
        PairRole.Gradient,
    ];

    /// <summary>What the inputs were to the loss.</summary>
    public IEnumerable<PairRole> Sources => Roles.Take(Roles.Count - 1).Select(role => IsTurned ? Other(role) : role);

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("d_" + inputs[0].Name, inputs[0].Shape)];

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();

    private static PairRole Other(PairRole role) => role switch
    {
        PairRole.First => PairRole.Second,
        PairRole.Second => PairRole.First,
        PairRole.FirstTeacher => PairRole.SecondTeacher,
        PairRole.SecondTeacher => PairRole.FirstTeacher,
        PairRole.FirstLargest => PairRole.SecondLargest,
        PairRole.FirstLogSum => PairRole.SecondLogSum,
        PairRole.FirstTeacherLargest => PairRole.SecondTeacherLargest,
        PairRole.FirstTeacherLogSum => PairRole.SecondTeacherLogSum,
        PairRole.SecondLargest => PairRole.FirstLargest,
        PairRole.SecondLogSum => PairRole.FirstLogSum,
        PairRole.SecondTeacherLargest => PairRole.FirstTeacherLargest,
        PairRole.SecondTeacherLogSum => PairRole.FirstTeacherLogSum,
        _ => role,
    };
}

internal static class PairContrastSyntax
{
    /// <summary>Both ways; with ids, pairs of one belong together.</summary>
    public static Value PairContrast(this GraphBuilder g, Value a, Value b, Value scale, Value? ids = null, bool withoutOwn = false) =>
        g.Apply(new PairContrastOp(true, ids is not null, withoutOwn), [a, b, scale, .. ids is null ? [] : (Value[])[ids]]);

    /// <summary>Both ways, from a teacher's similarities alone.</summary>
    public static Value TaughtContrast(this GraphBuilder g, Value a, Value b, Value scale, Value teacherA, Value teacherB) =>
        g.Apply(new PairContrastOp(true, Softness: 1), a, b, scale, teacherA, teacherB);

    /// <summary>From a to b alone.</summary>
    /// <param name="queue">Further columns; null: none.</param>
    /// <param name="ownOnly">Of b a row sees its own column alone.</param>
    /// <param name="teacher">The teacher's vectors of both sides; needed for a softness above 0.</param>
    public static Value KeyContrast(this GraphBuilder g, Value a, Value b, Value scale, Value? queue, bool ownOnly = false, double softness = 0, params Value[] teacher) =>
        g.Apply(new PairContrastOp(false, HasQueue: queue is not null, OwnOnly: ownOnly, Softness: softness), [a, b, scale, .. queue is null ? [] : (Value[])[queue], .. softness > 0 ? teacher : []]);
}
