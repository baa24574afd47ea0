using System.Runtime.CompilerServices;
using ModelCompiler.Ptx.Decoding;
using ModelCompiler.Ptx.Machine;
using ModelCompiler.Ptx.Text;

namespace ModelCompiler.Ptx.Instructions;

/// <summary>Places in memory. Generic addresses say of which space they are: shared and local memory are windows below all arrays.</summary>
internal static unsafe class Addresses
{
    private const ulong SharedWindow = 1UL << 32, LocalWindow = 2UL << 32, End = 3UL << 32;

    public static Execution Convert(Decoder decoder, PtxInstruction i)
    {
        var (d, a) = (decoder.Destination(i.Operands[0]), decoder.Source(i.Operands[1], i.Type));
        var window = i.Has("shared") ? SharedWindow : i.Has("local") ? LocalWindow : 0;
        var add = i.Has("to") ? 0UL - window : window;
        return w =>
        {
            foreach (var lane in w.Active)
            {
                w.At<ulong>(d, lane) = w.At<ulong>(a, lane) + add;
            }
        };
    }

    /// <summary>The space that an instruction names.</summary>
    public static PtxSpace SpaceOf(PtxInstruction i) => i.Has("global") ? PtxSpace.Global : i.Has("shared") || i.Has("shared::cta") ? PtxSpace.Shared
        : i.Has("local") ? PtxSpace.Local : i.Has("param") ? PtxSpace.Parameter : i.Has("const") ? throw new KeyNotFoundException() : PtxSpace.Generic;

    /// <summary>The bytes at a thread's address.</summary>
    /// <exception cref="PtxException">They are not the thread's to touch.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte Locate(Warp w, int lane, PtxSpace space, ulong address, int bytes, bool isWritten, bool isAtomic = false)
    {
        if (space == PtxSpace.Generic)
        {
            (space, address) = address < SharedWindow || address >= End ? (PtxSpace.Global, address)
                : address < LocalWindow ? (PtxSpace.Shared, address - SharedWindow) : (PtxSpace.Local, address - LocalWindow);
        }

        if (space == PtxSpace.Global)
        {
            try
            {
                return ref *w.Group.Global.Locate(address, bytes, w.Group.Number, isWritten, isAtomic);
            }
            catch (PtxException e)
            {
                throw new PtxException($"thread {w.FirstThread + lane}: {e.Message}", e);
            }
        }

        if (space == PtxSpace.Shared)
        {
            // An address of 32 bits is one as well.
            return ref isWritten ? ref w.Group.Shared.Write(address, bytes, w.FirstThread + lane, isAtomic) : ref w.Group.Shared.Read(address, bytes, w.FirstThread + lane);
        }

        if (address + (ulong)bytes > (ulong)w.LocalBytes || (address & (ulong)(bytes - 1)) != 0)
        {
            throw new PtxException($"thread {w.FirstThread + lane}: {bytes} bytes at {address} of its own memory, which has {w.LocalBytes}");
        }

        return ref w.Local[(lane * w.LocalBytes) + (int)address];
    }
}
