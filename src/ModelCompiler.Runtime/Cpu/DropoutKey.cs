namespace ModelCompiler.Runtime.Cpu;

/// <summary>
/// What decides which elements dropout keeps: seed, step and place. Element e is kept where word e mod 4 of Philox counter
/// (e / 4 low, e / 4 high, step, site) is at least p 2^32, whatever the width of vectors or the number of threads.
/// </summary>
/// <param name="seed">The model's seed.</param>
/// <param name="step">Number of the training step.</param>
/// <param name="site">Number of the place in the model, the layer added.</param>
/// <param name="probability">That an element is dropped, 0 up to below 1.</param>
public readonly struct DropoutKey(ulong seed, ulong step, uint site, float probability)
{
    private readonly uint _threshold = (uint)Math.Min(probability * 4294967296.0, uint.MaxValue);

    /// <summary>What a kept element is multiplied by: 1 / (1 - p).</summary>
    public float Scale { get; } = 1f / (1f - probability);

    /// <summary>Scale where the element is kept, else 0.</summary>
    public float Keep(long element)
    {
        Span<float> one = [0f];
        Fill(one, element);
        return one[0];
    }

    /// <summary>The same for elements that follow each other.</summary>
    public void Fill(Span<float> scales, long element)
    {
        Span<uint> words = stackalloc uint[4];
        var drawn = -1L;
        for (var i = 0; i < scales.Length; i++)
        {
            var at = element + i;
            if (at >> 2 != drawn)
            {
                drawn = at >> 2;
                (words[0], words[1], words[2], words[3]) = Philox.Draw((uint)drawn, (uint)(drawn >> 32), (uint)step, site, (uint)seed, (uint)(seed >> 32));
            }

            scales[i] = words[(int)(at & 3)] >= _threshold ? Scale : 0f;
        }
    }
}
