using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Testing;

internal static partial class OpCases
{
    private static IEnumerable<OpRefusal> RefusalRows() =>
    [
        Ids<GeluOp>(static (b, x) => b.Graph.Gelu(x)),
        Ids<GeluTanhOp>(static (b, x) => b.Graph.GeluTanh(x)),
        Ids<QuickGeluOp>(static (b, x) => b.Graph.QuickGelu(x)),
        Ids<ReluOp>(static (b, x) => b.Graph.Relu(x)),
        Ids<SiluOp>(static (b, x) => b.Graph.Silu(x)),
        Ids<SigmoidOp>(static (b, x) => b.Graph.Sigmoid(x)),
        Ids<Relu6Op>(static (b, x) => b.Graph.Relu6(x)),
        Ids<Gelu10Op>(static (b, x) => b.Graph.Gelu10(x)),
        Ids<TanhOp>(static (b, x) => b.Graph.Tanh(x)),
        No<AddOp>("other shapes", static b => b.Graph.Add(b.Tensor("a", Fixed(3, 7)), b.Tensor("b", Fixed(7, 3))), "one shape"),
        No<MultiplyOp>("other shapes", static b => b.Graph.Multiply(b.Tensor("a", Fixed(3, 7)), b.Tensor("b", Fixed(7, 3))), "one shape"),
        No<ConcatOp>("other shapes", static b => b.Graph.Concat(b.Tensor("a", Fixed(3, 7)), b.Tensor("b", Fixed(3, 6))), "one shape"),
        No<SplitHeadsOp>("a width that no head has", static b => b.Graph.SplitHeads(b.Tensor("x", new Shape(Batch, Length, Width(14))), 2, 1), "x [batch, tokens, 4 x width]"),
        No<JoinHeadsOp>("values of other heads than keys", static b => b.Graph.JoinHeads(b.Tensor("queries", Split(2, 3)), b.Tensor("keys", Split(1, 3)), b.Tensor("values", Split(2, 3))), "keys and values of 1"),
        No<ScaleOp>("whole numbers", static b => b.Graph.Scale(b.Integers("ids", Fixed(3, 7), Draws.Below(9)), 2), "'ids' must be floats"),
        No<ReplaceTokensOp>("a mask for each sample", static b => b.Graph.ReplaceTokens(
            b.Tensor("x", new Shape(Batch, Token(4), Width(7))), b.Tensor("token", Fixed(1, 7)), b.Integers("masked", new Shape(Batch), Draws.Below(2))), "masked [batch, tokens]"),
        No<ReplaceTokensOp>("a token of another width", static b => b.Graph.ReplaceTokens(
            b.Tensor("x", new Shape(Batch, Token(4), Width(7))), b.Tensor("token", Fixed(1, 6)), b.Integers("masked", new Shape(Batch, Token(4)), Draws.Below(2))), "one token [1, width]"),
        No<RotaryOp>("angles for another width", static b => b.Graph.Rotary(
            b.Tensor("x", new Shape(Batch, Length, Width(12))), b.Data("table", Fixed(20, 2)), b.Integers("positions", new Shape(Batch, Length), Draws.Below(10)), 2, 2), "x [batch, tokens, 2 x width]"),
        No<RotaryOp>("positions for each sample", static b => b.Graph.Rotary(
            b.Tensor("x", new Shape(Batch, Length, Width(12))), b.Data("table", Fixed(20, 3)), b.Integers("positions", new Shape(Batch), Draws.Below(10)), 2, 2), "positions [batch, tokens]"),
        No<AddBiasOp>("a bias of another width",
            static b => b.Graph.AddBias(b.Tensor("x", Fixed(3, 7)), b.Tensor("bias", Fixed(3))), "one value a column"),
        No<ChannelScaleOp>("a scale of another width",
            static b => b.Graph.ChannelScale(b.Tensor("x", Fixed(3, 7)), b.Tensor("by", Fixed(3))), "one scale a column"),
        .. new[] { 0.0, 1, -0.5, double.NaN }.Select(static p => No<DropoutOp>(FormattableString.Invariant($"probability {p}"), b => b.Graph.Dropout(b.Tensor("x", Fixed(3, 7)), 0, p), "everything or nothing")),
        No<LayerNormOp>("a weight of another width",
            static b => b.Graph.LayerNorm(b.Tensor("x", Fixed(3, 7)), b.Tensor("weight", Fixed(3)), null, 1e-5), "one value a column"),
        No<LayerNormOp>("a bias of another width",
            static b => b.Graph.LayerNorm(b.Tensor("x", Fixed(3, 7)), b.Tensor("weight", Fixed(7)), b.Tensor("bias", Fixed(3)), 1e-5), "one value a column"),
        No<RmsNormOp>("a weight of another width",
            static b => b.Graph.RmsNorm(b.Tensor("x", Fixed(3, 7)), b.Tensor("weight", Fixed(3)), 1e-5), "one value a column"),
        No<MatMulOp>("inner sizes that differ",
            static b => b.Graph.MatMul(b.Tensor("a", Fixed(3, 7)), b.Tensor("b", Fixed(3, 7)), false, false, "product"), "inner sizes 7 and 3 differ"),
        No<MatMulOp>("columns for tokens",
            static b => b.Graph.MatMul(b.Tensor("a", Fixed(3, 7)), b.Tensor("b", new Shape(Batch, Length, Width(7))), false, true, "product"), "must not depend on the length"),
        No<NormalizeOp>("whole numbers", static b => b.Graph.Normalize(b.Integers("ids", Fixed(3, 7), Draws.Below(9))), "'ids' must be floats"),
        No<ScaleByOp>("a scale for each column", static b => b.Graph.ScaleBy(b.Tensor("x", Fixed(3, 7)), b.Tensor("by", Fixed(7))), "one scale for all"),
        No<ShiftByOp>("a shift for each column", static b => b.Graph.ShiftBy(b.Tensor("x", Fixed(3, 7)), b.Tensor("by", Fixed(7))), "one shift for all"),
        No<PairLogisticOp>("more columns than rows", static b => b.Graph.PairLogistic(b.Tensor("similarities", Fixed(3, 4)), b.Data("mean", Shape.Scalar)), "[pairs, pairs]"),
        No<HeadDiagonalOp>("a width that no head has", static b => b.Graph.HeadDiagonal(b.Tensor("x", Fixed(1, 7)), 2), "one vector of 2 heads"),
        No<TokenSoftmaxOp>("a matrix", static b => b.Graph.TokenSoftmax(b.Tensor("x", Fixed(5, 7))), "[batch, tokens, columns]"),
        No<WeighTokensOp>("weights of other heads",
            static b => b.Graph.Weigh(b.Tensor("by", new Shape(Batch, Token(6), Width(3))), b.Tensor("x", new Shape(Batch, Token(6), Width(8))), 2), "needs weights [batch, tokens, 2]"),
        No<ExpScaleOp>("a limit of 0", static b => b.Graph.ExpScale(b.Tensor("x", Shape.Scalar), 0), "says nothing"),
        No<PairCrossEntropyOp>("more columns than rows", static b => b.Graph.PairCrossEntropy(b.Tensor("similarities", Fixed(3, 4)), b.Data("mean", Shape.Scalar)), "[pairs, pairs]"),
        No<EmbeddingOp>("ids that are floats",
            static b => b.Graph.Embedding(b.Tensor("table", Fixed(3, 7)), b.Data("ids", new Shape(Batch))), "'ids' must be whole numbers"),
        No<EmbeddingOp>("a table of vectors of vectors",
            static b => b.Graph.Embedding(b.Tensor("table", Fixed(3, 2, 7)), b.Integers("ids", new Shape(Batch), Draws.Below(3))), "[rows, width]"),
        No<AddToEachOp>("a table of other tokens",
            static b => b.Graph.AddToEach(b.Tensor("x", new Shape(Batch, Token(4), Width(7))), b.Tensor("table", Fixed(5, 7))), "a row for each token"),
        No<PrependOp>("a prefix of another width",
            static b => b.Graph.Prepend(b.Tensor("prefix", Fixed(1, 6)), b.Tensor("x", new Shape(Batch, Token(4), Width(7)))), "prefix [prefix, width]"),
        No<PrependOp>("a number of tokens that is known only when it runs",
            static b => b.Graph.Prepend(b.Tensor("prefix", Fixed(1, 7)), b.Tensor("x", new Shape(Batch, Length, Width(7)))), "x [batch, tokens, width]"),
        No<PatchifyOp>("pictures of another size",
            static b => b.Graph.Patchify(b.Data("pictures", new Shape(Batch, Width(3), Width(4), Width(5))), 3, 5, 4, 1, 1), "needs pictures [batch, 3, 5, 4]"),
        No<PatchifyOp>("patches greater than pictures",
            static b => b.Graph.Patchify(b.Data("pictures", new Shape(Batch, Width(3), Width(4), Width(5))), 3, 4, 5, 5, 5), "a patch of 5 x 5 fits in"),
        No<SelectTokenOp>("a matrix",
            static b => b.Graph.Apply(new SelectTokenOp(5, false, 0), b.Tensor("x", Fixed(5, 7))), "needs [batch, tokens, width]"),
        No<SelectTokenOp>("a token that there is not",
            static b => b.Graph.SelectToken(b.Tensor("x", new Shape(Batch, Token(5), Width(7))), 5), "needs [batch, tokens, width]"),
        No<SelectTokenOp>("an index for each token",
            static b => b.Graph.SelectToken(b.Tensor("x", new Shape(Batch, Length, Width(7))), b.Integers("index", new Shape(Batch, Length), Draws.Below(2))), "one for each sample"),
        No<MeanTokensOp>("a number of tokens that is known only when it runs",
            static b => b.Graph.MeanTokens(b.Tensor("x", new Shape(Batch, Length, Width(7))), 0), "the mean of length tokens"),
        No<MeanTokensOp>("nothing that is left",
            static b => b.Graph.MeanTokens(b.Tensor("x", new Shape(Batch, Token(2), Width(7))), 2), "the mean of 2 tokens but 2"),
        No<MeanTokensOp>("weights of other tokens", static b =>
            b.Graph.MeanTokens(b.Tensor("x", new Shape(Batch, Length, Width(7))), b.Data("counted", new Shape(Batch, Token(3))), b.Data("counts", new Shape(Batch))), "with weights, [batch, tokens]"),
        No<SelfAttentionOp>("a width that heads do not divide",
            static b => b.Graph.SelfAttention(b.Tensor("qkv", new Shape(Batch, Length, Width(9))), null, Plain), "6 x width of a head"),
        No<SelfAttentionOp>("heads that key heads do not divide",
            static b => b.Graph.SelfAttention(b.Tensor("qkv", new Shape(Batch, Length, Width(14))), null, Of(3, 2)), "2 heads of keys that divide the 3 of queries"),
        No<SelfAttentionOp>("a mask for each sample",
            static b => b.Graph.SelfAttention(b.Tensor("qkv", new Shape(Batch, Length, Width(12))), b.Integers("mask", new Shape(Batch), Draws.Below(2)), Plain), "the mask must be [batch, tokens]"),
        No<SelfAttentionOp>("a mask of floats",
            static b => b.Graph.SelfAttention(b.Tensor("qkv", new Shape(Batch, Length, Width(12))), b.Data("mask", new Shape(Batch, Length)), Plain), "'mask' must be whole numbers"),
        No<CrossEntropyOp>("a label for each class",
            static b => b.Graph.CrossEntropy(b.Tensor("logits", Fixed(3, 7)), b.Integers("labels", Fixed(3, 7), Draws.Below(7)), Scale(b)), "one label a row"),
        No<CrossEntropyOp>("labels that are floats",
            static b => b.Graph.CrossEntropy(b.Tensor("logits", Fixed(3, 7)), b.Data("labels", Fixed(3)), Scale(b)), "'labels' must be whole numbers"),
        No<CrossEntropyOp>("a scale for each row",
            static b => b.Graph.CrossEntropy(b.Tensor("logits", Fixed(3, 7)), b.Integers("labels", Fixed(3), Draws.Below(7)), b.Data("scales", Fixed(3))), "one scale"),
        No<LogisticLossOp>("targets of another shape",
            static b => b.Graph.LogisticLoss(b.Tensor("x", Fixed(3, 7)), b.Data("targets", Fixed(3)), Scale(b)), "predictions' shape"),
        No<SquaredErrorOp>("targets of another shape",
            static b => b.Graph.SquaredError(b.Tensor("x", Fixed(3, 7)), b.Data("targets", Fixed(7, 3)), Scale(b)), "predictions' shape"),
        No<SquaredErrorOp>("a scale for each row",
            static b => b.Graph.SquaredError(b.Tensor("x", Fixed(3, 7)), b.Data("targets", Fixed(3, 7)), b.Data("scales", Fixed(3))), "one scale"),
    ];

    private static OpRefusal No<T>(string name, Action<OpBuilder> build, string message)
        where T : Op => new(name, typeof(T), build, message);

    private static OpRefusal Ids<T>(Action<OpBuilder, Value> build)
        where T : UnaryOp => No<T>("whole numbers", b => build(b, b.Integers("ids", Fixed(3, 7), Draws.Below(9))), "'ids' must be floats");
}
