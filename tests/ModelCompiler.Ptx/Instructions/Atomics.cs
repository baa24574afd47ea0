using ModelCompiler.Ptx.Decoding;
using ModelCompiler.Ptx.Text;

namespace ModelCompiler.Ptx.Instructions;

/// <summary>atom and red: values in memory are changed by one thread after another, in ascending order; atom gives what was there.</summary>
internal static class Atomics
{
    public static Execution Change(Decoder decoder, PtxInstruction i)
    {
        var first = i.Name == "atom" ? 1 : 0;
        var d = decoder.Destination(first == 1 ? i.Operands[0] : new PtxName("_"));
        var address = (PtxAddress)i.Operands[first];
        var (at, offset, space) = (decoder.Source(address.Base, "u64"), (ulong)address.Offset, Addresses.SpaceOf(i));
        var b = decoder.Source(i.Operands[first + 1], i.Type);
        var c = i.Has("cas") ? decoder.Source(i.Operands[first + 2], i.Type) : b;
        var (size, change) = (PtxTypes.Bytes(i.Type), Of(i));
        return w =>
        {
            foreach (var lane in w.Active)
            {
                ref var place = ref Addresses.Locate(w, lane, space, w.At<ulong>(at, lane) + offset, size, isWritten: true, isAtomic: true);
                var before = Memory.Read(ref place, size, false);
                Memory.Write(ref place, size, change(before, w.At<ulong>(b, lane), w.At<ulong>(c, lane)));
                w.At<ulong>(d, lane) = before;
            }
        };
    }

    private static Func<ulong, ulong, ulong, ulong> Of(PtxInstruction i) => i.Has("cas") ? i.Type is "b32"
            ? static (x, b, c) => (uint)x == (uint)b ? c : x
            : static (x, b, c) => x == b ? c : x
        : i.Has("exch") ? static (_, b, _) => b
        : i.Has("inc") ? static (x, b, _) => (uint)x >= (uint)b ? 0 : x + 1
        : i.Has("dec") ? static (x, b, _) => (uint)x == 0 || (uint)x > (uint)b ? b : x - 1
        : Exchange.Operation(i) is var operation ? (x, b, _) => operation(x, b)
        : throw new KeyNotFoundException();
}
