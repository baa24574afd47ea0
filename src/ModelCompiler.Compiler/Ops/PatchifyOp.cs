using ModelCompiler.Compiler.Ir.Graphs;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// Pictures [batch, channels, height, width] to patches [batch, rows x columns, channels x size x size]: patches run row by row, and
/// inside one the order is channel, row, column, as a convolution's kernel. Pictures are data: no gradient.
/// </summary>
internal sealed record PatchifyOp(int Channels, int Height, int Width, int Size) : Op
{
    public override string Name => "patchify";

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) =>
    [
        new Signature("patches", Shape.Of(("batch", Extent.Batch), ("patch", Height / Size * (Width / Size)), ("pixel", Channels * Size * Size))),
    ];

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => [null];
}

internal static class PatchifySyntax
{
    public static Value Patchify(this GraphBuilder g, Value pictures, int channels, int height, int width, int size) =>
        g.Apply(new PatchifyOp(channels, height, width, size), pictures);
}
