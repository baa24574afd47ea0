using System.Numerics;
using ModelCompiler.Ptx.Decoding;
using ModelCompiler.Ptx.Text;

namespace ModelCompiler.Ptx.Instructions;

/// <summary>Bits of registers, and of predicates. Shifts by the width or more leave nothing, or the sign.</summary>
internal static class Bitwise
{
    public static Func<Decoder, PtxInstruction, Execution> Binary(Func<ulong, ulong, ulong> operation) => (decoder, i) =>
    {
        var (d, a, b) = (decoder.Destination(i.Operands[0]), decoder.Source(i.Operands[1], i.Type), decoder.Source(i.Operands[2], i.Type));
        return w =>
        {
            foreach (var lane in w.Active)
            {
                w.At<ulong>(d, lane) = operation(w.At<ulong>(a, lane), w.At<ulong>(b, lane));
            }
        };
    };

    public static Execution Not(Decoder decoder, PtxInstruction i)
    {
        var (d, a) = (decoder.Destination(i.Operands[0]), decoder.Source(i.Operands[1], i.Type));
        var mask = i.Type == "pred" ? 1UL : ulong.MaxValue;
        return w =>
        {
            foreach (var lane in w.Active)
            {
                w.At<ulong>(d, lane) = ~w.At<ulong>(a, lane) & mask;
            }
        };
    }

    public static Execution ShiftLeft(Decoder decoder, PtxInstruction i)
    {
        var bits = 8 * PtxTypes.Bytes(i.Type);
        return Shift(decoder, i, (x, by) => by >= bits ? 0 : x << by);
    }

    public static Execution ShiftRight(Decoder decoder, PtxInstruction i)
    {
        var bits = 8 * PtxTypes.Bytes(i.Type);
        return PtxTypes.IsSigned(i.Type)
            ? Shift(decoder, i, (x, by) => (ulong)((long)(x << (64 - bits)) >> (64 - bits) >> Math.Min(by, 63)))
            : Shift(decoder, i, (x, by) => by >= bits ? 0 : x << (64 - bits) >> (64 - bits) >> by);
    }

    public static Execution PopulationCount(Decoder decoder, PtxInstruction i) => Count(decoder, i, BitOperations.PopCount);

    public static Execution LeadingZeros(Decoder decoder, PtxInstruction i)
    {
        var bits = 8 * PtxTypes.Bytes(i.Type);
        return Count(decoder, i, x => BitOperations.LeadingZeroCount(x) - 64 + bits);
    }

    private static Execution Shift(Decoder decoder, PtxInstruction i, Func<ulong, int, ulong> shift)
    {
        var (d, a, b) = (decoder.Destination(i.Operands[0]), decoder.Source(i.Operands[1], i.Type), decoder.Source(i.Operands[2], "u32"));
        return w =>
        {
            foreach (var lane in w.Active)
            {
                w.At<ulong>(d, lane) = shift(w.At<ulong>(a, lane), (int)Math.Min(w.At<uint>(b, lane), 64));
            }
        };
    }

    private static Execution Count(Decoder decoder, PtxInstruction i, Func<ulong, int> count)
    {
        var (d, a) = (decoder.Destination(i.Operands[0]), decoder.Source(i.Operands[1], i.Type));
        var unused = 64 - (8 * PtxTypes.Bytes(i.Type));
        return w =>
        {
            foreach (var lane in w.Active)
            {
                w.At<uint>(d, lane) = (uint)count(w.At<ulong>(a, lane) << unused >> unused);
            }
        };
    }
}
