namespace ModelCompiler.Data;

/// <summary>One object of a scene. Lengths are in units of the canvas, <see cref="Scene.Canvas"/> to a side whatever the picture's pixels.</summary>
/// <param name="Shape">Its outline.</param>
/// <param name="Colour">Its colour.</param>
/// <param name="Large">Whether captions call it large (radius 660 or more) rather than small (600 or less).</param>
/// <param name="X">Centre, counted from the left edge.</param>
/// <param name="Y">Centre, counted from the top edge.</param>
/// <param name="Radius">The outline stays within this distance of the centre, measured along either axis.</param>
public readonly record struct SceneObject(Shape Shape, ShapeColour Colour, bool Large, int X, int Y, int Radius)
{
    /// <summary>Whether the point lies in the outline; whole numbers only, so every machine agrees.</summary>
    /// <param name="x">Counted from the left edge, any value within a few canvases.</param>
    /// <param name="y">Counted from the top edge.</param>
    public bool Contains(int x, int y)
    {
        var (right, down) = (x - X, y - Y);
        var (across, along) = (Math.Abs(right), Math.Abs(down));
        return Shape switch
        {
            Shape.Circle => (across * across) + (along * along) <= Radius * Radius,
            Shape.Square => 5 * Math.Max(across, along) <= 4 * Radius,
            Shape.Triangle => 7 * across <= 4 * (down + Radius) && 4 * down <= 3 * Radius,
            Shape.Diamond => (4 * across) + (3 * along) <= 3 * Radius,
            Shape.Cross => 10 * Math.Min(across, along) <= 3 * Radius && Math.Max(across, along) <= Radius,
            _ => InStar(right, down),
        };
    }

    /// <summary>A star with five tips is what lies on the inner side of at least four of the five lines through its tips.</summary>
    private bool InStar(int right, int down)
    {
        // Directions of the tips in 1/1024, and the lines' distance from the centre: cos 72 degrees = 316/1024.
        var limit = 316 * Radius;
        var outside = -1024 * down > limit ? 1 : 0;
        outside += (974 * right) - (316 * down) > limit ? 1 : 0;
        outside += (602 * right) + (828 * down) > limit ? 1 : 0;
        outside += (-602 * right) + (828 * down) > limit ? 1 : 0;
        outside += (-974 * right) - (316 * down) > limit ? 1 : 0;
        return outside <= 1;
    }
}
