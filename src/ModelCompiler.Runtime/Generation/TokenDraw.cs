using ModelCompiler.Runtime.Cpu;

namespace ModelCompiler.Runtime.Generation;

/// <summary>Draws a token by its probability. The number is Philox of (step, row) under the seed: the same whatever was drawn before or beside it.</summary>
internal static class TokenDraw
{
    // What tells these draws from those of dropout under the same seed.
    private const uint Use = 0x746F6B65;

    /// <param name="scores">Logits; -infinity is never drawn.</param>
    public static int Draw(ReadOnlySpan<double> scores, ulong seed, int row, int step)
    {
        var shift = LogSoftmax.LogSum(scores);
        var left = Uniform(seed, row, step);
        var last = -1;
        for (var token = 0; token < scores.Length; token++)
        {
            if (!double.IsNegativeInfinity(scores[token]))
            {
                last = token;
                left -= Math.Exp(scores[token] - shift);
                if (left < 0)
                {
                    return token;
                }
            }
        }

        return last; // rounding left less than was drawn
    }

    /// <summary>53 random bits, from 0 up to, not including, 1.</summary>
    public static double Uniform(ulong seed, int row, int step)
    {
        var (high, low, _, _) = Philox.Draw((uint)step, (uint)row, Use, 0, (uint)seed, (uint)(seed >> 32));
        return ((((ulong)high << 32) | low) >> 11) * (1.0 / (1UL << 53));
    }
}
