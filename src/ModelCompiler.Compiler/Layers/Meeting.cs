using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Layers;

/// <summary>What objectives of two towers compare; each is made once, when it is asked for.</summary>
/// <param name="first">Unit vectors [batch, embedding] of the first side.</param>
/// <param name="scale">What similarities are multiplied by, on the vectors of one side.</param>
/// <param name="bias">Added to scaled similarities; null: nothing.</param>
/// <param name="measure">What a similarity is; what is no product has no scale.</param>
internal sealed class Meeting(ModelBuilder builder, MeetingSide first, MeetingSide second, Func<Value, Value> scale, Value? bias, SimilarityMeasure measure)
{
    private readonly Value _scaled = scale(first.Features);
    private Value? _logits, _unscaled, _unscaledTurned;

    public ModelBuilder Builder => builder;

    public GraphBuilder Graph => builder.Graph;

    public MeetingSide First => first;

    public MeetingSide Second => second;

    /// <summary>1 / number of pairs.</summary>
    public Value Mean => builder.Input("pairs_scale", Shape.Scalar);

    /// <summary>Scaled similarities, a row for each of the first side.</summary>
    public Value Logits => _logits ??= Shifted(_scaled, second.Features, "logits");

    /// <summary>Added to scaled similarities; null: nothing.</summary>
    public Value? Bias => bias;

    /// <summary>Similarities before scale and bias.</summary>
    public Value Unscaled => _unscaled ??= Similarities(first.Features, second.Features, "cosines");

    /// <summary>The same, a row for each of the second side.</summary>
    public Value UnscaledTurned => _unscaledTurned ??= measure == SimilarityMeasure.Order
        ? Graph.Transpose(Unscaled)
        : Graph.MatMul(second.Features, first.Features, false, true, "turned_cosines");

    /// <summary>Vectors of one side, scaled.</summary>
    public Value Scaled(Value vectors) => ReferenceEquals(vectors, first.Features) ? _scaled : scale(vectors);

    /// <summary>The mean of both ways.</summary>
    public Value Mid(Value oneWay, Value other, double weight) => Graph.Scale(Graph.Add(oneWay, other), 0.5 * weight);

    public Value Weighted(Value loss, double weight) => weight == 1 ? loss : Graph.Scale(loss, weight);

    private Value Shifted(Value a, Value b, string name)
    {
        var similarities = Similarities(a, b, name);
        return bias is null ? similarities : Graph.ShiftBy(similarities, bias);
    }

    private Value Similarities(Value a, Value b, string name) => measure == SimilarityMeasure.Order ? Graph.OrderScores(a, b) : Graph.MatMul(a, b, false, true, name);
}

/// <summary>One of two sides where they meet.</summary>
/// <param name="Features">Unit vectors [batch, embedding].</param>
/// <param name="Momentum">Those of the copy; null: there is none.</param>
/// <param name="Queue">Unit vectors [queue, embedding] of past batches; null: none are kept.</param>
internal sealed record MeetingSide(string Name, Value Features, Value? Momentum = null, Value? Queue = null)
{
    /// <summary>What the other side is compared with.</summary>
    public Value Keys => Momentum ?? Features;
}
