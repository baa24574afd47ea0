namespace ModelCompiler.Data;

/// <summary>Outline of an object in a <see cref="ShapesWorld"/>.</summary>
public enum Shape
{
    Circle,
    Square,
    Triangle,
    Diamond,
    Cross,
    Star,
}
