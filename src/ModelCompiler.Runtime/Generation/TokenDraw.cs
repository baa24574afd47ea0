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

    /// <summary>
    /// A number for each score: those with the greatest sums of both are drawn by their probabilities, none of them twice (Gumbel's maximum; Kool et al. 2019, arXiv:1903.06059).
    /// </summary>
    public static double Gumbel(ulong seed, int row, int step, int token) => -Math.Log(-Math.Log((Bits(seed, row, step, token + 1) + 0.5) * (1.0 / (1UL << 53))));

    /// <summary>53 random bits, from 0 up to, not including, 1.</summary>
    public static double Uniform(ulong seed, int row, int step) => Bits(seed, row, step, 0) * (1.0 / (1UL << 53));

    private static ulong Bits(ulong seed, int row, int step, int number)
    {
        var (high, low, _, _) = Philox.Draw((uint)step, (uint)row, Use, (uint)number, (uint)seed, (uint)(seed >> 32));
        return (((ulong)high << 32) | low) >> 11;
    }
}
