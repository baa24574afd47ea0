using System.Text;

namespace ModelCompiler.Compiler.Ir.Graphs;

/// <summary>
/// A graph as stable text: a line a node, indented in blocks, the layer's path behind it.
/// <code>
/// %normed [batch, token: 17, width: 64], %mean [..], %rstd [..] = layer_norm(%tokens, %weight, %bias)   # blocks.attention_norm
/// </code>
/// </summary>
internal static class GraphPrinter
{
    public static string Print(Graph graph)
    {
        var text = new StringBuilder();
        Block? open = null;
        foreach (var node in graph.Nodes)
        {
            if (!ReferenceEquals(node.Block, open))
            {
                Close(text, open);
                open = node.Block;
                Open(text, open);
            }

            text.Append(open is null ? "" : "  ").Append(Line(node)).Append('\n');
        }

        Close(text, open);
        foreach (var output in graph.Outputs)
        {
            text.Append($"output {output.Name} = {List(output.Values)}\n");
        }

        foreach (var gradient in graph.Gradients)
        {
            text.Append($"gradient {Name(gradient.Parameter)} = {string.Join(" + ", gradient.Parts)}\n");
        }

        return text.ToString();
    }

    private static string Line(Node node)
    {
        var results = string.Join(", ", node.Outputs.Select(static o => $"{o} {o.Shape}{o.Type switch { ElementType.Integer => " int", ElementType.BFloat16 => " bf16", _ => "" }}"));
        var path = node.Path.Length == 0 ? "" : $"   # {node.Path}";
        return node.Op switch
        {
            InputOp => $"{results} = input{path}",
            ParameterOp p => $"{results} = parameter {Name(p.Parameter)}",
            CarryOp => $"{results} = carry",
            var op => $"{results} = {op.Name}({List(node.Inputs)}){path}",
        };
    }

    private static void Open(StringBuilder text, Block? block)
    {
        if (block is not null)
        {
            var layers = block.IsReverse ? $"{block.First + block.Count - 1} down to {block.First}" : $"{block.First} to {block.First + block.Count - 1}";
            text.Append($"block {block.Name}, layers {layers}{(block.Mirror is { } mirror ? $", mirror of {mirror.Name}" : "")}\n");
        }
    }

    private static void Close(StringBuilder text, Block? block)
    {
        foreach (var carry in block?.Carries ?? [])
        {
            text.Append($"  hand on {carry.Entry} = {carry.Next}, first {carry.Initial}, last {carry.Result}\n");
        }
    }

    private static string Name(Parameter parameter) => parameter.Run is { } run ? $"{parameter.Name} of layers {run.First} to {run.First + run.Count - 1}" : parameter.Name;

    private static string List(IEnumerable<Value> values) => string.Join(", ", values);
}
