using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Layers;

/// <summary>What a classifier's logits are asked for.</summary>
internal static class ClassLosses
{
    /// <summary>Losses that are added up: of labels or shares, and of a teacher's logits where there are some.</summary>
    public static IReadOnlyList<Value> Of(ModelBuilder m, ClassificationAttribute c, Value logits)
    {
        var loss = c.Targets == ClassTargets.Probabilities
            ? m.Graph.SoftCrossEntropy(logits, m.Input("probabilities", OfClasses(logits)), m.Input("probabilities_scale", Shape.Scalar), c.LabelSmoothing)
            : OfLabels(m, "labels", c, logits, c.LabelSmoothing);
        if (c.TeacherShare == 0)
        {
            return [loss];
        }

        var taught = m.Graph.KlDivergence(logits, m.Input("teacher_logits", OfClasses(logits)), m.Input("teacher_logits_scale", Shape.Scalar), c.TeacherTemperature);
        return [m.Graph.Scale(loss, 1 - c.TeacherShare), m.Graph.Scale(taught, c.TeacherShare)];
    }

    /// <param name="labels">Name of the input with them.</param>
    public static Value OfLabels(ModelBuilder m, string labels, ClassificationAttribute c, Value logits, double smoothing)
    {
        var scale = m.Input(labels + "_scale", Shape.Scalar);
        if (!c.MultiLabel)
        {
            return m.Graph.CrossEntropy(logits, m.Input(labels, new Shape(logits.Shape.Axes[0]), ElementType.Integer), scale, smoothing);
        }

        var targets = m.Input(labels, OfClasses(logits));
        return c.Focal == 0 ? m.Graph.LogisticLoss(logits, targets, scale) : m.Graph.FocalLoss(logits, targets, scale, c.Focal, c.FocalAlpha);
    }

    private static Shape OfClasses(Value logits) => logits.Shape.WithLast("class", logits.Shape.LastExtent);
}
