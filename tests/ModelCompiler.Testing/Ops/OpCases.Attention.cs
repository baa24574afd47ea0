using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Testing;

internal static partial class OpCases
{
    private static AttentionOptions Plain => Of(2);

    private static IEnumerable<OpCase> Attention() =>
    [
        Row<SelfAttentionOp>("plain", static b => Attend(b, 4, Plain)),
        Row<SelfAttentionOp>("causal", static b => Attend(b, 4, Plain with { Causal = true })),
        Row<SelfAttentionOp>("one token of one channel", static b => Attend(b, 1, Of(1)), 2, 1),
        Row<SelfAttentionOp>("odd heads", static b => Attend(b, 5, Of(3)), 1, 7),
        Row<SelfAttentionOp>("more tokens than a tile", static b => Attend(b, 17, Of(1)), 1, 70),
        Row<SelfAttentionOp>("more tokens than a tile, causal", static b => Attend(b, 16, Of(1) with { Causal = true }), 1, 70),
        Row<SelfAttentionOp>("a number of tokens that is known", static b => b.Graph.SelfAttention(b.Tensor("qkv", new Shape(Batch, Token(6), Width(12))), null, Plain)),
        Row<SelfAttentionOp>("padding", static b => Attend(b, 4, Plain, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0)),
        Row<SelfAttentionOp>("padding on the left, causal", static b => Attend(b, 4, Plain with { Causal = true }, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1)),
        Row<SelfAttentionOp>("a sample without keys", static b => Attend(b, 4, Plain, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0)),
        Row<SelfAttentionOp>("no keys at all", static b => Attend(b, 4, Plain, 0)),
        Row<SelfAttentionOp>("sharp", static b => b.Graph.SelfAttention(b.Tensor("qkv", new Shape(Batch, Length, Width(24)), Draws.Within(6)), null, Plain)),
        Row<SelfAttentionOp>("pairs of heads share keys", static b => Attend(b, 4, Of(4, 2))),
        Row<SelfAttentionOp>("all heads share keys, causal", static b => Attend(b, 5, Of(3, 1) with { Causal = true })),
        Row<SelfAttentionOp>("shared keys, padding, more tokens than a tile", static b => Attend(b, 4, Of(4, 2) with { Causal = true }, [.. Enumerable.Range(0, 140).Select(static i => i % 70 < 50 ? 1.0 : 0)]), 2, 70),
        Row<SelfAttentionOp>("shared keys, dropout", static b => Attend(b, 4, Of(6, 2) with { Dropout = 0.3 })),
        Row<SelfAttentionOp>("scores as they are", static b => Attend(b, 4, Plain with { Scale = 1 })),
        Row<SelfAttentionOp>("scores divided by the number of the layer", static b => Attend(b, 4, Plain with { Scale = 1.5, ByLayer = true })),
        Row<SelfAttentionOp>("dropout", static b => Attend(b, 4, Plain with { Site = 8192, Dropout = 0.3 })),
        Row<SelfAttentionOp>("dropout, causal, padding", static b => Attend(b, 4, Plain with { Causal = true, Dropout = 0.3 }, 1, 1, 1, 1, 0, 1, 1, 0, 1, 1)),
        Row<CrossAttentionOp>("as many queries as the text has tokens, fixed keys", static b => Ask(b, Length, Token(6), 4, Plain)),
        Row<CrossAttentionOp>("fixed queries, keys of a text", static b => Ask(b, Token(3), Length, 4, Plain)),
        Row<CrossAttentionOp>("one query", static b => Ask(b, Token(1), Length, 5, Of(3)), 2, 7),
        Row<CrossAttentionOp>("one key", static b => Ask(b, Length, Token(1), 4, Plain)),
        Row<CrossAttentionOp>("as many keys as queries", static b => Ask(b, Length, Length, 4, Of(4, 2))),
        Row<CrossAttentionOp>("padding", static b => Ask(b, Token(3), Length, 4, Plain, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0)),
        Row<CrossAttentionOp>("a sample without keys", static b => Ask(b, Token(3), Length, 4, Plain, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0)),
        Row<CrossAttentionOp>("the last of many, causal", static b => Ask(b, Token(3), Token(8), 4, Plain with { Causal = true })),
        Row<CrossAttentionOp>("more queries than keys, causal", static b => Ask(b, Token(8), Token(3), 4, Plain with { Causal = true })),
        Row<CrossAttentionOp>("more queries and keys than a tile", static b => Ask(b, Token(70), Length, 16, Of(1)), 1, 130),
        Row<CrossAttentionOp>("many queries of few keys, shared heads, padding", static b => Ask(b, Token(130), Length, 8, Of(4, 2), 1, 1, 1, 1, 0, 1, 0, 1, 1, 0)),
        Row<CrossAttentionOp>("dropout, scores divided by the number of the layer", static b => Ask(b, Length, Token(6), 4, Plain with { Dropout = 0.3, Scale = 1.5, ByLayer = true })),
        Row<AttentionWeightsOp>("of a text by fixed queries", static b => Weights(b, Token(3), Length, 4, Plain)),
        Row<AttentionWeightsOp>("of fixed keys by a text, shared heads", static b => Weights(b, Length, Token(6), 5, Of(4, 2))),
        Row<AttentionWeightsOp>("one key of one channel", static b => Weights(b, Token(2), Token(1), 1, Of(1))),
        Row<AttentionWeightsOp>("padding, a sample without keys", static b => Weights(b, Token(3), Length, 4, Plain, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0)),
        Row<AttentionWeightsOp>("padding that was computed", static b => Weights(b, Token(3), Length, 4, Plain with { FloatMask = true }, 1, 1, 0, 1, 0, 1, 0, 0, 0, 1)),
        Row<AttentionWeightsOp>("the last of many, causal", static b => Weights(b, Token(3), Token(8), 4, Plain with { Causal = true })),
        Row<AttentionWeightsOp>("of a text by itself, causal, padding, shared heads", static b => OwnWeights(b, Length, 4, Of(4, 2) with { Causal = true }, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0)),
        Row<AttentionWeightsOp>("more keys than a tile, heads as wide as a vector and more", static b => Weights(b, Token(3), Length, 17, Of(2)), 1, 70),
        Row<AttentionWeightsOp>("more queries than a tile", static b => Weights(b, Length, Token(3), 4, Of(1)), 1, 70),
        Row<SelfAttentionOp>("padding that was computed", static b => b.Graph.SelfAttention(
            b.Tensor("qkv", new Shape(Batch, Length, Width(24)), Draws.Within(1.5)), b.Data("shown", new Shape(Batch, Length, Width(1)), Draws.Of(1, 1, 1, 0, 0, 1, 1, 1, 1, 0)), Plain with { FloatMask = true })),
        Row<JointAttentionOp>("queries and a text that see each other", static b => Meet(b, Token(3), Length, 4, Plain, Plain)),
        Row<JointAttentionOp>("a text behind queries", static b => Meet(b, Length, Token(3), 4, Plain with { Causal = true }, Plain, [1, 1, 1, 1, 0, 1, 1, 1, 0, 0])),
        Row<JointAttentionOp>("padding in the other one", static b => Meet(b, Token(4), Length, 5, Of(3), Of(3), null, [1, 1, 0, 1, 0, 1, 0, 0, 0, 1])),
        Row<JointAttentionOp>("both with padding, shared heads", static b => Meet(b, Length, Length, 4, Of(4, 2), Of(4, 2), [1, 1, 0, 1, 0, 1, 0, 0, 0, 1], [1, 0, 0, 1, 0, 1, 1, 0, 0, 1])),
        Row<JointAttentionOp>("one token of one channel each", static b => Meet(b, Token(1), Token(1), 1, Of(1), Of(1)), 2, 1),
        Row<JointAttentionOp>("more tokens than a tile", static b => Meet(b, Length, Token(70), 16, Of(1) with { Causal = true }, Of(1)), 1, 130),
        Row<JointAttentionOp>("parts far apart", static b => Meet(b, Token(3), Length, 4, Plain with { Scale = 9 }, Plain with { Scale = 0.01 })),
        Row<JointAttentionOp>("dropout, scores divided by the number of the layer",
            static b => Meet(b, Length, Token(6), 4, Plain with { Dropout = 0.3, Scale = 1.5, ByLayer = true }, Plain with { Dropout = 0.3, Scale = 1.5, ByLayer = true, Site = 8192 })),
    ];

    // Weights have no gradient: what they are multiplied by has one, and they are of data.
    private static Value Weights(OpBuilder b, Axis queries, Axis keys, int headWidth, AttentionOptions options, params double[] mask)
    {
        var shape = new Shape(Batch, new Axis("head", options.Heads), queries, keys, Width(1));
        var x = b.Tensor("x", shape);
        var shown = mask.Length == 0 ? null : options.FloatMask ? b.Data("mask", new Shape(Batch, keys), Draws.Of(mask)) : b.Integers("mask", new Shape(Batch, keys), Draws.Of(mask));
        var attended = b.Graph.CrossAttention(
            b.Data("query", new Shape(Batch, queries, Width(options.Heads * headWidth)), Draws.Within(1.5)), b.Data("key_value", new Shape(Batch, keys, Width(2 * options.KeyHeads * headWidth)), Draws.Within(1.5)), shown, options);
        return b.Graph.Multiply(x, b.Graph.Reshape(b.Graph.AttentionWeights(attended), shape));
    }

    private static Value OwnWeights(OpBuilder b, Axis tokens, int headWidth, AttentionOptions options, params double[] mask)
    {
        var shape = new Shape(Batch, new Axis("head", options.Heads), tokens, tokens, Width(1));
        var x = b.Tensor("x", shape);
        var shown = mask.Length == 0 ? null : b.Integers("mask", new Shape(Batch, tokens), Draws.Of(mask));
        var attended = b.Graph.SelfAttention(b.Data("qkv", new Shape(Batch, tokens, Width(options.AllHeads * headWidth)), Draws.Within(1.5)), shown, options);
        return b.Graph.Multiply(x, b.Graph.Reshape(b.Graph.AttentionWeights(attended), shape));
    }

    private static Value Meet(OpBuilder b, Axis tokens, Axis others, int headWidth, AttentionOptions own, AttentionOptions other, double[]? mask = null, double[]? otherMask = null) => b.Graph.JointAttention(
        b.Tensor("qkv", new Shape(Batch, tokens, Width(own.AllHeads * headWidth)), Draws.Within(1.5)), mask is null ? null : b.Integers("mask", new Shape(Batch, tokens), Draws.Of(mask)), own,
        b.Tensor("other", new Shape(Batch, others, Width(own.AllHeads * headWidth)), Draws.Within(1.5)), otherMask is null ? null : b.Integers("other_mask", new Shape(Batch, others), Draws.Of(otherMask)), other);

    private static Value Ask(OpBuilder b, Axis queries, Axis keys, int headWidth, AttentionOptions options, params double[] mask) => b.Graph.CrossAttention(
        b.Tensor("query", new Shape(Batch, queries, Width(options.Heads * headWidth)), Draws.Within(1.5)),
        b.Tensor("key_value", new Shape(Batch, keys, Width(2 * options.KeyHeads * headWidth)), Draws.Within(1.5)),
        mask.Length == 0 ? null : b.Integers("mask", new Shape(Batch, keys), Draws.Of(mask)), options);

    private static AttentionOptions Of(int heads, int? keyHeads = null) => new(heads, keyHeads ?? heads, 0.5, false, false, 0, 0);

    private static Value Attend(OpBuilder b, int headWidth, AttentionOptions options, params double[] mask) => b.Graph.SelfAttention(
        b.Tensor("qkv", new Shape(Batch, Length, Width(options.AllHeads * headWidth)), Draws.Within(1.5)),
        mask.Length == 0 ? null : b.Integers("mask", new Shape(Batch, Length), Draws.Of(mask)), options);
}
