using ModelCompiler.Compiler.Ir.Graphs;

namespace ModelCompiler.Compiler.Passes;

/// <summary>Copies a graph node by node into a new builder; a pass says what replaces a node.</summary>
internal abstract class GraphRewriter
{
    private readonly Dictionary<Value, Value> _map = [];
    private readonly Dictionary<Block, Block> _blocks = [];

    protected GraphBuilder Builder { get; } = new();

    public Graph Run(Graph graph)
    {
        Prepare(graph);
        for (var i = 0; i < graph.Nodes.Count; i++)
        {
            var node = graph.Nodes[i];
            if (node.Block is { } block && !_blocks.ContainsKey(block))
            {
                i = RewriteBlock(graph, i, block);
                continue;
            }

            RewriteNode(node);
        }

        foreach (var output in graph.Outputs)
        {
            Builder.Output(output.Name, output.Values.Select(Map).ToArray());
        }

        foreach (var gradient in graph.Gradients)
        {
            Builder.Gradient(gradient.Parameter, gradient.Parts.Select(Map).ToArray());
        }

        return Builder.Build();
    }

    protected virtual void Prepare(Graph graph)
    {
    }

    /// <summary>What stands for the node's outputs in the new graph; null: a copy of the node. An empty list: nothing, it is dead.</summary>
    protected abstract IReadOnlyList<Value>? Replace(Node node, IReadOnlyList<Value> inputs);

    /// <summary>What a carry begins with in the new graph.</summary>
    protected virtual Value Initial(Value original, Value mapped) => mapped;

    /// <summary>What a carry's layers hand on in the new graph.</summary>
    protected virtual Value Next(Carry original, Value mapped) => mapped;

    protected Value Map(Value value) => _map[value];

    private void RewriteNode(Node node)
    {
        if (node.Inputs.Any(i => !_map.ContainsKey(i)))
        {
            return; // its inputs were dead, so it is
        }

        var inputs = node.Inputs.Select(Map).ToArray();
        var outputs = Replace(node, inputs) ?? Builder.Copy(node, inputs, Builder.Block).Outputs;
        for (var i = 0; i < outputs.Count; i++)
        {
            _map[node.Outputs[i]] = outputs[i];
        }
    }

    private int RewriteBlock(Graph graph, int start, Block block)
    {
        var copy = new Block(block.Name, block.First, block.Count, block.Mirror is { } mirror ? _blocks[mirror] : null);
        _blocks[block] = copy;
        var initial = block.Carries.Select(c => Initial(c.Initial, Map(c.Initial))).ToArray();
        var entries = Builder.BeginBlock(copy, initial);
        for (var i = 0; i < entries.Count; i++)
        {
            _map[block.Carries[i].Entry] = entries[i];
        }

        var end = start;
        for (; end < graph.Nodes.Count && ReferenceEquals(graph.Nodes[end].Block, block); end++)
        {
            if (graph.Nodes[end].Op is not CarryOp)
            {
                RewriteNode(graph.Nodes[end]);
            }
        }

        var results = Builder.EndBlock(block.Carries.Select(c => Next(c, Map(c.Next))).ToArray());
        for (var i = 0; i < results.Count; i++)
        {
            _map[block.Carries[i].Result] = results[i];
        }

        // The results stand right behind the block: they are made already.
        while (end < graph.Nodes.Count && graph.Nodes[end].Op is ResultOp && block.Carries.Any(c => ReferenceEquals(c.Result, graph.Nodes[end].Output)))
        {
            end++;
        }

        return end - 1;
    }
}
