namespace ModelCompiler.Compiler.Ir.Graphs;

/// <summary>
/// What every graph must be, whoever built it: values are made before they are used and seen from where they are used; shapes are
/// what the ops infer; blocks are one stretch each and hand values on through carries alone; gradients have their parameter's size.
/// </summary>
internal static class GraphVerifier
{
    /// <exception cref="GraphException">The graph is not well-formed; the message names the pass and the node.</exception>
    public static Graph Verify(Graph graph, string pass)
    {
        var positions = new Dictionary<Value, int>();
        var names = new HashSet<string>();
        for (var i = 0; i < graph.Nodes.Count; i++)
        {
            Node(graph.Nodes[i], positions, pass);
            foreach (var output in graph.Nodes[i].Outputs)
            {
                positions.Add(output, i);
                Require(names.Add(output.Name), pass, graph.Nodes[i], $"{output} is made twice");
            }
        }

        Blocks(graph, positions, pass);
        Ends(graph, positions, pass);
        return graph;
    }

    private static void Node(Node node, Dictionary<Value, int> positions, string pass)
    {
        foreach (var input in node.Inputs)
        {
            var from = input.Producer.Block;
            Require(positions.ContainsKey(input), pass, node, $"{input} is used before it is made");
            Require(from is null || ReferenceEquals(from, node.Block) || ReferenceEquals(from, node.Block?.Mirror) || node.Op is ResultOp, pass, node, $"{input} cannot be seen outside of its block '{from?.Name}'");
        }

        if (node.Op is CarryOp or ResultOp)
        {
            return;
        }

        var signatures = node.Op.Infer(node.Inputs);
        Require(signatures.Select(static s => (s.Shape, s.Type == ElementType.Integer)).SequenceEqual(node.Outputs.Select(static o => (o.Shape, o.Type == ElementType.Integer))), pass, node,
            $"is inferred to give {string.Join(", ", signatures.Select(static s => s.Shape))}, not {string.Join(", ", node.Outputs.Select(static o => o.Shape))}");
    }

    private static void Blocks(Graph graph, Dictionary<Value, int> positions, string pass)
    {
        foreach (var block in graph.Blocks)
        {
            var inside = Enumerable.Range(0, graph.Nodes.Count).Where(i => ReferenceEquals(graph.Nodes[i].Block, block)).ToArray();
            Require(inside[inside.Length - 1] - inside[0] == inside.Length - 1, pass, graph.Nodes[inside[0]], $"block '{block.Name}' is no single stretch");
            foreach (var carry in block.Carries)
            {
                var node = carry.Entry.Producer;
                Require(positions.TryGetValue(carry.Initial, out var initial) && initial < inside[0], pass, node, $"{carry.Initial} is not made before block '{block.Name}' begins");
                Require(ReferenceEquals(carry.Next?.Producer.Block, block), pass, node, $"{carry.Next} is handed on by block '{block.Name}', but not made in it");
                Require(carry.Initial.Shape.Equals(carry.Entry.Shape) && carry.Entry.Shape.Equals(carry.Next!.Shape) && carry.Next.Shape.Equals(carry.Result.Shape), pass, node, "a carry keeps its shape from layer to layer");
                Require(carry.Initial.Type == carry.Next!.Type, pass, node, "a carry is stored alike from layer to layer");
            }

            var layered = inside.Select(i => graph.Nodes[i].Op).OfType<ParameterOp>().FirstOrDefault(p => p.Parameter.Run is { } run && (run.First != block.First || run.Count != block.Count));
            Require(layered is null, pass, graph.Nodes[inside[0]], $"parameter '{layered?.Parameter.Name}' belongs to other layers than block '{block.Name}'");
        }
    }

    private static void Ends(Graph graph, Dictionary<Value, int> positions, string pass)
    {
        foreach (var output in graph.Outputs)
        {
            foreach (var value in output.Values)
            {
                Require(positions.ContainsKey(value), pass, value.Producer, $"output '{output.Name}' is not made");
            }
        }

        foreach (var gradient in graph.Gradients)
        {
            foreach (var part in gradient.Parts)
            {
                Require(positions.ContainsKey(part), pass, part.Producer, $"the gradient of '{gradient.Parameter.Name}' is not made");
                Require(part.Shape.Count == (Extent)gradient.Parameter.Count, pass, part.Producer, $"the gradient of '{gradient.Parameter.Name}' has the shape {part.Shape}");
                Require(part.Producer.Block is null == gradient.Parameter.Run is null, pass, part.Producer, $"the gradient of '{gradient.Parameter.Name}' is not made where the parameter is used");
            }
        }
    }

    private static void Require(bool condition, string pass, Node node, string message)
    {
        if (!condition)
        {
            throw new GraphException($"after {pass}: {node.Op.Name} at '{node.Path}': {message}");
        }
    }
}
