namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>Rows and columns of patches.</summary>
public readonly record struct GridSize(int Rows, int Columns)
{
    public override string ToString() => $"{Rows} x {Columns}";
}

/// <summary>The grid of patches that a table of positions is made for: a folder's table for pictures of another size is resized to it.</summary>
/// <param name="Key">Key of <c>config.json</c> with the size of the folder's pictures in pixels: a number, or [height, width].</param>
/// <param name="PatchHeight">Pixels; the folder's patches are of the same size.</param>
/// <param name="PatchWidth">Pixels.</param>
/// <param name="Prefix">Rows of the table before those of the grid.</param>
/// <param name="Antialias">How the grid is resized, as <see cref="BicubicWeights"/> says.</param>
public sealed record PositionGrid(string Key, int Rows, int Columns, int PatchHeight, int PatchWidth, int Prefix, bool Antialias)
{
    public GridSize Size => new(Rows, Columns);

    /// <summary>The grid of pictures; pixels that fill no patch have no place. Null: there is no patch, or there are too many for a table.</summary>
    internal GridSize? Of(int height, int width)
    {
        var (rows, columns) = (height / PatchHeight, width / PatchWidth);
        return rows > 0 && columns > 0 && (long)rows * columns <= int.MaxValue - Prefix ? new GridSize(rows, columns) : null;
    }

    /// <summary>The grid of square pictures by the rows of its table; null: no square picture has so many patches.</summary>
    internal GridSize? OfSquare(int tableRows)
    {
        var rows = (int)Math.Round(Math.Sqrt((double)(tableRows - Prefix) * PatchWidth / PatchHeight));
        var columns = rows * (long)PatchHeight / PatchWidth;
        return rows > 0 && columns * PatchWidth == rows * (long)PatchHeight && rows * columns == tableRows - Prefix ? new GridSize(rows, (int)columns) : null;
    }
}
