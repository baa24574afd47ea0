using System.Runtime.CompilerServices;
using ModelCompiler.Ptx.Decoding;
using ModelCompiler.Ptx.Text;

namespace ModelCompiler.Ptx.Instructions;

/// <summary>ld and st: one value, or two or four behind one another, whose address is a multiple of all of them together.</summary>
internal static class Memory
{
    public static Execution Load(Decoder decoder, PtxInstruction i)
    {
        int[] to = i.Operands[0] is PtxVector v ? [.. v.Elements.Select(decoder.Destination)] : [decoder.Destination(i.Operands[0])];
        var (at, offset, space) = Place(decoder, i, (PtxAddress)i.Operands[1]);
        var (size, isSigned) = (PtxTypes.Bytes(i.Type), PtxTypes.IsSigned(i.Type));
        if (space == PtxSpace.Parameter)
        {
            return Argument(to, (int)offset + (int)decoder.Layout.Start(((PtxName)((PtxAddress)i.Operands[1]).Base).Name), size, isSigned);
        }

        return w =>
        {
            foreach (var lane in w.Active)
            {
                ref var place = ref Addresses.Locate(w, lane, space, w.At<ulong>(at, lane) + offset, size * to.Length, isWritten: false);
                for (var k = 0; k < to.Length; k++)
                {
                    w.At<ulong>(to[k], lane) = Read(ref Unsafe.Add(ref place, k * size), size, isSigned);
                }
            }
        };
    }

    public static Execution Store(Decoder decoder, PtxInstruction i)
    {
        int[] from = i.Operands[1] is PtxVector v ? [.. v.Elements.Select(e => decoder.Source(e, i.Type))] : [decoder.Source(i.Operands[1], i.Type)];
        var (at, offset, space) = Place(decoder, i, (PtxAddress)i.Operands[0]);
        var size = PtxTypes.Bytes(i.Type);
        return w =>
        {
            foreach (var lane in w.Active)
            {
                ref var place = ref Addresses.Locate(w, lane, space, w.At<ulong>(at, lane) + offset, size * from.Length, isWritten: true);
                for (var k = 0; k < from.Length; k++)
                {
                    Write(ref Unsafe.Add(ref place, k * size), size, w.At<ulong>(from[k], lane));
                }
            }
        };
    }

    /// <summary>A number of so many bytes in the whole of a register.</summary>
    public static ulong Read(ref byte place, int size, bool isSigned) => (size, isSigned) switch
    {
        (4, false) => Unsafe.ReadUnaligned<uint>(ref place),
        (4, true) => (ulong)Unsafe.ReadUnaligned<int>(ref place),
        (8, _) => Unsafe.ReadUnaligned<ulong>(ref place),
        (2, false) => Unsafe.ReadUnaligned<ushort>(ref place),
        (2, true) => (ulong)Unsafe.ReadUnaligned<short>(ref place),
        (1, false) => place,
        _ => (ulong)(sbyte)place,
    };

    public static void Write(ref byte place, int size, ulong value)
    {
        switch (size)
        {
            case 1:
                place = (byte)value;
                break;
            case 2:
                Unsafe.WriteUnaligned(ref place, (ushort)value);
                break;
            case 4:
                Unsafe.WriteUnaligned(ref place, (uint)value);
                break;
            default:
                Unsafe.WriteUnaligned(ref place, value);
                break;
        }
    }

    // Parameters of calls are a thread's own memory.
    private static (int At, ulong Offset, PtxSpace Space) Place(Decoder decoder, PtxInstruction i, PtxAddress address)
    {
        var space = Addresses.SpaceOf(i);
        var isArgument = space == PtxSpace.Parameter && address.Base is PtxName n && decoder.Layout.Arguments.Contains(n.Name);
        return (decoder.Source(address.Base, "u64"), (ulong)address.Offset, space == PtxSpace.Parameter && !isArgument ? PtxSpace.Local : space);
    }

    private static Execution Argument(int[] to, int start, int size, bool isSigned) => w =>
    {
        for (var k = 0; k < to.Length; k++)
        {
            var value = Read(ref w.Group.Parameters[start + (k * size)], size, isSigned);
            foreach (var lane in w.Active)
            {
                w.At<ulong>(to[k], lane) = value;
            }
        }
    };
}
