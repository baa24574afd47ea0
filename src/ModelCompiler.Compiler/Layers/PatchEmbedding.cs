using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Layers;

/// <summary>Pictures to tokens: patches projected, masked ones replaced, tokens of the model's own before them, positions added, then norm and dropout where asked.</summary>
internal static class PatchEmbedding
{
    public static Value Apply(ModelBuilder m, VisionTransformerAttribute o)
    {
        using var scope = m.Scope("embeddings");
        var size = VisionSize.Of(o);
        var pictures = m.Input("pictures", Shape.Of(("batch", Extent.Batch), ("channel", o.Channels), ("row", size.Height), ("column", size.Width)));
        var patches = m.Graph.Patchify(pictures, o.Channels, size.Height, size.Width, size.PatchHeight, size.PatchWidth);
        var x = Linear.Apply(m, "patch", patches, o.Width, o.Biases.HasFlag(Biases.Patch), Initial.Projection(o, patches.Shape.Columns, o.Width));
        if (o.MaskToken)
        {
            var masked = m.Input("masked", Shape.Of(("batch", Extent.Batch), ("patch", size.Patches)), ElementType.Integer);
            x = m.Graph.ReplaceTokens(x, m.Parameter("mask_token", [1, o.Width], ParameterKind.Embedding, Initial.Table(o)), masked);
        }

        if (!o.PrefixPositions)
        {
            x = AddPositions(m, x, o, size, 0);
        }

        if (size.Prefix > 0)
        {
            x = m.Graph.Prepend(Prefix(m, o, size.Prefix), x);
        }

        if (o.PrefixPositions)
        {
            x = AddPositions(m, x, o, size, size.Prefix);
        }

        if (o.EmbeddingNorm)
        {
            x = NormLayer.Apply(m, "norm", x, o);
        }

        return m.Dropout(x, o.EmbeddingDropout);
    }

    /// <summary>Whether a part is a token of the model's own, by its name.</summary>
    public static bool IsToken(string path) => path.Split('.').Last() is "class_token" or "distillation_token" or "registers" or "mask_token";

    private static Value Prefix(ModelBuilder m, VisionTransformerAttribute o, int prefix)
    {
        var table = Initial.Table(o);
        var parts = new List<PartRequest>();
        if (o.ClassToken)
        {
            parts.Add(new PartRequest("class_token", [1, o.Width], table));
        }

        if (o.DistillationToken)
        {
            parts.Add(new PartRequest("distillation_token", [1, o.Width], table));
        }

        if (o.Registers > 0)
        {
            parts.Add(new PartRequest("registers", [o.Registers, o.Width], table));
        }

        return m.Group(parts.Count == 1 ? parts[0].Name : "prefix", ParameterKind.Embedding, [.. parts]);
    }

    private static Value AddPositions(ModelBuilder m, Value x, VisionTransformerAttribute o, VisionSize size, int prefix)
    {
        if (o.Positions == Positions.None)
        {
            return x;
        }

        if (o.Positions == Positions.SinusoidalGrid)
        {
            var grid = m.Parameter("position.weight", [prefix + size.Patches, o.Width], ParameterKind.Constant, new Initializer.SinusoidGrid(size.Columns, prefix));
            return m.Graph.AddToEach(x, grid);
        }

        var table = m.Parameter("position.weight", [prefix + (size.TableRows * size.TableColumns), o.Width], ParameterKind.Embedding, Initial.Table(o));
        if (size.TableRows != size.Rows || size.TableColumns != size.Columns)
        {
            var resize = m.Parameter("position.resize", [prefix + size.Patches, prefix + (size.TableRows * size.TableColumns)], ParameterKind.Constant,
                new Initializer.BicubicResize(size.TableRows, size.TableColumns, size.Rows, size.Columns, prefix));
            table = m.Graph.MatMul(resize, table, false, false, "positions");
        }

        return m.Graph.AddToEach(x, table);
    }
}
