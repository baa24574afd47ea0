namespace ModelCompiler.Compiler.Ir.Graphs;

/// <summary>The only way to make nodes: infers shapes at once, so that a bad graph cannot be built quietly.</summary>
internal sealed class GraphBuilder
{
    private readonly List<Node> _nodes = [];
    private readonly Stack<string> _path = new();
    private readonly Dictionary<string, int> _names = [];
    private readonly List<GraphOutput> _outputs = [];
    private readonly List<ParameterGradient> _gradients = [];
    private int _nextId;

    /// <summary>The block that nodes are being added to.</summary>
    public Block? Block { get; private set; }

    public IReadOnlyList<Node> Nodes => _nodes;

    public string Path => string.Join(".", _path.Reverse());

    /// <summary>Name of the composite op that is being expanded; its nodes remember it.</summary>
    public string? Origin { get; set; }

    /// <summary>Names the layer that the following nodes belong to, until disposed.</summary>
    public IDisposable Scope(string name)
    {
        _path.Push(name);
        return new Undo(() => _path.Pop());
    }

    /// <summary>Applies an op.</summary>
    public IReadOnlyList<Value> ApplyAll(Op op, params Value[] inputs)
    {
        IReadOnlyList<Signature> signatures;
        try
        {
            CheckTypes(op, inputs);
            signatures = op.Infer(inputs);
        }
        catch (GraphException problem)
        {
            throw new GraphException($"{op.Name} at '{Path}' of {string.Join(", ", inputs.Select(static i => i.Shape))}: {problem.Message}");
        }

        return Add(op, inputs, signatures, Block, Path, Origin ?? op.Name).Outputs;
    }

    /// <summary>Applies an op with one output.</summary>
    public Value Apply(Op op, params Value[] inputs) => ApplyAll(op, inputs)[0];

    /// <summary>Adds a node as a copy of another one with other inputs; for passes.</summary>
    public Node Copy(Node node, IReadOnlyList<Value> inputs, Block? block) => Copy(node, node.Op, inputs, block, static o => o.Type);

    /// <summary>The same with another op, and outputs whose elements are stored otherwise.</summary>
    public Node Copy(Node node, Op op, IReadOnlyList<Value> inputs, Block? block, Func<Value, ElementType> type) =>
        Add(op, inputs, node.Outputs.Select(o => new Signature(o.Name, o.Shape, type(o))).ToArray(), block, node.Path, node.Origin);

    /// <summary>Opens a repeated block with one carry for each initial value; returns what a layer gets.</summary>
    public IReadOnlyList<Value> BeginBlock(Block block, params Value[] initial)
    {
        if (Block is not null)
        {
            throw new GraphException($"block '{block.Name}' opens inside block '{Block.Name}'");
        }

        Block = block;
        foreach (var value in initial)
        {
            AddCarry(value);
        }

        return block.Carries.Select(static c => c.Entry).ToArray();
    }

    /// <summary>Adds a carry to the open block.</summary>
    public Carry AddCarry(Value initial)
    {
        var entry = Add(CarryOp.Instance, [], [new Signature(initial.Name, initial.Shape, initial.Type)], Block, Path, "carry").Output;
        var carry = new Carry(initial, entry);
        Block!.Carries.Add(carry);
        return carry;
    }

    /// <summary>Closes the block: each layer hands on these values. Returns what the last layer handed on.</summary>
    public IReadOnlyList<Value> EndBlock(params Value[] next)
    {
        var block = Block!;
        Block = null;
        for (var i = 0; i < next.Length; i++)
        {
            var carry = block.Carries[i];
            if (!next[i].Shape.Equals(carry.Initial.Shape))
            {
                throw new GraphException($"block '{block.Name}' hands on {next[i].Shape}, but began with {carry.Initial.Shape}");
            }

            carry.Next = next[i];
            carry.Result = Add(ResultOp.Instance, [next[i]], [new Signature(carry.Initial.Name, carry.Initial.Shape, carry.Initial.Type)], null, Path, "result").Output;
        }

        return block.Carries.Select(static c => c.Result).ToArray();
    }

    public void Output(string name, params Value[] values) => _outputs.Add(new GraphOutput(name, values));

    public void Gradient(Parameter parameter, IReadOnlyList<Value> parts) => _gradients.Add(new ParameterGradient(parameter, parts));

    public Graph Build() => new(_nodes.ToArray(), _outputs.ToArray(), _gradients.ToArray());

    private static void CheckTypes(Op op, IReadOnlyList<Value> inputs)
    {
        for (var i = 0; i < inputs.Count; i++)
        {
            if (inputs[i].Type == ElementType.Integer != op.IsInteger(i))
            {
                throw new GraphException($"'{inputs[i].Name}' must be {(op.IsInteger(i) ? "whole numbers" : "floats")}");
            }
        }
    }

    private Node Add(Op op, IReadOnlyList<Value> inputs, IReadOnlyList<Signature> signatures, Block? block, string path, string origin)
    {
        var node = new Node(_nextId++, op, inputs.ToArray(), block, path, origin);
        node.Outputs = signatures.Select(s => new Value(node, Unique(s.Name), s.Shape, s.Type)).ToArray();
        _nodes.Add(node);
        return node;
    }

    private string Unique(string name)
    {
        // A name that ends in "_2" may be a copy's: count on from its stem.
        var cut = name.LastIndexOf('_');
        var stem = cut > 0 && name.Substring(cut + 1).All(char.IsDigit) && cut < name.Length - 1 ? name.Substring(0, cut) : name;
        var count = _names.TryGetValue(stem, out var used) ? used + 1 : 1;
        _names[stem] = count;
        return count == 1 ? stem : $"{stem}_{count}";
    }

    private sealed class Undo(Action action) : IDisposable
    {
        public void Dispose() => action();
    }
}
