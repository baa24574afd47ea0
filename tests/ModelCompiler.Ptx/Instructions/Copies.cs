using ModelCompiler.Ptx.Decoding;
using ModelCompiler.Ptx.Text;

namespace ModelCompiler.Ptx.Instructions;

/// <summary>cp.async and what waits for it.</summary>
internal static class Copies
{
    public static Execution Async(Decoder decoder, PtxInstruction i) => i.Modifiers[1] switch
    {
        "commit_group" => static w =>
        {
            foreach (var lane in w.Active)
            {
                w.Async.Commit(lane);
            }
        }
        ,
        "wait_group" => Wait(int.Parse(((PtxConstant)i.Operands[0]).Text, System.Globalization.CultureInfo.InvariantCulture)),
        "wait_all" => static w =>
        {
            foreach (var lane in w.Active)
            {
                w.Async.Commit(lane);
                w.Async.Wait(lane, 0);
            }
        }
        ,
        "ca" or "cg" => Copy(decoder, i),
        _ => throw new KeyNotFoundException(),
    };

    private static Execution Wait(int but) => w =>
    {
        foreach (var lane in w.Active)
        {
            w.Async.Wait(lane, but);
        }
    };

    private static Execution Copy(Decoder decoder, PtxInstruction i)
    {
        var (to, from) = ((PtxAddress)i.Operands[0], (PtxAddress)i.Operands[1]);
        var (d, s) = (decoder.Source(to.Base, "u64"), decoder.Source(from.Base, "u64"));
        var bytes = int.Parse(((PtxConstant)i.Operands[2]).Text, System.Globalization.CultureInfo.InvariantCulture);
        var taken = i.Operands.Count > 3 ? decoder.Source(i.Operands[3], "u32") : decoder.Constant((ulong)bytes);
        if (bytes is not (4 or 8 or 16) || (i.Has("cg") && bytes != 16))
        {
            throw new KeyNotFoundException();
        }

        return w =>
        {
            foreach (var lane in w.Active)
            {
                w.Async.Start(lane, w.At<ulong>(d, lane) + (ulong)to.Offset, w.At<ulong>(s, lane) + (ulong)from.Offset, bytes, (int)Math.Min(w.At<uint>(taken, lane), (uint)bytes));
            }
        };
    }
}
