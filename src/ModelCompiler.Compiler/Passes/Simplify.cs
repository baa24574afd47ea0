using ModelCompiler.Compiler.Ir.Graphs;

namespace ModelCompiler.Compiler.Passes;

/// <summary>Leaves out what nobody uses and computes what is equal only once. Before: two equal nodes, or one without a reader; after: one, or none.</summary>
internal sealed class Simplify : GraphRewriter
{
    private readonly Dictionary<Key, IReadOnlyList<Value>> _seen = [];
    private HashSet<Node> _live = [];
    private HashSet<Value> _gradients = [];

    protected override void Prepare(Graph graph)
    {
        _live = Live(graph);
        _gradients = [.. graph.Gradients.SelectMany(static p => p.Parts)];
    }

    protected override IReadOnlyList<Value>? Replace(Node node, IReadOnlyList<Value> inputs)
    {
        if (!_live.Contains(node))
        {
            return [];
        }

        // Each part of a gradient is written into its parameter's memory: equal parts of two parameters stay two.
        if (node.Outputs.Any(_gradients.Contains))
        {
            return null;
        }

        var key = new Key(node.Op, inputs, Builder.Block);
        if (!_seen.TryGetValue(key, out var outputs))
        {
            outputs = Builder.Copy(node, inputs, Builder.Block).Outputs;
            _seen.Add(key, outputs);
        }

        return outputs;
    }

    /// <summary>Nodes that an output or a gradient depends on; a carry keeps what feeds it alive.</summary>
    private static HashSet<Node> Live(Graph graph)
    {
        var entries = graph.Blocks.SelectMany(static b => b.Carries).ToDictionary(static c => c.Entry, static c => c);
        var live = new HashSet<Node>();
        var work = new Stack<Value>(graph.Outputs.SelectMany(static o => o.Values).Concat(graph.Gradients.SelectMany(static p => p.Parts)));
        foreach (var carry in entries.Values)
        {
            work.Push(carry.Initial);
            work.Push(carry.Next);
        }

        while (work.Count > 0)
        {
            var node = work.Pop().Producer;
            if (live.Add(node))
            {
                foreach (var input in node.Inputs)
                {
                    work.Push(input);
                }
            }
        }

        return live;
    }

    /// <summary>Op, inputs and block: equal keys compute the same.</summary>
    private sealed class Key(Op op, IReadOnlyList<Value> inputs, Block? block) : IEquatable<Key>
    {
        private readonly Op _op = op;
        private readonly IReadOnlyList<Value> _inputs = inputs;
        private readonly Block? _block = block;

        public bool Equals(Key? other) => other is not null && _op.Equals(other._op) && ReferenceEquals(_block, other._block) && _inputs.SequenceEqual(other._inputs);

        public override bool Equals(object? obj) => Equals(obj as Key);

        public override int GetHashCode() => _inputs.Aggregate(_op.GetHashCode(), static (hash, value) => unchecked((hash * 31) + value.GetHashCode()));
    }
}
