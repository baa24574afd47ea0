using System.Numerics;
using ModelCompiler.Ptx.Decoding;
using ModelCompiler.Ptx.Text;

namespace ModelCompiler.Ptx.Instructions;

/// <summary>Sums, products and functions of numbers, rounded once; approximations of the device are taken to be right.</summary>
internal static class Arithmetic
{
    public static Execution Unary<TOp>(Decoder decoder, PtxInstruction i)
        where TOp : struct, IUnary
    {
        var (d, a) = (decoder.Destination(i.Operands[0]), decoder.Source(i.Operands[1], i.Type));
        return i.Type switch
        {
            "s32" => Unary<TOp, int>(d, a),
            "s64" => Unary<TOp, long>(d, a),
            "s16" => Unary<TOp, short>(d, a),
            "f32" => Unary<TOp, float>(d, a),
            "f64" => Unary<TOp, double>(d, a),
            "f16" => Unary<TOp, Half>(d, a),
            _ => throw new KeyNotFoundException(),
        };
    }

    public static Execution Binary<TOp>(Decoder decoder, PtxInstruction i)
        where TOp : struct, IBinary
    {
        var (d, a, b) = (decoder.Destination(i.Operands[0]), decoder.Source(i.Operands[1], i.Type), decoder.Source(i.Operands[2], i.Type));
        return i.Type switch
        {
            "s32" => Binary<TOp, int>(d, a, b),
            "u32" => Binary<TOp, uint>(d, a, b),
            "s64" => Binary<TOp, long>(d, a, b),
            "u64" => Binary<TOp, ulong>(d, a, b),
            "s16" => Binary<TOp, short>(d, a, b),
            "u16" => Binary<TOp, ushort>(d, a, b),
            "f32" => Binary<TOp, float>(d, a, b),
            "f64" => Binary<TOp, double>(d, a, b),
            "f16" => Binary<TOp, Half>(d, a, b),
            _ => throw new KeyNotFoundException(),
        };
    }

    /// <summary>mul: integers give their low half, their high half, or both.</summary>
    public static Execution Multiply(Decoder decoder, PtxInstruction i)
    {
        if (!i.Has("wide") && !i.Has("hi"))
        {
            return Binary<Product>(decoder, i);
        }

        var (d, a, b) = (decoder.Destination(i.Operands[0]), decoder.Source(i.Operands[1], i.Type), decoder.Source(i.Operands[2], i.Type));
        var product = Wide(i);
        return w =>
        {
            foreach (var lane in w.Active)
            {
                w.At<ulong>(d, lane) = product(w.At<ulong>(a, lane), w.At<ulong>(b, lane));
            }
        };
    }

    public static Execution MultiplyAdd(Decoder decoder, PtxInstruction i)
    {
        var between = decoder.Destination(new PtxName("_"));
        var name = $"%between{between}";
        var first = i with { Operands = [new PtxName(name), i.Operands[1], i.Operands[2]] };
        var isWide = i.Has("wide");
        var sum = i with { Modifiers = [isWide ? i.Type.Replace("32", "64", StringComparison.Ordinal).Replace("16", "32", StringComparison.Ordinal) : i.Type], Operands = [i.Operands[0], new PtxName(name), i.Operands[3]] };
        if (PtxTypes.IsFloat(i.Type))
        {
            return Fused(decoder, i);
        }

        var (product, add) = (Multiply(decoder, first), Binary<Add>(decoder, sum));
        return w =>
        {
            product(w);
            add(w);
        };
    }

    public static Execution Fused(Decoder decoder, PtxInstruction i)
    {
        var (d, a, b, c) = (decoder.Destination(i.Operands[0]), decoder.Source(i.Operands[1], i.Type), decoder.Source(i.Operands[2], i.Type), decoder.Source(i.Operands[3], i.Type));
        return i.Type switch
        {
            "f32" => w =>
            {
                foreach (var lane in w.Active)
                {
                    w.At<float>(d, lane) = MathF.FusedMultiplyAdd(w.At<float>(a, lane), w.At<float>(b, lane), w.At<float>(c, lane));
                }
            }
            ,
            "f64" => w =>
            {
                foreach (var lane in w.Active)
                {
                    w.At<double>(d, lane) = Math.FusedMultiplyAdd(w.At<double>(a, lane), w.At<double>(b, lane), w.At<double>(c, lane));
                }
            }
            ,
            _ => throw new KeyNotFoundException(),
        };
    }

    /// <summary>A function of a float: computed in double, rounded once.</summary>
    public static Func<Decoder, PtxInstruction, Execution> Function(Func<double, double> function) => (decoder, i) =>
    {
        var (d, a) = (decoder.Destination(i.Operands[0]), decoder.Source(i.Operands[1], i.Type));
        return i.Type switch
        {
            "f32" => w =>
            {
                foreach (var lane in w.Active)
                {
                    w.At<float>(d, lane) = (float)function(w.At<float>(a, lane));
                }
            }
            ,
            "f64" => w =>
            {
                foreach (var lane in w.Active)
                {
                    w.At<double>(d, lane) = function(w.At<double>(a, lane));
                }
            }
            ,
            _ => throw new KeyNotFoundException(),
        };
    };

    private static Func<ulong, ulong, ulong> Wide(PtxInstruction i) => (i.Type, i.Has("wide")) switch
    {
        ("u32", true) => static (x, y) => (ulong)(uint)x * (uint)y,
        ("s32", true) => static (x, y) => (ulong)((long)(int)x * (int)y),
        ("u16", true) => static (x, y) => (uint)((ushort)x * (ushort)y),
        ("s16", true) => static (x, y) => (uint)((short)x * (short)y),
        ("u32", false) => static (x, y) => (ulong)(uint)x * (uint)y >> 32,
        ("s32", false) => static (x, y) => (uint)((long)(int)x * (int)y >> 32),
        ("u64", false) => static (x, y) => Math.BigMul(x, y, out _),
        ("s64", false) => static (x, y) => (ulong)Math.BigMul((long)x, (long)y, out _),
        _ => throw new KeyNotFoundException(),
    };

    private static Execution Unary<TOp, T>(int d, int a)
        where TOp : struct, IUnary
        where T : unmanaged, INumber<T> => w =>
        {
            foreach (var lane in w.Active)
            {
                w.At<T>(d, lane) = TOp.Of(w.At<T>(a, lane));
            }
        };

    private static Execution Binary<TOp, T>(int d, int a, int b)
        where TOp : struct, IBinary
        where T : unmanaged, INumber<T> => w =>
        {
            foreach (var lane in w.Active)
            {
                w.At<T>(d, lane) = TOp.Of(w.At<T>(a, lane), w.At<T>(b, lane));
            }
        };
}
