using System.Runtime.CompilerServices;
using ModelCompiler.Ptx.Decoding;
using ModelCompiler.Ptx.Machine;
using ModelCompiler.Ptx.Text;

namespace ModelCompiler.Ptx.Instructions;

/// <summary>
/// Tensor cores: D = A B + C of small matrices whose elements lie in the registers of a warp's threads, as PTX ISA, "Matrix Fragments for mma.m16n8k*", has it.
/// Products and sums are exact and rounded once, where devices keep fewer bits. Of TF32 operands the lowest 13 bits are not looked at, as on a device.
/// </summary>
internal static class Matrices
{
    private const int Rows = 16, Columns = 8;

    public static Execution Multiply(Decoder decoder, PtxInstruction i)
    {
        var inner = i.Has("m16n8k4") ? 4 : i.Has("m16n8k8") ? 8 : i.Has("m16n8k16") ? 16 : throw new KeyNotFoundException();
        var type = i.Modifiers[^3];
        if (!i.Has("row") || !i.Has("col") || i.Modifiers[^4] != "f32" || i.Modifiers[^1] != "f32" || i.Modifiers[^2] != type)
        {
            throw new KeyNotFoundException();
        }

        var halves = type is "bf16" or "f16" ? 2 : 1;
        Func<uint, int, double> element = type switch
        {
            "tf32" when inner < 16 => static (bits, _) => BitConverter.UInt32BitsToSingle(bits & 0xFFFFE000),
            "bf16" when inner > 4 => static (bits, half) => BitConverter.UInt32BitsToSingle(half == 0 ? bits << 16 : bits & 0xFFFF0000),
            "f16" when inner > 4 => static (bits, half) => (double)BitConverter.UInt16BitsToHalf((ushort)(bits >> (16 * half))),
            _ => throw new KeyNotFoundException(),
        };
        int[] d = Registers(i.Operands[0], decoder.Destination), a = Registers(i.Operands[1], Source), b = Registers(i.Operands[2], Source), c = Registers(i.Operands[3], Source);
        if (d.Length != 4 || c.Length != 4 || a.Length * 32 * halves != Rows * inner || b.Length * 32 * halves != Columns * inner)
        {
            throw new KeyNotFoundException();
        }

        return w =>
        {
            var (matrixA, matrixB) = (new double[Rows, inner], new double[inner, Columns]);
            for (var lane = 0; lane < Warp.Size; lane++)
            {
                var (group, number) = (lane >> 2, lane & 3);
                for (var k = 0; k < a.Length; k++)
                {
                    for (var half = 0; half < halves; half++)
                    {
                        matrixA[group + (8 * (k & 1)), Inner(number, k >> 1, half)] = element(w.At<uint>(a[k], lane), half);
                    }
                }

                for (var k = 0; k < b.Length; k++)
                {
                    for (var half = 0; half < halves; half++)
                    {
                        matrixB[Inner(number, k, half), group] = element(w.At<uint>(b[k], lane), half);
                    }
                }
            }

            for (var lane = 0; lane < Warp.Size; lane++)
            {
                for (var k = 0; k < 4; k++)
                {
                    var (row, column) = ((lane >> 2) + (8 * (k >> 1)), (2 * (lane & 3)) + (k & 1));
                    double sum = w.At<float>(c[k], lane);
                    for (var n = 0; n < inner; n++)
                    {
                        sum += matrixA[row, n] * matrixB[n, column];
                    }

                    w.At<ulong>(d[k], lane) = BitConverter.SingleToUInt32Bits((float)sum);
                }
            }
        };

        int Source(PtxOperand operand) => decoder.Source(operand, "b32");

        // Four threads share a row of the inner dimension, each with one element, or with two neighbours in one register.
        int Inner(int number, int register, int half) => (4 * halves * register) + (halves * number) + half;
    }

    /// <summary>PTX ISA, "ldmatrix": threads 8 m to 8 m + 7 give the addresses of the rows of matrix m, and each gets two neighbours of each matrix.</summary>
    public static Execution Load(Decoder decoder, PtxInstruction i)
    {
        if (!i.Has("m8n8") || i.Type != "b16" || Addresses.SpaceOf(i) != PtxSpace.Shared)
        {
            throw new KeyNotFoundException();
        }

        var to = Registers(i.Operands[0], decoder.Destination);
        var address = (PtxAddress)i.Operands[1];
        var (at, offset, isTransposed) = (decoder.Source(address.Base, "u64"), (ulong)address.Offset, i.Has("trans"));
        return w =>
        {
            for (var matrix = 0; matrix < to.Length; matrix++)
            {
                var elements = new ushort[8, 8];
                for (var row = 0; row < 8; row++)
                {
                    var lane = (8 * matrix) + row;
                    ref var place = ref Addresses.Locate(w, lane, PtxSpace.Shared, w.At<ulong>(at, lane) + offset, 16, isWritten: false);
                    for (var column = 0; column < 8; column++)
                    {
                        elements[row, column] = Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref place, 2 * column));
                    }
                }

                for (var lane = 0; lane < Warp.Size; lane++)
                {
                    var (row, column) = (lane >> 2, 2 * (lane & 3));
                    var (low, high) = isTransposed ? (elements[column, row], elements[column + 1, row]) : (elements[row, column], elements[row, column + 1]);
                    w.At<ulong>(to[matrix], lane) = low | ((uint)high << 16);
                }
            }
        };
    }

    private static int[] Registers(PtxOperand operand, Func<PtxOperand, int> number) => operand is PtxVector v ? [.. v.Elements.Select(number)] : [number(operand)];
}
