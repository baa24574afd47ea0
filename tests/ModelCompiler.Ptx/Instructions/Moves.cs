using ModelCompiler.Ptx.Decoding;
using ModelCompiler.Ptx.Text;

namespace ModelCompiler.Ptx.Instructions;

/// <summary>Values from register to register, whole, in parts, or one of two.</summary>
internal static class Moves
{
    public static Execution Move(Decoder decoder, PtxInstruction i)
    {
        if (i.Operands[0] is PtxVector parts)
        {
            return Unpack([.. parts.Elements.Select(decoder.Destination)], decoder.Source(i.Operands[1], i.Type), 8 * PtxTypes.Bytes(i.Type) / parts.Elements.Count);
        }

        var d = decoder.Destination(i.Operands[0]);
        if (i.Operands[1] is PtxVector pieces)
        {
            return Pack(d, [.. pieces.Elements.Select(e => decoder.Source(e, i.Type))], 8 * PtxTypes.Bytes(i.Type) / pieces.Elements.Count);
        }

        var a = decoder.Source(i.Operands[1], i.Type);
        return w =>
        {
            foreach (var lane in w.Active)
            {
                w.At<ulong>(d, lane) = w.At<ulong>(a, lane);
            }
        };
    }

    public static Execution Select(Decoder decoder, PtxInstruction i)
    {
        var (d, a, b, p) = (decoder.Destination(i.Operands[0]), decoder.Source(i.Operands[1], i.Type), decoder.Source(i.Operands[2], i.Type), decoder.Source(i.Operands[3], "pred"));
        return w =>
        {
            foreach (var lane in w.Active)
            {
                w.At<ulong>(d, lane) = w.At<ulong>(w.At<ulong>(p, lane) != 0 ? a : b, lane);
            }
        };
    }

    /// <summary>What only orders memory, which is in order here.</summary>
    public static Execution Nothing(Decoder decoder, PtxInstruction i) => static _ => { };

    private static Execution Unpack(int[] parts, int a, int bits) => w =>
    {
        foreach (var lane in w.Active)
        {
            var value = w.At<ulong>(a, lane);
            for (var k = 0; k < parts.Length; k++)
            {
                w.At<ulong>(parts[k], lane) = value >> (k * bits) & ((1UL << bits) - 1);
            }
        }
    };

    private static Execution Pack(int d, int[] pieces, int bits) => w =>
    {
        foreach (var lane in w.Active)
        {
            var value = 0UL;
            for (var k = 0; k < pieces.Length; k++)
            {
                value |= (w.At<ulong>(pieces[k], lane) & ((1UL << bits) - 1)) << (k * bits);
            }

            w.At<ulong>(d, lane) = value;
        }
    };
}
