using System.Numerics;
using ModelCompiler.Ptx.Decoding;
using ModelCompiler.Ptx.Text;

namespace ModelCompiler.Ptx.Instructions;

/// <summary>setp: predicates from comparisons. A u before a relation of floats: it holds where one of them is no number; without it, not.</summary>
internal static class Comparisons
{
    public static Execution Set(Decoder decoder, PtxInstruction i)
    {
        if (i.Operands.Count != 3 || i.Operands[0] is PtxPair)
        {
            throw new KeyNotFoundException();
        }

        var (d, a, b) = (decoder.Destination(i.Operands[0]), decoder.Source(i.Operands[1], i.Type), decoder.Source(i.Operands[2], i.Type));
        var relation = i.Modifiers[0];
        return i.Type switch
        {
            "s32" or "b32" => Of<int>(relation, d, a, b),
            "u32" => Of<uint>(relation, d, a, b),
            "s64" or "b64" => Of<long>(relation, d, a, b),
            "u64" => Of<ulong>(relation, d, a, b),
            "s16" or "b16" => Of<short>(relation, d, a, b),
            "u16" => Of<ushort>(relation, d, a, b),
            "f32" => Of<float>(relation, d, a, b),
            "f64" => Of<double>(relation, d, a, b),
            "f16" => Of<Half>(relation, d, a, b),
            _ => throw new KeyNotFoundException(),
        };
    }

    private static Execution Of<T>(string relation, int d, int a, int b)
        where T : unmanaged, INumber<T> => relation switch
        {
            "eq" => Run<T>(d, a, b, static (x, y) => x == y),
            "ne" => Run<T>(d, a, b, static (x, y) => x < y || x > y),
            "lt" or "lo" => Run<T>(d, a, b, static (x, y) => x < y),
            "le" or "ls" => Run<T>(d, a, b, static (x, y) => x <= y),
            "gt" or "hi" => Run<T>(d, a, b, static (x, y) => x > y),
            "ge" or "hs" => Run<T>(d, a, b, static (x, y) => x >= y),
            "equ" => Run<T>(d, a, b, static (x, y) => !(x < y || x > y)),
            "neu" => Run<T>(d, a, b, static (x, y) => !(x == y)),
            "ltu" => Run<T>(d, a, b, static (x, y) => !(x >= y)),
            "leu" => Run<T>(d, a, b, static (x, y) => !(x > y)),
            "gtu" => Run<T>(d, a, b, static (x, y) => !(x <= y)),
            "geu" => Run<T>(d, a, b, static (x, y) => !(x < y)),
            "num" => Run<T>(d, a, b, static (x, y) => !T.IsNaN(x) && !T.IsNaN(y)),
            "nan" => Run<T>(d, a, b, static (x, y) => T.IsNaN(x) || T.IsNaN(y)),
            _ => throw new KeyNotFoundException(),
        };

    private static Execution Run<T>(int d, int a, int b, Func<T, T, bool> holds)
        where T : unmanaged => w =>
        {
            foreach (var lane in w.Active)
            {
                w.At<ulong>(d, lane) = holds(w.At<T>(a, lane), w.At<T>(b, lane)) ? 1UL : 0;
            }
        };
}
