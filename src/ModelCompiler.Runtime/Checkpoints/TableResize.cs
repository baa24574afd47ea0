namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>
/// A table of positions on its way from a folder's grid to the model's: prefix rows are copied, the grid is resized bicubically, as the references do for
/// pictures of another size.
/// </summary>
/// <param name="binding">The table of the model; it has a grid.</param>
/// <param name="from">The folder's grid.</param>
internal sealed class TableResize(TensorBinding binding, GridSize from)
{
    private readonly PositionGrid _to = binding.Grid!;

    public GridSize From => from;

    /// <summary>The shape that the folder's table must have.</summary>
    public int[] StoredShape => [.. binding.StoredShape[..^2], _to.Prefix + (from.Rows * from.Columns), binding.StoredShape[^1]];

    /// <summary>What a folder's tensor needs; null: it is loaded as it is, where its shape allows.</summary>
    /// <param name="shape">Of the tensor.</param>
    /// <param name="pictures">The grid of the folder's pictures. Null: it does not say, and where another table than the model's fits square pictures, it is theirs.</param>
    public static TableResize? Find(TensorBinding binding, int[] shape, GridSize? pictures)
    {
        if (binding.Grid is not { } to)
        {
            return null;
        }

        if (pictures is { } grid)
        {
            return grid == to.Size ? null : new TableResize(binding, grid);
        }

        return shape.Length == binding.StoredShape.Length && !shape.SequenceEqual(binding.StoredShape) && to.OfSquare(shape[^2]) is { } square && new TableResize(binding, square) is var resize
            && resize.StoredShape.SequenceEqual(shape) ? resize : null;
    }

    /// <summary>The model's table of the folder's, whose shape is <see cref="StoredShape"/>; sums are in double.</summary>
    public float[] Apply(float[] table)
    {
        var width = binding.StoredShape[^1];
        var values = new float[(_to.Prefix + (_to.Rows * _to.Columns)) * width];
        table.AsSpan(0, _to.Prefix * width).CopyTo(values);
        var across = Enumerable.Range(0, _to.Columns).Select(x => BicubicWeights.Of(x, from.Columns, _to.Columns, _to.Antialias)).ToArray();
        var sums = new double[width];
        for (var y = 0; y < _to.Rows; y++)
        {
            var down = BicubicWeights.Of(y, from.Rows, _to.Rows, _to.Antialias);
            for (var x = 0; x < _to.Columns; x++)
            {
                Array.Clear(sums);
                foreach (var (row, vertical) in down)
                {
                    foreach (var (column, horizontal) in across[x])
                    {
                        Add(vertical * horizontal, table.AsSpan((_to.Prefix + (row * from.Columns) + column) * width, width), sums);
                    }
                }

                var at = (_to.Prefix + (y * _to.Columns) + x) * width;
                for (var c = 0; c < width; c++)
                {
                    values[at + c] = (float)sums[c];
                }
            }
        }

        return values;
    }

    private static void Add(double weight, ReadOnlySpan<float> cell, Span<double> sums)
    {
        for (var c = 0; c < cell.Length; c++)
        {
            sums[c] += weight * cell[c];
        }
    }
}
