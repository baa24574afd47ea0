using ModelCompiler.Ptx.Decoding;
using ModelCompiler.Ptx.Text;

namespace ModelCompiler.Ptx.Instructions;

/// <summary>.ftz: floats that are subnormal are zeros of their sign, before an instruction sees them and in its result.</summary>
internal static class Flushing
{
    /// <param name="known">The instruction without it.</param>
    public static Execution Around(Decoder decoder, PtxInstruction i, Func<Decoder, PtxInstruction, Execution> known)
    {
        var operands = i.Operands.ToArray();
        var copies = new List<(int To, int From)>();
        for (var k = 1; k < operands.Length && i.Type == "f32"; k++)
        {
            var copy = new PtxName($"%flushed{k}");
            copies.Add((decoder.Destination(copy), decoder.Source(operands[k], i.Type)));
            operands[k] = copy;
        }

        var run = known(decoder, i with { Operands = operands });
        var givesFloat = i.Name switch { "setp" => false, "cvt" => i.Modifiers[^2] == "f32", _ => i.Type == "f32" };
        var result = givesFloat ? decoder.Destination(operands[0]) : -1;
        return w =>
        {
            foreach (var (to, from) in copies)
            {
                foreach (var lane in w.Active)
                {
                    w.At<float>(to, lane) = Of(w.At<float>(from, lane));
                }
            }

            run(w);
            if (givesFloat)
            {
                foreach (var lane in w.Active)
                {
                    w.At<float>(result, lane) = Of(w.At<float>(result, lane));
                }
            }
        };
    }

    private static float Of(float value) => float.IsSubnormal(value) ? MathF.CopySign(0, value) : value;
}
