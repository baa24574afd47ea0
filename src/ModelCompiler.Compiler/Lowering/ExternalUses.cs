using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Kernels;

namespace ModelCompiler.Compiler.Lowering;

/// <summary>Who reads a value besides its own group, and which values are parts of gradients.</summary>
internal sealed class ExternalUses
{
    private readonly Dictionary<Value, List<Node>> _readers = [];
    private readonly HashSet<Value> _kept = [];
    private readonly Dictionary<Value, Argument.Gradient> _parts = [];

    public ExternalUses(Graph graph)
    {
        foreach (var node in graph.Nodes.Where(static n => n.Op is not ResultOp))
        {
            foreach (var input in node.Inputs)
            {
                if (!_readers.TryGetValue(input, out var list))
                {
                    _readers.Add(input, list = []);
                }

                list.Add(node);
            }
        }

        foreach (var carry in graph.Blocks.SelectMany(static b => b.Carries))
        {
            _kept.Add(carry.Initial);
            _kept.Add(carry.Next);
        }

        foreach (var value in graph.Outputs.SelectMany(static o => o.Values))
        {
            _kept.Add(value);
        }

        foreach (var gradient in graph.Gradients)
        {
            foreach (var part in gradient.Parts)
            {
                _parts.Add(part, new Argument.Gradient(gradient.Parameter, false, part));
            }
        }
    }

    /// <summary>Whether the value must be in memory when the group has run.</summary>
    public bool IsStored(Value value, Group group) =>
        _kept.Contains(value) || _parts.ContainsKey(value) || (_readers.TryGetValue(value, out var readers) && readers.Any(r => !group.Nodes.Contains(r)));

    /// <summary>Where the value is written: its own memory, or a parameter's gradient.</summary>
    public Argument Destination(Value value) => _parts.TryGetValue(value, out var gradient) ? gradient : new Argument.Tensor(value);
}
