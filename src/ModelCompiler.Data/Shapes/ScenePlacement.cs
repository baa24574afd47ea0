namespace ModelCompiler.Data;

/// <summary>Draws the objects of a scene so that each lies on the canvas and none comes near another.</summary>
internal static class ScenePlacement
{
    private const int Gap = 96;
    private const int Attempts = 64;

    /// <param name="random">The scene's own numbers.</param>
    /// <param name="count">1..3; a single object is drawn larger.</param>
    public static SceneObject[] Draw(ref RandomStream random, int count)
    {
        var objects = new SceneObject[count];
        for (var i = 0; i < count; i++)
        {
            var shape = (Shape)random.Below(6);
            var colour = (ShapeColour)random.Below(8);
            var large = random.Below(2) == 1;
            var radius = (large, count) switch
            {
                (true, 1) => random.Between(900, 1200),
                (false, 1) => random.Between(500, 600),
                (true, _) => random.Between(660, 760),
                (false, _) => random.Between(380, 460),
            };
            objects[i] = new SceneObject(shape, colour, large, 0, 0, radius);
        }

        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (Scatter(ref random, objects))
                return objects;
        }

        // A quarter of the canvas has room for the largest of three objects.
        for (var i = 0; i < count; i++)
            objects[i] = objects[i] with { X = Scene.Canvas / 4 * (i == 1 ? 3 : 1), Y = Scene.Canvas / 4 * (i == 2 ? 3 : 1) };
        return objects;
    }

    private static bool Scatter(ref RandomStream random, Span<SceneObject> objects)
    {
        for (var i = 0; i < objects.Length; i++)
        {
            var margin = objects[i].Radius;
            var placed = objects[i] with
            {
                X = random.Between(margin, Scene.Canvas - margin),
                Y = random.Between(margin, Scene.Canvas - margin),
            };
            foreach (var other in objects[..i])
            {
                if (Math.Max(Math.Abs(placed.X - other.X), Math.Abs(placed.Y - other.Y)) < placed.Radius + other.Radius + Gap)
                    return false;
            }

            objects[i] = placed;
        }

        return true;
    }
}
