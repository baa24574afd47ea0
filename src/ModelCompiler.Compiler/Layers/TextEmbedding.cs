using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Layers;

/// <summary>Token vectors, projected where their table is narrower, and those of positions and segments, added; then a norm where asked, and dropout.</summary>
internal static class TextEmbedding
{
    public const string TokenTable = "embeddings.token.weight";

    /// <param name="prefix">Vectors [batch, tokens, width] that stand in the place of the first tokens; null: none.</param>
    public static Value Apply(ModelBuilder m, TextTransformerAttribute o, Value? prefix = null)
    {
        var x = Sum(m, o, m.Input("ids", m.Tokens, ElementType.Integer), prefix);
        using var scope = m.Scope("embeddings");
        return m.Dropout(o.EmbeddingNorm ? NormLayer.Apply(m, "norm", x, o) : x, o.EmbeddingDropout);
    }

    /// <summary>What a norm and dropout follow.</summary>
    public static Value Sum(ModelBuilder m, TextTransformerAttribute o, Value ids, Value? prefix = null)
    {
        using var scope = m.Scope("embeddings");
        var x = m.Graph.Embedding(Table(m, "token", o.Vocabulary, TableWidth(o), o), ids, Padding(o));
        if (TableWidth(o) != o.Width)
        {
            x = Linear.Apply(m, "projection", x, o.Width, false, Initial.Projection(o, TableWidth(o), o.Width));
        }

        if (o.ScaleEmbeddings)
        {
            x = m.Graph.Scale(x, Math.Sqrt(o.Width));
        }

        if (prefix is not null)
        {
            x = m.Graph.BeginWith(x, prefix);
        }

        if (o.Positions is Positions.Learned or Positions.Sinusoidal or Positions.SinusoidalHalves)
        {
            var rows = o.Context + o.PositionOffset;
            var isLearned = o.Positions == Positions.Learned;
            var table = isLearned
                ? Table(m, "position", rows, o.Width, o)
                : m.Parameter("position.weight", [rows, o.Width], ParameterKind.Constant, new Initializer.Sinusoid(o.Positions == Positions.SinusoidalHalves));

            // Positions that skip padding give it a row of its own, which learns nothing.
            var padding = isLearned && Padding(o) >= 0 && o.PositionOffset > 0 && !o.CountPadding ? o.PositionOffset - 1 : -1;
            x = m.Graph.Add(x, m.Graph.Embedding(table, m.Input("positions", m.Tokens, ElementType.Integer), padding));
        }

        if (o.Segments > 0)
        {
            x = m.Graph.Add(x, m.Graph.Embedding(Table(m, "segment", o.Segments, o.Width, o), m.Input("segments", m.Tokens, ElementType.Integer)));
        }

        return x;
    }

    /// <summary>The input that says which tokens are not padding; null: padding is seen.</summary>
    public static Value? Mask(ModelBuilder m, TextTransformerAttribute o) => o.AttendPadding ? null : m.Input("mask", m.Tokens, ElementType.Integer);

    /// <summary>Channels of the token table.</summary>
    public static int TableWidth(TextTransformerAttribute o) => o.EmbeddingWidth == 0 ? o.Width : o.EmbeddingWidth;

    // As torch's padding_idx. GPT-2's table has no such row.
    private static int Padding(TextTransformerAttribute o) =>
        o.LearnPadding == Toggle.Off || (o.LearnPadding == Toggle.Auto && o is TransformerEncoderAttribute) ? o.PaddingToken : -1;

    private static Value Table(ModelBuilder m, string name, int rows, int width, TextTransformerAttribute o)
    {
        using var scope = m.Scope(name);
        return m.Parameter("weight", [rows, width], ParameterKind.Embedding, Initial.Table(o));
    }
}
