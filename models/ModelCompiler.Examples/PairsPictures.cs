using ModelCompiler.Data;

namespace ModelCompiler.Examples;

/// <summary>What two towers learnt, as pictures to look at.</summary>
internal static class PairsPictures
{
    private const int Zoom = 2, Frame = 3, Cell = 6;

    /// <summary>One row a query: its picture, then those of what was found, the best first; what is right has a green frame, the rest a grey one.</summary>
    /// <param name="pictures">[count, 3, size, size], values -1 to 1.</param>
    /// <param name="found">Numbers of pictures, as many for each query.</param>
    public static Picture Grid(ReadOnlySpan<float> pictures, int size, int[] queries, int[][] found)
    {
        var side = (size * Zoom) + (2 * Frame);
        var (width, height) = (side * (found[0].Length + 1), side * queries.Length);
        var pixels = new byte[width * height * 3];
        Array.Fill(pixels, (byte)255);
        for (var row = 0; row < queries.Length; row++)
        {
            for (var column = 0; column <= found[row].Length; column++)
            {
                var number = column == 0 ? queries[row] : found[row][column - 1];
                byte[] colour = column == 0 ? [255, 255, 255] : number == queries[row] ? [0, 160, 60] : [190, 190, 190];
                for (var y = 0; y < side; y++)
                {
                    for (var x = 0; x < side; x++)
                    {
                        var isFrame = Math.Min(Math.Min(x, y), side - 1 - Math.Max(x, y)) < Frame;
                        for (var c = 0; c < 3; c++)
                        {
                            var at = (((number * 3) + c) * size * size) + (((y - Frame) / Zoom) * size) + ((x - Frame) / Zoom);
                            pixels[(((((row * side) + y) * width) + (column * side) + x) * 3) + c] = isFrame ? colour[c] : (byte)Math.Clamp((pictures[at] + 1) * 127.5f, 0, 255);
                        }
                    }
                }
            }
        }

        return new Picture(width, height, 3, pixels);
    }

    /// <summary>Similarities [rows, columns], white where they are least and dark where they are most; pairs lie on the diagonal.</summary>
    public static Picture Similarities(float[,] values)
    {
        var (rows, columns) = (values.GetLength(0), values.GetLength(1));
        var (least, most) = (values.Cast<float>().Min(), values.Cast<float>().Max());
        var pixels = new byte[rows * Cell * columns * Cell];
        for (var i = 0; i < pixels.Length; i++)
        {
            var value = values[i / (columns * Cell) / Cell, i % (columns * Cell) / Cell];
            pixels[i] = (byte)(255 - (255 * (value - least) / Math.Max(most - least, 1e-6f)));
        }

        return new Picture(columns * Cell, rows * Cell, 1, pixels);
    }
}
