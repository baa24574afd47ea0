using System.Numerics;
using ModelCompiler.Ptx.Decoding;
using ModelCompiler.Ptx.Text;

namespace ModelCompiler.Ptx.Instructions;

/// <summary>What threads of a warp tell each other. Those whose value is asked for must be there.</summary>
internal static class Exchange
{
    public static Execution ActiveMask(Decoder decoder, PtxInstruction i)
    {
        var d = decoder.Destination(i.Operands[0]);
        return w =>
        {
            foreach (var lane in w.Active)
            {
                w.At<ulong>(d, lane) = w.ActiveMask;
            }
        };
    }

    /// <summary>bar.warp.sync.</summary>
    public static Execution WarpBarrier(Decoder decoder, PtxInstruction i) => i.Has("warp")
        ? static w =>
        {
            // Of fewer threads than are there it orders less than is kept in mind.
            if (w.ActiveMask == w.Alive)
            {
                w.Group.Shared.Fence(w.FirstThread / Machine.Warp.Size);
            }
        }
    : throw new KeyNotFoundException();

    /// <summary>PTX ISA, "shfl.sync": c holds the last lane in bits 0 to 4 and the mask of segments in bits 8 to 12.</summary>
    public static Execution Shuffle(Decoder decoder, PtxInstruction i)
    {
        var (target, p) = i.Operands[0] is PtxPair pair ? (pair.First, decoder.Destination(pair.Second)) : (i.Operands[0], decoder.Destination(new PtxName("_")));
        var (d, a, b, c) = (decoder.Destination(target), decoder.Source(i.Operands[1], "b32"), decoder.Source(i.Operands[2], "b32"), decoder.Source(i.Operands[3], "b32"));
        var mode = i.Modifiers[1];
        return w =>
        {
            var values = new ulong[Machine.Warp.Size];
            foreach (var lane in w.Active)
            {
                values[lane] = w.At<uint>(a, lane);
            }

            foreach (var lane in w.Active)
            {
                var (by, control) = ((int)(w.At<uint>(b, lane) & 31), (int)w.At<uint>(c, lane));
                var (clamp, segment) = (control & 31, control >> 8 & 31);
                var (first, last) = (lane & segment, (lane & segment) | (clamp & ~segment));
                var (from, isInside) = mode switch
                {
                    "up" => (lane - by, lane - by >= last),
                    "down" => (lane + by, lane + by <= last),
                    "bfly" => (lane ^ by, (lane ^ by) <= last),
                    "idx" => (first | (by & ~segment), (first | (by & ~segment)) <= last),
                    _ => throw new KeyNotFoundException(),
                };
                from = isInside ? from : lane;
                if ((w.ActiveMask >> from & 1) == 0)
                {
                    throw new PtxException($"thread {w.FirstThread + lane} asks lane {from} of its warp, which is not there");
                }

                w.At<ulong>(d, lane) = values[from];
                w.At<ulong>(p, lane) = isInside ? 1UL : 0;
            }
        };
    }

    public static Execution Vote(Decoder decoder, PtxInstruction i)
    {
        var (d, a, mode) = (decoder.Destination(i.Operands[0]), decoder.Source(i.Operands[1], "pred"), i.Modifiers[1]);
        return w =>
        {
            var mask = 0u;
            foreach (var lane in w.Active)
            {
                mask |= w.At<ulong>(a, lane) != 0 ? 1u << lane : 0;
            }

            var result = mode switch
            {
                "ballot" => mask,
                "any" => mask != 0 ? 1u : 0,
                "all" => mask == w.ActiveMask ? 1u : 0,
                "uni" => mask == 0 || mask == w.ActiveMask ? 1u : 0,
                _ => throw new KeyNotFoundException(),
            };
            foreach (var lane in w.Active)
            {
                w.At<ulong>(d, lane) = result;
            }
        };
    }

    /// <summary>redux.sync.</summary>
    public static Execution Reduce(Decoder decoder, PtxInstruction i)
    {
        var (d, a, operation) = (decoder.Destination(i.Operands[0]), decoder.Source(i.Operands[1], i.Type), Operation(i));
        return w =>
        {
            var lanes = w.Active;
            ulong result = w.At<uint>(a, lanes[0]);
            foreach (var lane in lanes[1..])
            {
                result = operation(result, w.At<uint>(a, lane));
            }

            foreach (var lane in lanes)
            {
                w.At<ulong>(d, lane) = result;
            }
        };
    }

    /// <summary>What is made of two values; their type is the instruction's.</summary>
    public static Func<ulong, ulong, ulong> Operation(PtxInstruction i) => i.Has("and") ? static (x, y) => x & y
        : i.Has("or") ? static (x, y) => x | y
        : i.Has("xor") ? static (x, y) => x ^ y
        : i.Type switch
        {
            "s32" => Of<int>(i),
            "u32" => Of<uint>(i),
            "s64" => Of<long>(i),
            "u64" => Of<ulong>(i),
            "f32" => Of<float>(i),
            "f64" => Of<double>(i),
            _ => throw new KeyNotFoundException(),
        };

    private static Func<ulong, ulong, ulong> Of<T>(PtxInstruction i)
        where T : unmanaged, INumber<T> => i.Has("add") ? static (x, y) => Bits(From<T>(x) + From<T>(y))
        : i.Has("min") ? static (x, y) => Bits(T.MinNumber(From<T>(x), From<T>(y)))
        : i.Has("max") ? static (x, y) => Bits(T.MaxNumber(From<T>(x), From<T>(y)))
        : throw new KeyNotFoundException();

    private static unsafe T From<T>(ulong bits)
        where T : unmanaged => *(T*)&bits;

    private static unsafe ulong Bits<T>(T value)
        where T : unmanaged
    {
        var bits = 0UL;
        *(T*)&bits = value;
        return bits;
    }
}
