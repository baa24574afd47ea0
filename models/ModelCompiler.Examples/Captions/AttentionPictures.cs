using ModelCompiler.Data;

namespace ModelCompiler.Examples.Captions;

/// <summary>A picture, and beside it where a model looks.</summary>
internal static class AttentionPictures
{
    /// <summary>Pixels of a side of a patch.</summary>
    public const int PatchSize = 8;

    private const int Zoom = 4, Gap = 4;

    /// <summary>The picture, then for each map the picture in grey under red: no red where the map is 0, the most where its greatest weight is.</summary>
    /// <param name="picture">[3, size, size], values -1 to 1.</param>
    /// <param name="maps">Weights of patches of <see cref="PatchSize"/> pixels, row by row.</param>
    public static Picture Row(ReadOnlySpan<float> picture, int size, IReadOnlyList<float[]> maps)
    {
        var (side, area) = (size * Zoom, size * size);
        var width = (side * (maps.Count + 1)) + (Gap * maps.Count);
        var pixels = new byte[width * side * 3];
        Array.Fill(pixels, (byte)255);
        for (var cell = 0; cell <= maps.Count; cell++)
        {
            var most = cell == 0 ? 1 : maps[cell - 1].Max();
            for (var i = 0; i < side * side; i++)
            {
                var (y, x) = (i / side / Zoom, i % side / Zoom);
                ReadOnlySpan<float> colour = [Level(picture[(y * size) + x]), Level(picture[area + (y * size) + x]), Level(picture[(2 * area) + (y * size) + x])];
                var grey = (colour[0] + colour[1] + colour[2]) / 6;
                var red = cell == 0 || most == 0 ? 0 : maps[cell - 1][(y / PatchSize * (size / PatchSize)) + (x / PatchSize)] / most;
                var at = ((i / side * width) + (cell * (side + Gap)) + (i % side)) * 3;
                for (var c = 0; c < 3; c++)
                {
                    pixels[at + c] = (byte)Math.Clamp(cell == 0 ? colour[c] : (grey * (1 - (0.6f * red))) + (c == 0 ? 225 * red : 0), 0, 255);
                }
            }
        }

        return new Picture(width, side, 3, pixels);
    }

    private static float Level(float value) => (value + 1) * 127.5f;
}
