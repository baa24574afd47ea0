using ModelCompiler.Data;

namespace ModelCompiler.Examples.Captions;

/// <summary>
/// Shapes, colours and sizes put together: 96 ways, of which every eighth is left out of training. Each shape, colour and size is trained on, but never these together.
/// </summary>
internal static class Compositions
{
    private const int Sizes = 2, Apart = 8;

    private static readonly int s_shapes = Enum.GetValues<Shape>().Length, s_colours = Enum.GetValues<ShapeColour>().Length;

    public static int Count => s_shapes * s_colours * Sizes;

    public static int Of(SceneObject thing) => ((((int)thing.Shape * s_colours) + (int)thing.Colour) * Sizes) + (thing.Large ? 1 : 0);

    /// <summary>Whether training never sees one. Steps of 5 and 3 spread them over all shapes, colours and sizes.</summary>
    public static bool IsUnseen(int composition) =>
        ((composition / Sizes / s_colours) + (5 * (composition / Sizes % s_colours)) + (3 * (composition % Sizes))) % 8 == 0;

    /// <summary>What captions call one.</summary>
    public static string Name(int composition) =>
        $"a {(composition % Sizes == 1 ? "large" : "small")} {Word((ShapeColour)(composition / Sizes % s_colours))} {Word((Shape)(composition / Sizes / s_colours))}";

    /// <summary>A scene of one part of a world whose thing is of a composition that training sees, or of one that it does not.</summary>
    /// <param name="place">Which of them: places start apart, so that few scenes come twice.</param>
    /// <param name="isWhole">Whether the caption has to say where the thing is too, as two of three do.</param>
    public static Scene Draw(ShapesWorld world, Split split, long place, bool unseen, bool isWhole = false)
    {
        for (var position = (isWhole ? 8 : 1) * Apart * place; ; position++)
        {
            var scene = world.Draw(split, position);
            var composition = Of(scene.Objects[0]);
            if (IsUnseen(composition) == unseen && !(isWhole && scene.Caption.Length == Name(composition).Length))
            {
                return scene;
            }
        }
    }

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
