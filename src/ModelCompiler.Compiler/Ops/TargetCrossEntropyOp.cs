using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// The cross-entropy of similarities from soft targets, over columns that may lie in two matrices, those of the batch and those of a queue:
/// loss = scale x sum over rows r of (log sum exp of row r - sum over its columns of y s), y = softness x softmax of the teacher's row + (1 - softness) x [column r of the first
/// matrix]. Inputs: similarities s [pairs, columns], with a queue its similarities [pairs, queued], scale [1], and with a softness above 0 the teacher's similarities of the
/// same columns, which get no gradient. Where there is one column, it is every row's own. Outputs: loss [1], each row's greatest m and l = log sum exp(s - m), and the same of
/// the teacher. ds = scale (exp(s - m - l) - y).
/// </summary>
/// <param name="Softness">0: targets are the pairs; 1: those of the teacher alone.</param>
/// <param name="HasQueue">Columns lie in two matrices.</param>
internal sealed record TargetCrossEntropyOp(double Softness, bool HasQueue) : CompositeOp
{
    public override string Name => "target_cross_entropy";

    private bool HasTeacher => Softness > 0;

    private int Parts => HasQueue ? 2 : 1;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs)
    {
        var s = inputs[0].Shape;
        var isOwn = s.LastExtent == Extent.One || s.LastExtent == s.Rows;
        if (inputs.Count != (HasTeacher ? 2 : 1) * Parts + 1 || s.Axes.Length != 2 || !isOwn || inputs[Parts].Shape.Count != Extent.One
            || Enumerable.Range(0, Parts).Any(i => inputs[i].Shape.Rows != s.Rows || (HasTeacher && !inputs[Parts + 1 + i].Shape.Equals(inputs[i].Shape))))
        {
            throw new GraphException("needs similarities [pairs, pairs], those of a queue in as many rows, one scale, and as much of a teacher");
        }

        var row = s.WithLast("one", 1);
        return
        [
            .. CrossEntropyOp.Signatures(s),
            .. HasTeacher ? [new Signature("teacher_largest", row), new Signature("teacher_log_sum", row)] : Array.Empty<Signature>(),
        ];
    }

    public override IReadOnlyList<Value> Expand(GraphBuilder g, IReadOnlyList<Value> inputs)
    {
        var (max, logSum) = LogSum(g, inputs, 0);
        var (teacherMax, teacherLogSum) = HasTeacher ? LogSum(g, inputs, Parts + 1) : (max, logSum);
        var along = Enumerable.Range(0, Parts)
            .Select(i => g.RowSum(g.Formula(Numbered(i, "of_targets"), inputs[i].Shape, a => Target(i, inputs[i].Shape, a, 2) * (a[0] - a[1]), [inputs[i], max, .. Teacher(inputs, i, teacherMax, teacherLogSum)])))
            .Aggregate(g.Add);
        var rows = g.Formula("row_target_cross_entropy", max.Shape, static a => (a[0] - a[1]) * a[2], logSum, along, inputs[Parts]);
        Value[] outputs = [g.ColumnSum(rows), max, logSum];
        return HasTeacher ? [.. outputs, teacherMax, teacherLogSum] : outputs;
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream)
    {
        var (teacherMax, teacherLogSum) = HasTeacher ? (outputs[3], outputs[4]) : (outputs[1], outputs[2]);
        return [.. inputs.Select((_, i) => i >= Parts ? null : g.Formula(Numbered(i, "target_cross_entropy_gradient"), inputs[i].Shape,
            a => (Scalar.Exp(a[0] - a[1] - a[2]) - Target(i, inputs[i].Shape, a, 5)) * (a[3] * a[4]),
            [inputs[i], outputs[1], outputs[2], inputs[Parts], upstream[0]!, .. Teacher(inputs, i, teacherMax, teacherLogSum)]))];
    }

    /// <summary>The greatest of a row over both matrices, and the logarithm of the sum of both.</summary>
    private (Value Max, Value LogSum) LogSum(GraphBuilder g, IReadOnlyList<Value> inputs, int from)
    {
        if (!HasQueue)
        {
            return CrossEntropyOp.ShiftedLogSum(g, inputs[from]);
        }

        var (batch, queue) = (inputs[from], inputs[from + 1]);
        var rows = batch.Shape.WithLast("one", 1);
        var max = g.Formula("largest_of_both", rows, static a => Scalar.Max(a[0], a[1]), g.RowMax(batch), g.RowMax(queue));
        Value Sum(Value x) => g.RowSum(g.Formula("shifted_exp", x.Shape, static a => Scalar.Exp(a[0] - a[1]), x, max));
        return (max, g.Formula("shifted_log_sum_of_both", rows, static a => Scalar.Log(a[0] + a[1]), Sum(batch), Sum(queue)));
    }

    private Value[] Teacher(IReadOnlyList<Value> inputs, int part, Value max, Value logSum) => HasTeacher ? [inputs[Parts + 1 + part], max, logSum] : [];

    // The teacher's similarity, its row's greatest and log sum stand behind the others.
    private Scalar Target(int part, Shape shape, Scalar[] a, int behind)
    {
        var soft = HasTeacher ? Scalar.Exp(a[behind] - a[behind + 1] - a[behind + 2]) * Softness : 0;
        return part == 0 && Softness < 1 ? soft + (OtherColumns.Own(shape) * (1 - Softness)) : soft;
    }

    private string Numbered(int part, string name) => FormattableString.Invariant($"{(part == 0 ? "" : "queued_")}{name}({Softness:R})");
}

internal static class TargetCrossEntropySyntax
{
    /// <param name="queue">Further columns; null: none.</param>
    /// <param name="teacher">The teacher's similarities of the same columns, those of the queue behind; needed for a softness above 0.</param>
    public static Value TargetCrossEntropy(this GraphBuilder g, Value similarities, Value? queue, Value scale, double softness, params Value[] teacher) =>
        g.Apply(new TargetCrossEntropyOp(softness, queue is not null), [similarities, .. queue is null ? [] : (Value[])[queue], scale, .. softness > 0 ? teacher : []]);
}
