using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Layers;

/// <summary>Token, position and segment vectors, added; then a norm where asked, and dropout.</summary>
internal static class TextEmbedding
{
    public const string TokenTable = "embeddings.token.weight";

    /// <summary>Shape of data with one value a token.</summary>
    public static Shape Tokens { get; } = Shape.Of(("batch", Extent.Batch), ("length", Extent.Length));

    public static Value Apply(ModelBuilder m, TextTransformerAttribute o)
    {
        using var scope = m.Scope("embeddings");
        var ids = m.Input("ids", Tokens, ElementType.Integer);
        var x = m.Graph.Embedding(Table(m, "token", o.Vocabulary, o), ids, Padding(o));
        if (o.Positions != Positions.None)
        {
            var rows = o.Context + o.PositionOffset;
            var isLearned = o.Positions == Positions.Learned;
            var table = isLearned
                ? Table(m, "position", rows, o)
                : m.Parameter("position.weight", [rows, o.Width], ParameterKind.Constant, new Initializer.Sinusoid());

            // Positions that skip padding give it a row of its own, which learns nothing.
            var padding = isLearned && Padding(o) >= 0 && o.PositionOffset > 0 ? o.PositionOffset - 1 : -1;
            x = m.Graph.Add(x, m.Graph.Embedding(table, m.Input("positions", Tokens, ElementType.Integer), padding));
        }

        if (o.Segments > 0)
        {
            x = m.Graph.Add(x, m.Graph.Embedding(Table(m, "segment", o.Segments, o), m.Input("segments", Tokens, ElementType.Integer)));
        }

        if (o.EmbeddingNorm)
        {
            x = NormLayer.Apply(m, "norm", x, o);
        }

        return m.Dropout(x, o.EmbeddingDropout);
    }

    // Encoders keep the padding row out of training, as torch's padding_idx; GPT-2's table has no such row.
    private static int Padding(TextTransformerAttribute o) => o is TransformerEncoderAttribute ? o.PaddingToken : -1;

    private static Value Table(ModelBuilder m, string name, int rows, TextTransformerAttribute o)
    {
        using var scope = m.Scope(name);
        return m.Parameter("weight", [rows, o.Width], ParameterKind.Embedding, Initial.Table(o));
    }
}
