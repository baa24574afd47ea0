namespace ModelCompiler.Data;

/// <summary>One picture of a <see cref="ShapesWorld"/> with the truth about it.</summary>
public sealed class Scene
{
    /// <summary>Units to a side of the canvas.</summary>
    public const int Canvas = 4096;

    private readonly SceneObject[] _objects;
    private readonly SceneRenderer _renderer;

    internal Scene(long index, SceneObject[] objects, string caption, int label, SceneRenderer renderer) =>
        (Index, _objects, Caption, Class, _renderer) = (index, objects, caption, label, renderer);

    /// <summary>Its number in the world.</summary>
    public long Index { get; }

    /// <summary>The objects; none touches another.</summary>
    public IReadOnlyList<SceneObject> Objects => _objects;

    /// <summary>A true sentence such as "a large red circle left of a small blue square": lower case, words parted by one space.</summary>
    public string Caption { get; }

    /// <summary>Class of the largest object, a place in <see cref="ShapesWorld.Classes"/>.</summary>
    public int Class { get; }

    /// <summary>Draws the picture.</summary>
    /// <param name="pixels">[3, size, size]: red, green and blue from -1 (no light) to 1 (full light).</param>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> has another length.</exception>
    public void Render(Span<float> pixels) => _renderer.Render(Index, _objects, pixels);
}
