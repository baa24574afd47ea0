using ModelCompiler.Runtime.Cpu;

namespace ModelCompiler.Runtime;

/// <summary>
/// Inputs that nobody gives: -log(-log u) of uniform u (Gumbel), Philox of the place under the seed and the number of the pass. The same pass draws the same again, whatever the device, the
/// number of threads, or a run that stopped and went on.
/// </summary>
internal sealed class DrawnInputs(ModelDescription description, PassInputs inputs)
{
    // What tells these draws from those of dropout under the same seed.
    private const uint Use = 0x6E656773;

    private readonly float[]?[] _values = new float[]?[description.Inputs.Length];

    /// <summary>Sets those of a pass.</summary>
    public void Set(Pass pass, long batch, Lengths lengths, ulong seed, ulong draw)
    {
        for (var i = 0; i < _values.Length; i++)
        {
            var info = description.Inputs[i];
            if (!info.IsDrawn || !info.IsOf(pass))
            {
                continue;
            }

            var count = info.Count(batch, lengths);
            if (_values[i]?.Length != count)
            {
                _values[i] = new float[count];
            }

            Fill(_values[i], seed, draw, info.Name);
            inputs.Set(info.Name, _values[i]!);
        }
    }

    /// <summary>Fills a tensor with the draws of a pass.</summary>
    /// <param name="name">The input's, which tells it from the pass's others.</param>
    public static void Fill(Span<float> values, ulong seed, ulong draw, string name)
    {
        var use = Use;
        foreach (var letter in name)
        {
            use = (use ^ letter) * 0x01000193; // FNV-1a
        }

        for (var i = 0; i < values.Length; i++)
        {
            var (word, _, _, _) = Philox.Draw((uint)draw, (uint)(draw >> 32), (uint)i, use, (uint)seed, (uint)(seed >> 32));
            values[i] = (float)-Math.Log(-Math.Log((word + 0.5) / (1UL << 32)));
        }
    }
}
