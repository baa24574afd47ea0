namespace ModelCompiler.Compiler.Ir.Graphs;

/// <summary>A tensor in a graph: an output of one node.</summary>
internal sealed class Value(Node producer, string name, Shape shape, ElementType type)
{
    public Node Producer { get; } = producer;

    public string Name { get; } = name;

    public Shape Shape { get; } = shape;

    public ElementType Type { get; } = type;

    public override string ToString() => $"%{Name}";
}

/// <summary>One application of an op. Immutable once built; made only by <see cref="GraphBuilder"/>.</summary>
internal sealed class Node(int id, Op op, IReadOnlyList<Value> inputs, Block? block, string path, string origin)
{
    public int Id { get; } = id;

    public Op Op { get; } = op;

    public IReadOnlyList<Value> Inputs { get; } = inputs;

    public IReadOnlyList<Value> Outputs { get; internal set; } = [];

    /// <summary>The repeated block that the node is in; null at the top level.</summary>
    public Block? Block { get; } = block;

    /// <summary>Layer path: <c>blocks.attention</c>.</summary>
    public string Path { get; } = path;

    /// <summary>What the node was written as: the name of the composite op it came from, or its op's.</summary>
    public string Origin { get; } = origin;

    public Value Output => Outputs[0];
}

/// <summary>
/// A stretch of nodes that runs once for each layer. Values go from one layer to the next through carries only.
/// A reverse block runs the layers of its <see cref="Mirror"/> from last to first and may read that block's values of the same layer.
/// </summary>
internal sealed class Block(string name, int first, int count, Block? mirror)
{
    public string Name { get; } = name;

    /// <summary>Layer number of the first repetition: layered parameters are taken from there on.</summary>
    public int First { get; } = first;

    public int Count { get; } = count;

    public Block? Mirror { get; } = mirror;

    public bool IsReverse => Mirror is not null;

    /// <summary>Numbers of the layers in the order in which they run.</summary>
    public IEnumerable<int> Layers => IsReverse ? Enumerable.Range(First, Count).Reverse() : Enumerable.Range(First, Count);

    public List<Carry> Carries { get; } = [];
}

/// <summary>A value handed from layer to layer.</summary>
internal sealed class Carry(Value initial, Value entry)
{
    /// <summary>What the first layer gets; outside the block.</summary>
    public Value Initial { get; } = initial;

    /// <summary>What a layer gets; inside the block.</summary>
    public Value Entry { get; } = entry;

    /// <summary>What a layer hands on; inside the block.</summary>
    public Value Next { get; internal set; } = null!;

    /// <summary>What the last layer handed on; outside the block.</summary>
    public Value Result { get; internal set; } = null!;
}

/// <summary>A named result. With several values they are stacked: the entries of carries give one for each layer.</summary>
internal sealed record GraphOutput(string Name, IReadOnlyList<Value> Values);

/// <summary>The parts whose sum is a parameter's gradient, in the order in which they are added.</summary>
internal sealed record ParameterGradient(Parameter Parameter, IReadOnlyList<Value> Parts);

/// <summary>A model, or a model with its backward pass, as nodes in an order in which they can run.</summary>
internal sealed class Graph(IReadOnlyList<Node> nodes, IReadOnlyList<GraphOutput> outputs, IReadOnlyList<ParameterGradient> gradients)
{
    public IReadOnlyList<Node> Nodes { get; } = nodes;

    public IReadOnlyList<GraphOutput> Outputs { get; } = outputs;

    public IReadOnlyList<ParameterGradient> Gradients { get; } = gradients;

    public IEnumerable<Block> Blocks => Nodes.Select(static n => n.Block).OfType<Block>().Distinct();
}
