namespace ModelCompiler.Data;

/// <summary>
/// Endless pictures of coloured shapes with captions and classes, made from numbers alone: scene <c>index</c> of a seed is the same on every
/// machine, whichever scenes were made before. Enough to try out classifiers, captioners and image-text models without downloading anything.
/// Safe for several threads.
/// </summary>
public sealed class ShapesWorld
{
    /// <summary>One scene in this many is held out.</summary>
    public const int HeldOutEvery = 8;

    private const uint Domain = 0x53484150;

    private readonly ulong _seed;
    private readonly int _objects;
    private readonly ShapesWorldClasses _classes;
    private readonly SceneRenderer _renderer;

    /// <param name="size">Pixels to a side of the square pictures, 16..256. The scenes themselves do not depend on it.</param>
    /// <param name="seed">Names the world.</param>
    /// <param name="objects">Most objects in a scene, 1..3; each number from 1 on is as likely. 1 for classification.</param>
    /// <param name="classes">What <see cref="Scene.Class"/> tells apart.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public ShapesWorld(int size = 32, ulong seed = 0, int objects = 3, ShapesWorldClasses classes = ShapesWorldClasses.Shape)
    {
        if (size is < 16 or > 256)
            throw new ArgumentOutOfRangeException(nameof(size), size, $"Pictures of {size} pixels to a side; legal is 16..256.");
        if (objects is < 1 or > 3)
            throw new ArgumentOutOfRangeException(nameof(objects), objects, $"Scenes of up to {objects} objects; legal is 1..3.");
        (Size, _seed, _objects, _classes, _renderer) = (size, seed, objects, classes, new SceneRenderer(size, seed));
        var (shapes, colours) = (Enum.GetValues<Shape>().Select(CaptionGrammar.Word), Enum.GetValues<ShapeColour>().Select(CaptionGrammar.Word));
        Classes = classes switch
        {
            ShapesWorldClasses.Shape => [.. shapes],
            ShapesWorldClasses.Colour => [.. colours],
            ShapesWorldClasses.ShapeAndColour => [.. from shape in shapes from colour in colours select $"{colour} {shape}"],
            _ => throw new ArgumentOutOfRangeException(nameof(classes), classes, $"Classes {classes}; legal are Shape, Colour and ShapeAndColour."),
        };
    }

    /// <summary>Pixels to a side of a picture.</summary>
    public int Size { get; }

    /// <summary>Floats in a picture: 3 x <see cref="Size"/> x <see cref="Size"/>.</summary>
    public int PictureLength => 3 * Size * Size;

    /// <summary>Names of the classes.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Every word that captions use, in ordinal order.</summary>
    public static IReadOnlyList<string> Vocabulary => CaptionGrammar.Vocabulary;

    /// <summary>The scene with this number, 0 or more.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is negative.</exception>
    public Scene this[long index]
    {
        get
        {
            ThrowIfNegative(index);
            var random = new RandomStream(_seed, Domain, (ulong)index);
            var scene = ScenePlacement.Draw(ref random, random.Between(1, _objects));
            return new Scene(index, scene, CaptionGrammar.Describe(ref random, scene), ClassOf(scene), _renderer);
        }
    }

    /// <summary>The part that a scene belongs to: numbers 7, 15, 23 and so on are held out.</summary>
    public static Split SplitOf(long index)
    {
        ThrowIfNegative(index);
        return index % HeldOutEvery == HeldOutEvery - 1 ? Split.HeldOut : Split.Train;
    }

    /// <summary>The number in the world of scene <paramref name="position"/> of one part; no number belongs to both parts.</summary>
    /// <param name="split">The part.</param>
    /// <param name="position">0 or more, up to an eighth of the largest long.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="position"/> is outside its range.</exception>
    public static long IndexOf(Split split, long position)
    {
        if (position is < 0 or > (long.MaxValue / HeldOutEvery) - 1)
        {
            throw new ArgumentOutOfRangeException(nameof(position), position,
                $"Scene {position} does not exist; legal is 0..{(long.MaxValue / HeldOutEvery) - 1}.");
        }

        return split == Split.Train ? position + (position / (HeldOutEvery - 1)) : (position * HeldOutEvery) + HeldOutEvery - 1;
    }

    /// <summary>Scene <paramref name="position"/> of one part.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="position"/> is outside its range.</exception>
    public Scene Draw(Split split, long position) => this[IndexOf(split, position)];

    private int ClassOf(ReadOnlySpan<SceneObject> objects)
    {
        var largest = objects[0];
        foreach (var item in objects)
            largest = item.Radius > largest.Radius ? item : largest;
        return _classes switch
        {
            ShapesWorldClasses.Shape => (int)largest.Shape,
            ShapesWorldClasses.Colour => (int)largest.Colour,
            _ => ((int)largest.Shape * 8) + (int)largest.Colour,
        };
    }

    private static void ThrowIfNegative(long index)
    {
        if (index < 0)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"Scene {index} does not exist; legal is 0 or more.");
    }
}
