namespace ModelCompiler.Compiler.Layers;

/// <summary>The sizes that follow from a vision transformer's options.</summary>
internal sealed record VisionSize(int Height, int Width, int PatchHeight, int PatchWidth, int Rows, int Columns, int TableRows, int TableColumns, int Prefix)
{
    public int Patches => Rows * Columns;

    /// <summary>Tokens a picture: class token, distillation token, registers, patches.</summary>
    public int Tokens => Prefix + Patches;

    public static VisionSize Of(VisionTransformerAttribute o)
    {
        var height = o.ImageHeight == 0 ? o.ImageSize : o.ImageHeight;
        var width = o.ImageWidth == 0 ? o.ImageSize : o.ImageWidth;
        var patchHeight = o.PatchHeight == 0 ? o.PatchSize : o.PatchHeight;
        var patchWidth = o.PatchWidth == 0 ? o.PatchSize : o.PatchWidth;
        var (rows, columns) = (height / patchHeight, width / patchWidth);
        return new VisionSize(height, width, patchHeight, patchWidth, rows, columns,
            o.PositionRows == 0 ? rows : o.PositionRows,
            o.PositionColumns == 0 ? columns : o.PositionColumns,
            (o.ClassToken ? 1 : 0) + (o.DistillationToken ? 1 : 0) + o.Registers);
    }
}
