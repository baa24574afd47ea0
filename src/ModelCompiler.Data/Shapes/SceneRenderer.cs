namespace ModelCompiler.Data;

/// <summary>Draws scenes for one size of picture. Light is counted in whole sixteenths of a level of 0..255 until the last division.</summary>
internal sealed class SceneRenderer(int size, ulong seed)
{
    private const uint Domain = 0x53484E5A;
    private const int Samples = 4;
    private const int Full = 16 * 255;

    /// <summary>Fills [3, size, size] with the objects on a grey background under light noise.</summary>
    public void Render(long index, ReadOnlySpan<SceneObject> objects, Span<float> pixels)
    {
        var area = size * size;
        if (pixels.Length != 3 * area)
            throw new ArgumentException($"Room for {pixels.Length} values; legal is 3 x {size} x {size} = {3 * area}.", nameof(pixels));
        var random = new RandomStream(seed, Domain, (ulong)index);
        var shade = 16 * random.Between(10, 80);
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                var (red, green, blue) = Light(objects, x, y, shade);
                var at = (y * size) + x;
                pixels[at] = Value(red, random.Word());
                pixels[area + at] = Value(green, random.Word());
                pixels[(2 * area) + at] = Value(blue, random.Word());
            }
        }
    }

    /// <summary>The colour of a pixel, mixed by how many of its 4 x 4 samples an object covers.</summary>
    private (int, int, int) Light(ReadOnlySpan<SceneObject> objects, int x, int y, int shade)
    {
        foreach (var item in objects)
        {
            if (Edge(x + 1) < item.X - item.Radius || Edge(x) > item.X + item.Radius
                || Edge(y + 1) < item.Y - item.Radius || Edge(y) > item.Y + item.Radius)
            {
                continue;
            }

            var covered = 0;
            for (var row = 0; row < Samples; row++)
            {
                for (var column = 0; column < Samples; column++)
                    covered += item.Contains(Sample(x, column), Sample(y, row)) ? 1 : 0;
            }

            if (covered == 0)
                continue;
            var (red, green, blue) = item.Colour.Rgb();
            var rest = shade * ((Samples * Samples) - covered) / (Samples * Samples);
            return ((red * covered) + rest, (green * covered) + rest, (blue * covered) + rest);
        }

        return (shade, shade, shade);
    }

    private int Edge(int pixel) => Scene.Canvas * pixel / size;

    private int Sample(int pixel, int part) => Scene.Canvas * ((2 * ((Samples * pixel) + part)) + 1) / (2 * Samples * size);

    /// <summary>Adds noise of about 3 levels: the sum of four bytes is close to a bell curve of deviation 148 around 510.</summary>
    private static float Value(int light, uint noise)
    {
        var sum = (int)((noise & 255) + ((noise >> 8) & 255) + ((noise >> 16) & 255) + (noise >> 24));
        return (Math.Clamp(light + ((sum - 510) / 3), 0, Full) / (Full / 2f)) - 1f;
    }
}
