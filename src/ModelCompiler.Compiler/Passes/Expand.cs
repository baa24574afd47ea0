using ModelCompiler.Compiler.Ir.Graphs;

namespace ModelCompiler.Compiler.Passes;

/// <summary>Composite ops become the simple ones they are written with. Before: <c>layer_norm</c>; after: sums, differences, products.</summary>
internal sealed class Expand : GraphRewriter
{
    protected override IReadOnlyList<Value>? Replace(Node node, IReadOnlyList<Value> inputs)
    {
        if (node.Op is not CompositeOp composite)
        {
            return null;
        }

        Builder.Origin = node.Op.Name;
        using var scope = Builder.Scope(node.Path);
        var outputs = composite.Expand(Builder, inputs);
        Builder.Origin = null;
        return outputs;
    }
}
