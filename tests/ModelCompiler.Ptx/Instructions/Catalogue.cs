using ModelCompiler.Ptx.Decoding;
using ModelCompiler.Ptx.Text;

namespace ModelCompiler.Ptx.Instructions;

/// <summary>Every instruction that is known.</summary>
internal static class Catalogue
{
    private static readonly Dictionary<string, Func<Decoder, PtxInstruction, Execution>> s_known = new()
    {
        ["add"] = Arithmetic.Binary<Add>,
        ["sub"] = Arithmetic.Binary<Subtract>,
        ["mul"] = Arithmetic.Multiply,
        ["mad"] = Arithmetic.MultiplyAdd,
        ["fma"] = Arithmetic.Fused,
        ["div"] = Arithmetic.Binary<Divide>,
        ["rem"] = Arithmetic.Binary<Remainder>,
        ["min"] = Arithmetic.Binary<Least>,
        ["max"] = Arithmetic.Binary<Greatest>,
        ["neg"] = Arithmetic.Unary<Negate>,
        ["abs"] = Arithmetic.Unary<Absolute>,
        ["rcp"] = Arithmetic.Function(static x => 1 / x),
        ["sqrt"] = Arithmetic.Function(Math.Sqrt),
        ["rsqrt"] = Arithmetic.Function(static x => 1 / Math.Sqrt(x)),
        ["ex2"] = Arithmetic.Function(static x => Math.Pow(2, x)),
        ["lg2"] = Arithmetic.Function(Math.Log2),
        ["sin"] = Arithmetic.Function(Math.Sin),
        ["cos"] = Arithmetic.Function(Math.Cos),
        ["tanh"] = Arithmetic.Function(Math.Tanh),
        ["and"] = Bitwise.Binary(static (a, b) => a & b),
        ["or"] = Bitwise.Binary(static (a, b) => a | b),
        ["xor"] = Bitwise.Binary(static (a, b) => a ^ b),
        ["not"] = Bitwise.Not,
        ["shl"] = Bitwise.ShiftLeft,
        ["shr"] = Bitwise.ShiftRight,
        ["popc"] = Bitwise.PopulationCount,
        ["clz"] = Bitwise.LeadingZeros,
        ["mov"] = Moves.Move,
        ["selp"] = Moves.Select,
        ["setp"] = Comparisons.Set,
        ["cvt"] = Conversions.Convert,
        ["cvta"] = Addresses.Convert,
        ["ld"] = Memory.Load,
        ["ldu"] = Memory.Load,
        ["st"] = Memory.Store,
        ["atom"] = Atomics.Change,
        ["red"] = Atomics.Change,
        ["membar"] = Moves.Nothing,
        ["fence"] = Moves.Nothing,
        ["activemask"] = Exchange.ActiveMask,
        ["shfl"] = Exchange.Shuffle,
        ["vote"] = Exchange.Vote,
        ["redux"] = Exchange.Reduce,
        ["bar"] = Exchange.WarpBarrier,
        ["ldmatrix"] = Matrices.Load,
        ["mma"] = Matrices.Multiply,
        ["cp"] = Copies.Async,
    };

    /// <exception cref="KeyNotFoundException">It is not known.</exception>
    public static Execution Of(Decoder decoder, PtxInstruction instruction) =>
        instruction.Has("ftz") ? Flushing.Around(decoder, instruction, s_known[instruction.Name]) : s_known[instruction.Name](decoder, instruction);

    /// <summary>Of what threads of a warp do together, the register with the mask of those threads, or -1: all; null: each does it alone.</summary>
    public static int? MembersOf(Decoder decoder, PtxInstruction instruction) => instruction.Name switch
    {
        "shfl" or "vote" or "redux" when instruction.Has("sync") => decoder.Source(instruction.Operands[^1], "b32"),
        "bar" when instruction.Has("warp") => decoder.Source(instruction.Operands[0], "b32"),
        "mma" or "ldmatrix" => -1,
        _ => null,
    };
}
