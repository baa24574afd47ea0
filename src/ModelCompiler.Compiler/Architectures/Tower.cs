using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Layers;

namespace ModelCompiler.Compiler.Architectures;

/// <summary>What follows the embeddings in every transformer: blocks, final norm, projection to the token table's width, pooling.</summary>
internal static class Tower
{
    public static Features Apply(ModelBuilder m, TransformerAttribute o, Value embedded, Sight sight, int prefix)
    {
        var weights = AttentionOutputs.Of(m, o);
        var (entries, x) = BlockStack.Apply(m, embedded, sight, o, weights);
        if (o.HiddenStates)
        {
            m.Output("hidden_states", [.. entries, x]);
        }

        weights?.Give(m);

        if (NormLayer.IsFinal(o))
        {
            x = NormLayer.Apply(m, "final_norm", x, o, o.FinalNormEpsilon);
        }

        if (o is TextTransformerAttribute text && TextEmbedding.TableWidth(text) != o.Width)
        {
            x = Linear.Apply(m, "projection", x, TextEmbedding.TableWidth(text), false, Initial.Projection(o, o.Width, TextEmbedding.TableWidth(text)));
        }

        m.Output("hidden", x);
        var pooled = PoolingLayer.Apply(m, x, o, prefix);
        if (pooled is not null)
        {
            m.Output("pooled", pooled);
        }

        return new Features(x, pooled, sight.Mask);
    }
}
