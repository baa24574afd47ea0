namespace ModelCompiler.Runtime.Cpu;

/// <summary>Philox 4x32-10 (Salmon et al. 2011): four random words from a counter of four and a key of two; no state, so any draw can be repeated.</summary>
public static class Philox
{
    /// <summary>The four words of a counter.</summary>
    public static (uint, uint, uint, uint) Draw(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1)
    {
        for (var round = 0; round < 10; round++)
        {
            var a = 0xD2511F53UL * c0;
            var b = 0xCD9E8D57UL * c2;
            (c0, c1, c2, c3) = ((uint)(b >> 32) ^ c1 ^ k0, (uint)b, (uint)(a >> 32) ^ c3 ^ k1, (uint)a);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }

        return (c0, c1, c2, c3);
    }
}
