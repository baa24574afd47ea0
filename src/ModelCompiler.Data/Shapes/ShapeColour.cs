namespace ModelCompiler.Data;

/// <summary>Colour of an object in a <see cref="ShapesWorld"/>; all are brighter than any background.</summary>
public enum ShapeColour
{
    Red,
    Green,
    Blue,
    Yellow,
    Purple,
    Cyan,
    Orange,
    White,
}

/// <summary>The light of each colour.</summary>
public static class ShapeColours
{
    /// <summary>Red, green and blue, 0..255 each.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a named colour.</exception>
    public static (byte Red, byte Green, byte Blue) Rgb(this ShapeColour colour) => colour switch
    {
        ShapeColour.Red => (230, 30, 40),
        ShapeColour.Green => (20, 180, 60),
        ShapeColour.Blue => (40, 80, 250),
        ShapeColour.Yellow => (250, 225, 40),
        ShapeColour.Purple => (165, 40, 200),
        ShapeColour.Cyan => (60, 220, 240),
        ShapeColour.Orange => (250, 135, 20),
        ShapeColour.White => (245, 245, 245),
        _ => throw new ArgumentOutOfRangeException(nameof(colour), colour, $"Colour {colour} has no light; legal are the named colours."),
    };
}
