using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Testing;

/// <summary>What cases of ops are written with: a graph's builder, tensors that get gradients, and data that does not. The same name is the same tensor.</summary>
internal sealed class OpBuilder(OpNumbers numbers)
{
    private readonly Dictionary<string, Value> _values = [];
    private readonly List<Parameter> _parameters = [];

    public GraphBuilder Graph { get; } = new();

    public OpNumbers Numbers { get; } = numbers;

    /// <summary>A factor of losses that is not 1.</summary>
    public Value Scale => Data("scale", Shape.Scalar, Draws.Constant(0.75));

    /// <summary>Parameters in the order in which they were asked for.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>The layers that tensors belong to from here on; null outside of blocks.</summary>
    public LayerRun? Run { get; set; }

    /// <summary>What the next tensor is added to: how a layer of a chain gets what the layer before made.</summary>
    public Value? Entry { get; set; }

    /// <summary>Shape of the first tensor that was asked for.</summary>
    public Shape? First { get; private set; }

    /// <summary>Data in the order in which it was asked for.</summary>
    public IEnumerable<InputOp> Inputs => _values.Values.Select(static v => v.Producer.Op).OfType<InputOp>();

    /// <summary>
    /// A tensor that gets a gradient: a parameter, or, where its size depends on batch or length, rows looked up in one, each
    /// row once, so that the parameter's gradient is the tensor's.
    /// </summary>
    public Value Tensor(string name, Shape shape, Draw? draw = null)
    {
        if (_values.TryGetValue(name, out var known))
        {
            return known;
        }

        First ??= shape;
        Numbers.Add(name, draw ?? Draws.Unit);
        var value = shape.Count.IsConstant
            ? Parameter(name, [.. shape.Axes.Select(static a => checked((int)a.Extent.Factor))])
            : Graph.Embedding(
                Parameter(name, [checked((int)shape.Rows.At(Numbers.Batch, Numbers.Length)), shape.Columns]),
                Integers(name + "_rows", new Shape([.. shape.Axes.Take(shape.Axes.Length - 1)]), static (_, i) => i));
        if (Entry is { } entry)
        {
            (Entry, value) = (null, Graph.Add(entry, value));
        }

        _values.Add(name, value);
        return value;
    }

    /// <summary>Data that gets no gradient.</summary>
    public Value Data(string name, Shape shape, Draw? draw = null) => Input(name, shape, ElementType.Float, draw ?? Draws.Unit);

    /// <summary>Whole Numbers.</summary>
    public Value Integers(string name, Shape shape, Draw draw) => Input(name, shape, ElementType.Integer, draw);

    /// <summary>The loss that makes the gradient of a tensor what the weights are.</summary>
    public Value Weighted(Value y, string weights, Draw? draw = null) => Graph.Apply(new WeightedSumOp(), y, Data(weights, y.Shape, draw), Scale);

    private Value Input(string name, Shape shape, ElementType type, Draw draw)
    {
        Numbers.Add(name, checked((int)shape.Count.At(Numbers.Batch, Numbers.Length)), draw);
        if (!_values.TryGetValue(name, out var value))
        {
            _values.Add(name, value = Graph.Apply(new InputOp(name, shape, type)));
        }

        return value;
    }

    private Value Parameter(string name, int[] shape)
    {
        var part = new ParameterPart(Run is null ? name : $"{Run.Name}.{{layer}}.{name}", shape, 0, new Initializer.Constant(0), false, false);
        var parameter = new Parameter(name, shape, ParameterKind.Weight, [part], Run);
        _parameters.Add(parameter);
        return Graph.Apply(new ParameterOp(parameter));
    }
}
