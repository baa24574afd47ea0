using ModelCompiler.Runtime.Cpu;

namespace ModelCompiler.Data;

/// <summary>
/// A sequence of random numbers named by (seed, domain, index): the same name gives the same sequence on every machine, and different names
/// give independent ones, so item <c>index</c> of a data set can be made without making the items before it.
/// </summary>
/// <param name="seed">Chosen by the user.</param>
/// <param name="domain">What the numbers are for; keeps two uses of one seed apart.</param>
/// <param name="index">Which item, epoch or step.</param>
public struct RandomStream(ulong seed, uint domain, ulong index)
{
    private uint _block;
    private int _left;
    private (uint A, uint B, uint C, uint D) _words;

    /// <summary>The next 32 random bits. A stream holds 2^34 words before it repeats.</summary>
    public uint Word()
    {
        if (_left == 0)
        {
            _words = Philox.Draw(_block++, domain, (uint)index, (uint)(index >> 32), (uint)seed, (uint)(seed >> 32));
            _left = 4;
        }

        return _left-- switch { 4 => _words.A, 3 => _words.B, 2 => _words.C, _ => _words.D };
    }

    /// <summary>A whole number 0..<paramref name="limit"/> - 1, each exactly as likely (multiply and reject, Lemire 2019).</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is 0.</exception>
    public uint Below(uint limit)
    {
        ArgumentOutOfRangeException.ThrowIfZero(limit);
        var product = (ulong)Word() * limit;
        if ((uint)product < limit)
        {
            var surplus = (0 - limit) % limit;
            while ((uint)product < surplus)
                product = (ulong)Word() * limit;
        }

        return (uint)(product >> 32);
    }

    /// <summary>A whole number <paramref name="low"/>..<paramref name="high"/>, both ends included.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="low"/> is above <paramref name="high"/>.</exception>
    public int Between(int low, int high)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(low, high);
        var span = (ulong)((long)high - low) + 1;
        return span > uint.MaxValue ? (int)Word() : (int)(low + Below((uint)span));
    }
}
