using ModelCompiler.Runtime.Cpu;

namespace ModelCompiler.Runtime;

/// <summary>
/// Random numbers of one parameter by element: the same for a seed and a name, whatever else the model has and however many threads
/// draw them. Element e is word e mod 4 of Philox counter (e / 4, name low, name high, all ones): dropout has no site of that number.
/// </summary>
internal readonly struct InitialNumbers
{
    private const int Piece = 1 << 14;

    private readonly ulong _seed, _name;

    public InitialNumbers(ulong seed, string name)
    {
        _seed = seed;
        _name = 14695981039346656037; // FNV-1a
        foreach (var c in name)
        {
            _name = (_name ^ c) * 1099511628211;
        }
    }

    /// <summary>Fills a tensor with a distribution, given by its inverse: a value for a number that is uniform in (0, 1).</summary>
    public void Fill(float[] values, Func<double, double> inverse)
    {
        var numbers = this;
        var pieces = (values.Length + Piece - 1) / Piece;
        if (pieces > 1)
        {
            Parallel.For(0, pieces, i => numbers.Fill(values.AsSpan(i * Piece, Math.Min(Piece, values.Length - (i * Piece))), i * Piece, inverse));
        }
        else
        {
            Fill(values, 0, inverse);
        }
    }

    private void Fill(Span<float> values, int first, Func<double, double> inverse)
    {
        Span<uint> words = stackalloc uint[4];
        for (var i = 0; i < values.Length; i++)
        {
            if (i % 4 == 0)
            {
                (words[0], words[1], words[2], words[3]) = Philox.Draw((uint)(first + i) / 4, (uint)_name, (uint)(_name >> 32), uint.MaxValue, (uint)_seed, (uint)(_seed >> 32));
            }

            values[i] = (float)inverse((words[i % 4] + 0.5) / 4294967296.0);
        }
    }
}
