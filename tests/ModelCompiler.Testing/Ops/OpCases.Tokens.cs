using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Testing;

internal static partial class OpCases
{
    private static IEnumerable<OpCase> Tokens() =>
    [
        .. new[] { (Rows: 1, Columns: 1), (Rows: 7, Columns: 5), (Rows: 11, Columns: 16), (Rows: 40, Columns: 37), (Rows: 12, Columns: 66) }
            .Select(static s => Row<EmbeddingOp>($"{s.Rows} rows of {s.Columns}", b => Lookup(b, s.Rows, s.Columns, -1), 3, 9)),
        Row<EmbeddingOp>("one id everywhere", static b => b.Graph.Embedding(b.Tensor("table", Fixed(4, 3)), b.Integers("ids", new Shape(Batch, Length), Draws.Constant(2))), 9, 9),
        Row<EmbeddingOp>("one id a sample", static b => b.Graph.Embedding(b.Tensor("table", Fixed(4, 3)), b.Integers("ids", new Shape(Batch), Draws.Below(4))), 5),
        Row<RepeatOp>("three times for each sample", static b => b.Graph.Repeat(b.Tensor("x", Fixed(2, 5)), 3), 3),
        Row<DetachOp>("a matrix", static b => b.Graph.Multiply(b.Tensor("x", Fixed(3, 7)), b.Graph.Detach(b.Data("y", Fixed(3, 7))))),
        Row<PickSamplesOp>("tokens", static b => b.Graph.PickSamples(b.Data("choice", new Shape(Batch, Batch)), b.Tensor("x", new Shape(Batch, Token(3), Width(7)))), 3),
        Row<PickSamplesOp>("texts of one channel", static b => b.Graph.PickSamples(b.Data("choice", new Shape(Batch, Batch), Draws.Of(0, 1, 1, 0)), b.Tensor("x", new Shape(Batch, Length, Width(1)))), 2),
        Row<PickSamplesOp>("vectors", static b => b.Graph.PickSamples(b.Data("choice", new Shape(Batch, Batch)), b.Tensor("x", new Shape(Batch, Width(33)))), 5),
        Row<StackSamplesOp>("one of them twice", static b => b.Graph.StackSamples(b.Tensor("x", new Shape(Batch, Length, Width(7))), b.Tensor("y", new Shape(Batch, Length, Width(7))), b.Tensor("x", new Shape(Batch, Length, Width(7)))), 2),
        Row<StackSamplesOp>("one column", static b => b.Graph.StackSamples(b.Tensor("x", new Shape(Batch, Width(1))), b.Tensor("y", new Shape(Batch, Width(1))), b.Tensor("z", new Shape(Batch, Width(1)))), 3),
        Row<FloatsOp>("a mask", static b => b.Graph.Multiply(b.Tensor("x", new Shape(Batch, Length, Width(1))), b.Graph.Floats(b.Integers("mask", new Shape(Batch, Length), Draws.Of(1, 1, 0, 1, 0, 0)))), 3),
        Row<ReshapeOp>("wider rows", static b => b.Graph.Reshape(b.Tensor("x", new Shape(Batch, Token(6), Width(4))), new Shape(Batch, Token(3), Width(8)))),
        Row<ReshapeOp>("columns of their own", static b => b.Graph.Reshape(b.Tensor("x", new Shape(Batch, Token(6), Width(1))), new Shape(Batch, Width(6)))),
        Row<LargestOp>("vectors", static b => b.Graph.Largest(b.Tensor("x", new Shape(Batch, Width(9)), Draws.Of(40, -3, 12, 25, 0, -31, 9)))),
        Row<LargestOp>("one column", static b => b.Graph.Largest(b.Tensor("x", Fixed(5, 1)))),
        Row<TransposeOp>("a matrix", static b => b.Graph.Transpose(b.Tensor("x", Fixed(3, 7)))),
        Row<TransposeOp>("one row", static b => b.Graph.Transpose(b.Tensor("x", Fixed(1, 5)))),
        Row<NumbersOp>("of samples", static b => b.Graph.Multiply(b.Tensor("x", new Shape(Batch, Width(1))), b.Graph.Reshape(b.Graph.Numbers(Extent.Batch), new Shape(Batch, Width(1)))), 5),
        .. new[] { (Count: 1, Columns: 1), (Count: 4, Columns: 7), (Count: 9, Columns: 33) }.Select(static s => Row<AddToEachOp>($"{s.Count} tokens of {s.Columns}", b =>
            b.Graph.AddToEach(b.Tensor("x", new Shape(Batch, Token(s.Count), Width(s.Columns))), b.Tensor("table", Fixed(s.Count, s.Columns))), 3)),
        Row<AddToEachOp>("one sample", static b => b.Graph.AddToEach(b.Tensor("x", new Shape(Batch, Token(3), Width(8))), b.Tensor("table", Fixed(3, 8))), 1),
        Row<AddToEachOp>("as many tokens as there are", static b => b.Graph.AddToEach(b.Tensor("x", new Shape(Batch, Length, Width(8))), b.Tensor("table", new Shape(Length, Width(8)))), 3),
        .. new[] { (Prefix: 1, Count: 1, Columns: 1), (Prefix: 1, Count: 4, Columns: 7), (Prefix: 3, Count: 9, Columns: 33) }
            .Select(static s => Row<PrependOp>($"{s.Prefix} before {s.Count} of {s.Columns}", b =>
            b.Graph.Prepend(b.Tensor("prefix", Fixed(s.Prefix, s.Columns)), b.Tensor("x", new Shape(Batch, Token(s.Count), Width(s.Columns)))), 3)),
        .. new[] { (Count: 1, Columns: 1), (Count: 4, Columns: 7), (Count: 9, Columns: 33) }.Select(static s => Row<RepeatOp>($"{s.Count} of {s.Columns}", b => b.Graph.Repeat(b.Tensor("x", Fixed(s.Count, s.Columns))), 3)),
        .. new[] { (Prefix: 1, Columns: 1), (Prefix: 3, Columns: 7), (Prefix: 5, Columns: 33) }.Select(static s => Row<BeginWithOp>($"{s.Prefix} of {s.Columns} at run time", b =>
            b.Graph.BeginWith(b.Tensor("x", new Shape(Batch, Length, Width(s.Columns))), b.Tensor("prefix", new Shape(Batch, Token(s.Prefix), Width(s.Columns)))), 3)),
        .. new[] { (Count: 1, Columns: 1), (Count: 4, Columns: 7), (Count: 9, Columns: 33) }.Select(static s => Row<ReplaceTokensOp>($"some of {s.Count} of {s.Columns}", b => b.Graph.ReplaceTokens(
            b.Tensor("x", new Shape(Batch, Token(s.Count), Width(s.Columns))), b.Tensor("token", Fixed(1, s.Columns)), b.Integers("masked", new Shape(Batch, Token(s.Count)), Draws.Of(0, 1, 1, 0, 0))), 3)),
        Row<ReplaceTokensOp>("none", static b => b.Graph.ReplaceTokens(
            b.Tensor("x", new Shape(Batch, Length, Width(8))), b.Tensor("token", Fixed(1, 8)), b.Integers("masked", new Shape(Batch, Length), Draws.Constant(0)))),
        .. new[] { (Heads: 1, Turned: 1, Half: 1), (Heads: 3, Turned: 2, Half: 4), (Heads: 4, Turned: 3, Half: 17) }
            .Select(static s => Row<RotaryOp>($"{s.Turned} of {s.Heads} heads of {2 * s.Half}", b => Turned(b, s.Heads, s.Turned, s.Half))),
        Row<RotaryOp>("before attention", static b => b.Graph.SelfAttention(Turned(b, 4, 3, 4), null, Of(2, 1))),
        .. new[] { (Heads: 1, Width: 1), (Heads: 1, Width: 7), (Heads: 3, Width: 5), (Heads: 5, Width: 1), (Heads: 4, Width: 33) }.SelectMany(static s => new[]
        {
            Row<HeadDiagonalOp>($"{s.Heads} heads of {s.Width}", b => b.Graph.HeadDiagonal(b.Tensor("x", Fixed(1, s.Heads * s.Width)), s.Heads)),
            Row<TokenSoftmaxOp>($"{s.Width} tokens of {s.Heads}", b => b.Graph.TokenSoftmax(b.Tensor("x", new Shape(Batch, Token(s.Width), Width(s.Heads)), Draws.Within(3))), 3),
            Row<WeighTokensOp>($"{s.Heads} heads of {s.Width}", b => b.Graph.Weigh(b.Tensor("by", new Shape(Batch, Token(6), Width(s.Heads))), b.Tensor("x", new Shape(Batch, Token(6), Width(s.Heads * s.Width))), s.Heads), 3),
        }),
        Row<TokenSoftmaxOp>("as many tokens as there are", static b => b.Graph.TokenSoftmax(b.Tensor("x", new Shape(Batch, Length, Width(8)))), 3, 9),
        Row<TokenSoftmaxOp>("scores whose powers are infinite", static b => b.Graph.TokenSoftmax(b.Tensor("x", new Shape(Batch, Token(4), Width(3)), Draws.Of(96, 94.5, 97.25, 95, 97)))),
        Row<TokenSoftmaxOp>("scores whose powers are nothing", static b => b.Graph.TokenSoftmax(b.Tensor("x", new Shape(Batch, Token(4), Width(3)), Draws.Of(-96, -94.5, -97.25, -95, -97)))),
        Row<WeighTokensOp>("as many tokens as there are", static b => b.Graph.Weigh(b.Tensor("by", new Shape(Batch, Length, Width(2))), b.Tensor("x", new Shape(Batch, Length, Width(8))), 2), 3, 9),
        .. HeadSizes.Select(static s => Row<SplitHeadsOp>($"{s.Heads} and {s.KeyHeads} heads of {s.Width}", b => Normed(b, s.Heads, s.KeyHeads, s.Width))),
        .. HeadSizes.Select(static s => Row<JoinHeadsOp>($"{s.Heads} and {s.KeyHeads} heads of {s.Width}", b => b.Graph.JoinHeads(
            b.Tensor("queries", Split(s.Heads, s.Width)), b.Tensor("keys", Split(s.KeyHeads, s.Width)), b.Tensor("values", Split(s.KeyHeads, s.Width))))),
        .. Matrices.Select(static m => Row<ConcatOp>(m.Name, b => b.Graph.Concat(b.Tensor("a", m.Shape), b.Tensor("b", m.Shape)))),
        Row<ConcatOp>("a tensor and itself", static b => b.Graph.Concat(b.Tensor("a", Fixed(3, 7)), b.Tensor("a", Fixed(3, 7)))),
        Row<PatchifyOp>("square", static b => Patches(b, 3, 4, 4, 2, 2)),
        Row<PatchifyOp>("one channel, left over columns", static b => Patches(b, 1, 6, 8, 3, 3)),
        Row<PatchifyOp>("single pixels", static b => Patches(b, 2, 3, 2, 1, 1)),
        Row<PatchifyOp>("high patches", static b => Patches(b, 2, 6, 4, 3, 2)),
        Row<PatchifyOp>("wide patches, left over rows", static b => Patches(b, 1, 5, 12, 2, 4)),
        Row<SelectTokenOp>("the first", static b => b.Graph.SelectToken(b.Tensor("x", new Shape(Batch, Length, Width(7)))), 3),
        Row<SelectTokenOp>("the first of one", static b => b.Graph.SelectToken(b.Tensor("x", new Shape(Batch, Token(1), Width(1)))), 1),
        Row<SelectTokenOp>("the first of many", static b => b.Graph.SelectToken(b.Tensor("x", new Shape(Batch, Token(9), Width(33)))), 9),
        Row<SelectTokenOp>("the second", static b => b.Graph.SelectToken(b.Tensor("x", new Shape(Batch, Token(5), Width(7))), 1), 3),
        Row<SelectTokenOp>("the last of any number", static b => b.Graph.SelectToken(b.Tensor("x", new Shape(Batch, Length, Width(7))), SelectTokenOp.Last), 3),
        Row<SelectTokenOp>("the last of one column", static b => b.Graph.SelectToken(b.Tensor("x", new Shape(Batch, Token(4), Width(1))), 3), 3),
        Row<SelectTokenOp>("by index", static b => b.Graph.SelectToken(b.Tensor("x", new Shape(Batch, Length, Width(7))), b.Integers("index", new Shape(Batch), Draws.Of(2, 0, 4))), 3),
        Row<MeanTokensOp>("all", static b => b.Graph.MeanTokens(b.Tensor("x", new Shape(Batch, Token(5), Width(7))), 0), 3),
        Row<MeanTokensOp>("all but two", static b => b.Graph.MeanTokens(b.Tensor("x", new Shape(Batch, Token(9), Width(33))), 2), 3),
        Row<MeanTokensOp>("one", static b => b.Graph.MeanTokens(b.Tensor("x", new Shape(Batch, Token(2), Width(1))), 1), 1),
        Row<MeanTokensOp>("those that count", static b => b.Graph.MeanTokens(
            b.Tensor("x", new Shape(Batch, Length, Width(7))), b.Data("counted", new Shape(Batch, Length), Draws.Of(1, 1, 0, 1, 0, 0, 0, 0, 0, 1)), b.Data("counts", new Shape(Batch), Draws.Of(3, 1)))),
    ];

    private static (int Heads, int KeyHeads, int Width)[] HeadSizes => [(1, 1, 1), (3, 3, 7), (4, 2, 33)];

    private static Shape Split(int heads, int width) => new(Batch, Length, new Axis("head", heads), Width(width));

    // Queries and keys scaled by channels, each by its own: what is moved to the wrong place shows.
    private static Value Normed(OpBuilder b, int heads, int keyHeads, int width)
    {
        var (queries, keys, values) = b.Graph.SplitHeads(b.Tensor("x", new Shape(Batch, Length, Width((heads + (2 * keyHeads)) * width))), heads, keyHeads);
        return b.Graph.JoinHeads(b.Graph.ChannelScale(queries, b.Tensor("a", Fixed(width))), b.Graph.ChannelScale(keys, b.Tensor("b", Fixed(width))), values);
    }

    private static Value Lookup(OpBuilder b, int rows, int width, int padding) =>
        b.Graph.Embedding(b.Tensor("table", Fixed(rows, width)), b.Integers("ids", new Shape(Batch, Length), Draws.Below(rows)), padding);

    private static Value Turned(OpBuilder b, int heads, int turned, int half) => b.Graph.Rotary(
        b.Tensor("x", new Shape(Batch, Length, Width(heads * 2 * half))), b.Data("table", Fixed(24, half)), b.Integers("positions", new Shape(Batch, Length), Draws.Below(12)), heads, turned);

    // Pictures are data: what is differentiated is the projection behind them.
    private static Value Patches(OpBuilder b, int channels, int height, int width, int patchHeight, int patchWidth)
    {
        var pictures = b.Data("pictures", Shape.Of(("batch", Extent.Batch), ("channel", channels), ("row", height), ("column", width)));
        return b.Graph.MatMul(b.Graph.Patchify(pictures, channels, height, width, patchHeight, patchWidth), b.Tensor("weight", Fixed(5, channels * patchHeight * patchWidth)), false, true, "projected");
    }
}
