using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Passes;

/// <summary>
/// Adds the backward pass of a loss, in one walk from its end. Each op's own rule makes the gradients of its inputs; a block of
/// layers gets a mirror that runs them from last to first, handing the gradient of the carry down. Gradients are ordinary nodes:
/// later passes treat them like all others. With <c>recompute</c>, a mirror first repeats its block's nodes from the carry, so
/// that nothing else of a layer is kept.
/// </summary>
internal sealed class Differentiate
{
    private readonly GraphBuilder _g = new();
    private readonly Dictionary<Value, Value> _map = [];
    private readonly Dictionary<Value, Value> _gradients = [];
    private readonly Dictionary<Block, Block> _copies = [];
    private readonly Dictionary<Parameter, List<Value>> _parameters = [];
    private readonly List<Parameter> _order = [];
    private readonly HashSet<Value> _needs = [];
    private readonly HashSet<Value> _taken = [];
    private readonly Graph _graph;
    private readonly bool _recompute;

    private Differentiate(Graph graph, bool recompute) => (_graph, _recompute) = (graph, recompute);

    /// <summary>
    /// The graph with its backward pass; <paramref name="loss"/> is the name of the output to differentiate. Where inputs are slopes of outputs, these are
    /// differentiated instead, and are no outputs any more.
    /// </summary>
    public static Graph Run(Graph graph, string loss, bool recompute) => new Differentiate(graph, recompute).Run(loss);

    private Graph Run(string loss)
    {
        FindNeeds();
        CopyForward();
        Begin(loss);
        foreach (var (nodes, block) in Regions().Reverse())
        {
            if (block is null)
            {
                Walk(nodes, static v => v);
            }
            else if (block.Carries.Any(c => _gradients.ContainsKey(c.Result) && _needs.Contains(c.Entry)))
            {
                Mirror(nodes, block);
            }
        }

        foreach (var parameter in _order)
        {
            _g.Gradient(parameter, _parameters[parameter]);
        }

        foreach (var input in Inputs(static i => i.SlopeAs))
        {
            _g.Output(input.Key, _gradients.TryGetValue(input.Value, out var slope) ? slope : Zero(input.Value));
        }

        return _g.Build();
    }

    private void Begin(string loss)
    {
        var slopes = Inputs(static i => i.SlopeOf);
        foreach (var output in _graph.Outputs.Where(o => slopes.ContainsKey(o.Name)))
        {
            _gradients[output.Values[0]] = _map[slopes[output.Name]];
        }

        if (slopes.Count == 0)
        {
            _gradients[_graph.Outputs.Single(o => o.Name == loss).Values[0]] = _g.Formula("one", Shape.Scalar, static _ => 1);
        }
    }

    private Dictionary<string, Value> Inputs(Func<InputOp, string?> name) =>
        _graph.Nodes.Where(n => n.Op is InputOp i && name(i) is not null).ToDictionary(n => name((InputOp)n.Op)!, static n => n.Output);

    // A value needs a gradient when something trainable lies below it.
    private void FindNeeds()
    {
        var entries = _graph.Blocks.SelectMany(static b => b.Carries.Select(c => (c.Entry, Carry: c, Block: b))).ToDictionary(static e => e.Entry);
        foreach (var node in _graph.Nodes)
        {
            var needs = node.Op switch
            {
                ParameterOp p => p.Parameter.IsTrainable,
                InputOp i => i.SlopeAs is not null,
                DetachOp => false,
                // A layer behind the first sees what the layer before computed with its own parameters, or with what it reads from outside.
                CarryOp => _needs.Contains(entries[node.Output].Carry.Initial)
                    || _graph.Nodes.Any(n => ReferenceEquals(n.Block, node.Block) && (n.Op is ParameterOp { Parameter.IsTrainable: true } || n.Inputs.Any(_needs.Contains))),
                _ => node.Inputs.Any(_needs.Contains),
            };
            if (needs)
            {
                foreach (var output in node.Outputs)
                {
                    _needs.Add(output);
                }
            }
        }
    }

    private void CopyForward()
    {
        foreach (var (nodes, block) in Regions())
        {
            if (block is null)
            {
                foreach (var node in nodes.Where(static n => n.Op is not ResultOp))
                {
                    Copy(node);
                }

                continue;
            }

            var copy = new Block(block.Name, block.First, block.Count, null);
            _copies[block] = copy;
            var entries = _g.BeginBlock(copy, block.Carries.Select(c => _map[c.Initial]).ToArray());
            for (var i = 0; i < entries.Count; i++)
            {
                _map[block.Carries[i].Entry] = entries[i];
            }

            foreach (var node in nodes.Where(static n => n.Op is not CarryOp))
            {
                Copy(node);
            }

            var results = _g.EndBlock(block.Carries.Select(c => _map[c.Next]).ToArray());
            for (var i = 0; i < results.Count; i++)
            {
                _map[block.Carries[i].Result] = results[i];
            }
        }

        var slopes = Inputs(static i => i.SlopeOf);
        foreach (var output in _graph.Outputs.Where(o => !slopes.ContainsKey(o.Name)))
        {
            _g.Output(output.Name, output.Values.Select(v => _map[v]).ToArray());
        }
    }

    private IReadOnlyList<Value> Copy(Node node)
    {
        var copy = _g.Copy(node, node.Inputs.Select(i => _map[i]).ToArray(), _g.Block);
        for (var i = 0; i < copy.Outputs.Count; i++)
        {
            _map[node.Outputs[i]] = copy.Outputs[i];
        }

        return copy.Outputs;
    }

    /// <summary>The backward pass of a block. <c>_gradients</c> is keyed by values of the original graph throughout.</summary>
    private void Mirror(IReadOnlyList<Node> nodes, Block block)
    {
        var carried = block.Carries.Where(c => _needs.Contains(c.Entry)).ToArray();
        var captured = nodes.SelectMany(static n => n.Inputs).Where(v => !ReferenceEquals(v.Producer.Block, block) && _needs.Contains(v)).Distinct().ToArray();
        Value[] starts = [.. carried.Select(c => _gradients.TryGetValue(c.Result, out var d) ? d : Zero(c.Initial)), .. captured.Select(Zero)];
        var mirror = new Block(block.Name + "_backward", block.First, block.Count, _copies[block]);
        var incoming = _g.BeginBlock(mirror, starts);
        var outside = _gradients.Keys.ToArray();
        var saved = outside.ToDictionary(static v => v, v => _gradients[v]);
        _gradients.Clear();
        for (var i = 0; i < carried.Length; i++)
        {
            Accumulate(carried[i].Next, incoming[i]);
        }

        for (var i = 0; i < captured.Length; i++)
        {
            _gradients[captured[i]] = incoming[carried.Length + i];
        }

        var forward = _recompute ? Replay(nodes) : (static v => v);
        Walk(nodes, forward);

        var next = carried.Select(c => _gradients.TryGetValue(c.Entry, out var d) ? d : Zero(c.Entry)).ToList();

        next.AddRange(captured.Select(v => _gradients[v]));
        var results = _g.EndBlock(next.ToArray());
        _gradients.Clear();
        foreach (var pair in saved)
        {
            _gradients[pair.Key] = pair.Value;
        }

        for (var i = 0; i < carried.Length; i++)
        {
            if (_needs.Contains(carried[i].Initial))
            {
                Accumulate(carried[i].Initial, results[i]);
            }
        }

        for (var i = 0; i < captured.Length; i++)
        {
            Accumulate(captured[i], results[carried.Length + i]);
        }
    }

    /// <summary>Repeats a block's nodes inside its mirror; returns the replay's stand-in for a copied value.</summary>
    private Func<Value, Value> Replay(IReadOnlyList<Node> nodes)
    {
        var replayed = new Dictionary<Value, Value>();
        Value Stand(Value v) => replayed.TryGetValue(v, out var r) ? r : v;
        foreach (var node in nodes.Where(static n => n.Op is not CarryOp))
        {
            var copy = _g.Copy(node, node.Inputs.Select(i => Stand(_map[i])).ToArray(), _g.Block);
            for (var i = 0; i < copy.Outputs.Count; i++)
            {
                replayed[_map[node.Outputs[i]]] = copy.Outputs[i];
            }
        }

        return Stand;
    }

    private void Walk(IReadOnlyList<Node> nodes, Func<Value, Value> forward)
    {
        foreach (var node in nodes.Reverse())
        {
            if (node.Op is StructuralOp || !node.Inputs.Any(_needs.Contains) || !node.Outputs.Any(_gradients.ContainsKey))
            {
                continue;
            }

            var upstream = node.Outputs.Select(o => _gradients.TryGetValue(o, out var d) ? d : null).ToArray();
            if (node.Outputs.Where((o, i) => upstream[i] is not null && !node.Op.IsDifferentiable(i)).FirstOrDefault() is { } kept)
            {
                throw new GraphException($"{node.Op.Name} at '{node.Path}': the loss depends on '{kept.Name}', which has no gradient");
            }

            _taken.UnionWith(upstream.OfType<Value>());
            _g.Origin = node.Op.Name + "_gradient";
            using var scope = _g.Scope(node.Path);
            var gradients = node.Op.Gradient(_g, node.Inputs.Select(i => forward(_map[i])).ToArray(), node.Outputs.Select(o => forward(_map[o])).ToArray(), upstream);
            _g.Origin = null;
            for (var i = 0; i < gradients.Count; i++)
            {
                if (gradients[i] is { } gradient && _needs.Contains(node.Inputs[i]))
                {
                    Accumulate(node.Inputs[i], gradient);
                }
            }
        }
    }

    private void Accumulate(Value value, Value gradient)
    {
        if (value.Producer.Op is ParameterOp { Parameter: var parameter })
        {
            if (!_parameters.TryGetValue(parameter, out var parts))
            {
                _parameters.Add(parameter, parts = []);
                _order.Add(parameter);
            }

            // A part is written straight into the parameter's gradient: what others read too, or is a part already, is copied.
            parts.Add(gradient.Producer.Op is StructuralOp || !_taken.Add(gradient) ? _g.Copy(gradient) : gradient);
            return;
        }

        _gradients[value] = _gradients.TryGetValue(value, out var before) ? _g.Add(before, gradient) : gradient;
    }

    private Value Zero(Value like) => _g.Formula("zero", like.Shape, static _ => 0);

    /// <summary>Stretches of the graph: nodes of one block, or nodes between blocks.</summary>
    private IEnumerable<(IReadOnlyList<Node> Nodes, Block? Block)> Regions()
    {
        for (var i = 0; i < _graph.Nodes.Count;)
        {
            var block = _graph.Nodes[i].Block;
            var nodes = _graph.Nodes.Skip(i).TakeWhile(n => ReferenceEquals(n.Block, block)).ToArray();
            i += nodes.Length;
            yield return (nodes, block);
        }
    }
}
