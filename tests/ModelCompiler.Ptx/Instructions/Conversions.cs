using ModelCompiler.Ptx.Decoding;
using ModelCompiler.Ptx.Text;

namespace ModelCompiler.Ptx.Instructions;

/// <summary>cvt: numbers from type to type. Floats that are made integers are cut at the ends of the range, and what is no number becomes 0.</summary>
internal static class Conversions
{
    public static Execution Convert(Decoder decoder, PtxInstruction i)
    {
        var (to, from) = (i.Modifiers[^2], i.Type);
        var d = decoder.Destination(i.Operands[0]);
        if (to is "bf16x2" or "f16x2")
        {
            // The first operand is the upper half.
            var (high, low) = (decoder.Source(i.Operands[1], from), decoder.Source(i.Operands[2], from));
            var narrow = ToFloat(i, to[..^2]);
            return w =>
            {
                foreach (var lane in w.Active)
                {
                    w.At<ulong>(d, lane) = (narrow(w.At<float>(high, lane)) << 16) | narrow(w.At<float>(low, lane));
                }
            };
        }

        var a = decoder.Source(i.Operands[1], from);
        var convert = Of(i, to, from);
        return w =>
        {
            foreach (var lane in w.Active)
            {
                w.At<ulong>(d, lane) = convert(w.At<ulong>(a, lane));
            }
        };
    }

    private static Func<ulong, ulong> Of(PtxInstruction i, string to, string from)
    {
        if (PtxTypes.IsFloat(from))
        {
            var read = FromFloat(from);
            if (PtxTypes.IsFloat(to))
            {
                var write = ToFloat(i, to);
                return x => write(read(x));
            }

            var round = Rounding(i);
            var (bits, isSigned) = (8 * PtxTypes.Bytes(to), PtxTypes.IsSigned(to));
            return x => Cut(round(read(x)), bits, isSigned);
        }

        var extend = Extend(from);
        if (!PtxTypes.IsFloat(to))
        {
            if (i.Has("sat"))
            {
                throw new KeyNotFoundException();
            }

            var narrow = Extend(to);
            return x => narrow(extend(x));
        }

        return (to, PtxTypes.IsSigned(from)) switch
        {
            ("f32", true) => x => BitConverter.SingleToUInt32Bits((long)extend(x)),
            ("f32", false) => x => BitConverter.SingleToUInt32Bits(extend(x)),
            ("f64", true) => x => BitConverter.DoubleToUInt64Bits((long)extend(x)),
            ("f64", false) => x => BitConverter.DoubleToUInt64Bits(extend(x)),
            ("f16", true) => x => BitConverter.HalfToUInt16Bits((Half)(double)(long)extend(x)),
            _ => throw new KeyNotFoundException(),
        };
    }

    private static Func<ulong, ulong> Extend(string type) => type switch
    {
        "u8" or "b8" => static x => (byte)x,
        "s8" => static x => (ulong)(sbyte)x,
        "u16" or "b16" => static x => (ushort)x,
        "s16" => static x => (ulong)(short)x,
        "u32" or "b32" => static x => (uint)x,
        "s32" => static x => (ulong)(int)x,
        _ => static x => x,
    };

    private static Func<ulong, double> FromFloat(string type) => type switch
    {
        "f32" => static x => BitConverter.UInt32BitsToSingle((uint)x),
        "f64" => BitConverter.UInt64BitsToDouble,
        "f16" => static x => (double)BitConverter.UInt16BitsToHalf((ushort)x),
        "bf16" => static x => BitConverter.UInt32BitsToSingle((uint)x << 16),
        _ => throw new KeyNotFoundException(),
    };

    private static Func<double, ulong> ToFloat(PtxInstruction i, string type)
    {
        if (type is "f32" or "f64" && (i.Has("rni") || i.Has("rzi") || i.Has("rmi") || i.Has("rpi")))
        {
            var round = Rounding(i);
            return type == "f32" ? x => BitConverter.SingleToUInt32Bits((float)round(x)) : x => BitConverter.DoubleToUInt64Bits(round(x));
        }

        return type switch
        {
            "f32" when !i.Has("rz") => static x => BitConverter.SingleToUInt32Bits((float)x),
            "f64" => BitConverter.DoubleToUInt64Bits,
            "f16" when i.Has("rn") => static x => BitConverter.HalfToUInt16Bits((Half)x),
            "bf16" when i.Has("rn") => static x => BFloat16((float)x),
            "tf32" when i.Has("rna") => static x => Tensor32((float)x),
            _ => throw new KeyNotFoundException(),
        };
    }

    // To the nearest, of two equally near the even one.
    private static ulong BFloat16(float x)
    {
        var bits = BitConverter.SingleToUInt32Bits(x);
        return float.IsNaN(x) ? 0x7FFF : (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
    }

    // To the nearest of 10 bits, of two equally near the one away from zero.
    private static ulong Tensor32(float x)
    {
        var bits = BitConverter.SingleToUInt32Bits(x);
        return float.IsFinite(x) ? (bits + 0x1000) & 0xFFFFE000 : bits;
    }

    private static Func<double, double> Rounding(PtxInstruction i) => i.Has("rzi") ? Math.Truncate
        : i.Has("rni") ? static x => Math.Round(x, MidpointRounding.ToEven)
        : i.Has("rmi") ? Math.Floor
        : i.Has("rpi") ? Math.Ceiling
        : throw new KeyNotFoundException();

    private static ulong Cut(double x, int bits, bool isSigned)
    {
        if (double.IsNaN(x))
        {
            return 0;
        }

        var (low, high) = isSigned ? (-Math.Pow(2, bits - 1), Math.Pow(2, bits - 1)) : (0, Math.Pow(2, bits));
        return x < low ? (isSigned ? 0UL - (1UL << (bits - 1)) : 0)
            : x >= high ? (isSigned ? (1UL << (bits - 1)) - 1 : ulong.MaxValue >> (64 - bits))
            : isSigned ? (ulong)(long)x : (ulong)x;
    }
}
