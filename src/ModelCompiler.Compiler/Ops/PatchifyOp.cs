using ModelCompiler.Compiler.Ir.Graphs;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// Pictures [batch, channels, height, width] to patches [batch, rows x columns, channels x patch height x patch width]: patches run row by row, and
/// inside one the order is channel, row, column, as a convolution's kernel. Pictures are data: no gradient.
/// </summary>
internal sealed record PatchifyOp(int Channels, int Height, int Width, int PatchHeight, int PatchWidth) : Op
{
    public override string Name => "patchify";

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) =>
        inputs[0].Shape.Equals(Shape.Of(("batch", Extent.Batch), ("channel", Channels), ("row", Height), ("column", Width))) && PatchHeight > 0 && PatchWidth > 0 && PatchHeight <= Height && PatchWidth <= Width
            ? [new Signature("patches", Shape.Of(("batch", Extent.Batch), ("patch", Height / PatchHeight * (Width / PatchWidth)), ("pixel", Channels * PatchHeight * PatchWidth)))]
            : throw new GraphException($"needs pictures [batch, {Channels}, {Height}, {Width}] that a patch of {PatchHeight} x {PatchWidth} fits in");

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => [null];
}

internal static class PatchifySyntax
{
    public static Value Patchify(this GraphBuilder g, Value pictures, int channels, int height, int width, int patchHeight, int patchWidth) =>
        g.Apply(new PatchifyOp(channels, height, width, patchHeight, patchWidth), pictures);
}
