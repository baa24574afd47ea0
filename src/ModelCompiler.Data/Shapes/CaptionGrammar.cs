namespace ModelCompiler.Data;

/// <summary>
/// Says true sentences about scenes:
/// <code>
/// sentence = thing | thing place | thing place "and" thing place | thing relation thing | thing relation thing "and" relation thing
///          | count "shapes including" thing [place]
/// thing    = "a" ("small" | "large") colour shape
/// place    = "at the" ["top" | "bottom"] ["left" | "right"] | "in the middle"
/// relation = "left of" | "right of" | "above" | "below"
/// count    = "two" | "three"
/// </code>
/// A relation holds along the axis on which the objects are further apart, where their outlines do not overlap. A place is the third of the
/// canvas, on each axis, that holds the centre.
/// </summary>
public static class CaptionGrammar
{
    private static readonly string[] s_fixed =
    [
        "a", "above", "and", "at", "below", "bottom", "in", "including", "large", "left", "middle", "of", "right", "shapes", "small", "the",
        "three", "top", "two",
    ];

    /// <summary>Every word of every caption, in ordinal order.</summary>
    public static IReadOnlyList<string> Vocabulary { get; } =
    [
        .. s_fixed.Concat(Enum.GetValues<Shape>().Select(Word)).Concat(Enum.GetValues<ShapeColour>().Select(Word)).Order(StringComparer.Ordinal),
    ];

    /// <summary>Words in the longest caption.</summary>
    public static int MaxWords => 17;

    internal static string Describe(ref RandomStream random, ReadOnlySpan<SceneObject> objects)
    {
        var form = random.Below(3);
        var first = objects[0];
        if (objects.Length == 1)
            return form == 0 ? Thing(first) : $"{Thing(first)} {Place(first)}";
        var second = objects[1];
        if (form == 0)
            return $"{(objects.Length == 2 ? "two" : "three")} shapes including {Thing(first)} {Place(first)}";
        if (objects.Length == 3)
        {
            var third = objects[2];
            return $"{Thing(first)} {Relation(first, second)} {Thing(second)} and {Relation(first, third)} {Thing(third)}";
        }

        return form == 1
            ? $"{Thing(first)} {Relation(first, second)} {Thing(second)}"
            : $"{Thing(first)} {Place(first)} and {Thing(second)} {Place(second)}";
    }

    private static string Thing(SceneObject item) => $"a {(item.Large ? "large" : "small")} {Word(item.Colour)} {Word(item.Shape)}";

    private static string Relation(SceneObject from, SceneObject to)
    {
        var (right, down) = (from.X - to.X, from.Y - to.Y);
        return Math.Abs(right) > Math.Abs(down)
            ? right < 0 ? "left of" : "right of"
            : down < 0 ? "above" : "below";
    }

    private static string Place(SceneObject item)
    {
        var (column, row) = (3 * item.X / Scene.Canvas, 3 * item.Y / Scene.Canvas);
        var vertical = row == 0 ? " top" : row == 1 ? "" : " bottom";
        var horizontal = column == 0 ? " left" : column == 1 ? "" : " right";
        return row == 1 && column == 1 ? "in the middle" : $"at the{vertical}{horizontal}";
    }

    internal static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
