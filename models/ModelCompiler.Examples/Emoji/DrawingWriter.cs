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

    /// <summary>Changed at random, the same whenever the record has its turn in that epoch.</summary>
    public void Write(Drawing drawing, DataRow row, Span<float> pixels) => _preprocessor.Write(_changes.Apply(drawing.Picture, row.Epoch, row.Record), pixels);
}
