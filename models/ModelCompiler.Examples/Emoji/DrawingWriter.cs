using ModelCompiler.Data;

namespace ModelCompiler.Examples.Emoji;

/// <summary>
/// Drawings into rows of floats. For training they are turned, moved, scaled and sheared on white, and their colours change, so that the four drawers
/// of the training set look like more.
/// </summary>
internal sealed class DrawingWriter(int size, ulong seed)
{
    private readonly PicturePreprocessor _preprocessor = PicturePreprocessor.Vit(size);

    private readonly Augmentation _changes = new Augmentation(seed)
        .RandomAffine(degrees: 15, shift: 0.1, least: 0.8, most: 1.2, shear: 8, size: size, fill: [255, 255, 255])
        .ColourJitter(brightness: 0.3, contrast: 0.3, saturation: 0.3, hue: 0.05).Grey(0.1);

    /// <summary>As it is.</summary>
    public void Write(Drawing drawing, Span<float> pixels) => _preprocessor.Write(drawing.Picture, pixels);

    /// <summary>Moved by pixels; the edge goes on behind it.</summary>
    public void Write(Drawing drawing, (int Right, int Down) move, Span<float> pixels)
    {
        if (move == (0, 0))
        {
            Write(drawing, pixels);
            return;
        }

        var still = new float[pixels.Length];
        Write(drawing, still);
        for (var row = 0; row < pixels.Length / size; row++)
        {
            var (channel, y) = Math.DivRem(row, size);
            var from = still.AsSpan(((channel * size) + Math.Clamp(y - move.Down, 0, size - 1)) * size, size);
            for (var x = 0; x < size; x++)
            {
                pixels[(row * size) + x] = from[Math.Clamp(x - move.Right, 0, size - 1)];
            }
        }
    }

    /// <summary>Changed at random, the same whenever the record has its turn in that epoch.</summary>
    public void Write(Drawing drawing, DataRow row, Span<float> pixels) => _preprocessor.Write(_changes.Apply(drawing.Picture, row.Epoch, row.Record), pixels);
}
