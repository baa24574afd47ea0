namespace ModelCompiler.Compiler.Layers;

/// <summary>The sizes that follow from a vision transformer's options.</summary>
internal sealed record VisionSize(int Height, int Width, int Rows, int Columns, int TableRows, int TableColumns, int Prefix)
{
    public int Patches => Rows * Columns;

    /// <summary>Tokens a picture: class token, distillation token, registers, patches.</summary>
    public int Tokens => Prefix + Patches;

    public static VisionSize Of(VisionTransformerAttribute o)
    {
        var height = o.ImageHeight == 0 ? o.ImageSize : o.ImageHeight;
        var width = o.ImageWidth == 0 ? o.ImageSize : o.ImageWidth;
        var (rows, columns) = (height / o.PatchSize, width / o.PatchSize);
        return new VisionSize(height, width, rows, columns,
            o.PositionRows == 0 ? rows : o.PositionRows,
            o.PositionColumns == 0 ? columns : o.PositionColumns,
            (o.ClassToken ? 1 : 0) + (o.DistillationToken ? 1 : 0) + o.Registers);
    }
}
