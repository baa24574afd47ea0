using System.Collections;

namespace ModelCompiler.Runtime;

/// <summary>Views of layers that are alike, by number.</summary>
public readonly struct LayerList<T>(int count, Func<int, T> view) : IReadOnlyList<T>
{
    public int Count => count;

    /// <exception cref="ArgumentOutOfRangeException">There is no such layer.</exception>
    public T this[int index] => (uint)index < (uint)Count ? view(index)
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"Layers are numbered 0 to {count - 1}.");

    public IEnumerator<T> GetEnumerator() => Enumerable.Range(0, count).Select(view).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
