namespace ModelCompiler.Data;

/// <summary>What the classes of a <see cref="ShapesWorld"/> tell apart.</summary>
public enum ShapesWorldClasses
{
    /// <summary>6 classes, such as "circle".</summary>
    Shape,

    /// <summary>8 classes, such as "red"; the easiest.</summary>
    Colour,

    /// <summary>48 classes, such as "red circle".</summary>
    ShapeAndColour,
}
