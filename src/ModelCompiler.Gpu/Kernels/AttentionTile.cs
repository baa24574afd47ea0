using System.Runtime.CompilerServices;
using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>
/// What attention by tiles of 64 tokens is made of: 128 threads, each with 4 x 8 numbers of a tile, for twice as many do not fit the registers of a thread.
/// Thread 8 y + x has rows 4 y to 4 y + 3, and columns 4 x to 4 x + 3 and 32 further on.
/// </summary>
internal static class AttentionTile
{
    /// <summary>Tokens of a tile, and their logarithm.</summary>
    public const int Size = 1 << Bits, Bits = 6;

    /// <summary>Threads of a group.</summary>
    public const int Threads = 128;

    /// <summary>Quads of a row of a tile in group memory: one more than it has, against conflicts of banks.</summary>
    public const int Stride = 17;

    /// <summary>Quads of a slice of 8 steps.</summary>
    public const int Slice = 8 * Stride;

    /// <summary>Quads of a whole tile.</summary>
    public const int Whole = Size * Stride;

    /// <summary>First row of a thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Row(int thread) => 4 * (thread >> 3);

    /// <summary>Where a thread's rows of its first column lie in a tile in group memory; the next column is <see cref="Stride"/> further on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int At(int thread) => (4 * (thread % 8) * Stride) + (thread >> 3);

    /// <summary>X Y^T: sums over the head's width of products of tokens of two tensors.</summary>
    /// <param name="slices">Group memory for two slices.</param>
    /// <param name="x">Where the first token of the rows lies.</param>
    /// <param name="y">Where the first token of the columns lies.</param>
    /// <param name="countX">Tokens of the rows that there are; the others count as zeros.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Sums Products<M>(ArrayView<Quad> slices, int thread, int width, M tensorX, int x, int strideX, int countX, M tensorY, int y, int strideY, int countY)
        where M : struct, IMatrix
    {
        Sums sums = default;
        var floats = slices.Cast<float>();
        for (var first = 0; first < width; first += 8)
        {
            StoreColumns(floats, 0, thread, tensorX, x, strideX, countX, first, width);
            StoreColumns(floats, 4 * Slice, thread, tensorY, y, strideY, countY, first, width);
            Group.Barrier();
            sums = Multiply(slices, 0, slices, Slice, thread, sums);
            Group.Barrier();
        }

        return sums;
    }

    /// <summary>Adds P Z to a thread's sums: P [64 rows, 64 tokens] lies in group memory, token by token; of the tokens of Z a part of the width.</summary>
    /// <param name="slices">Group memory for a slice.</param>
    /// <param name="z">Where the first token lies, the part's first column added.</param>
    /// <param name="columns">Columns of the part that there are.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Sums Combine<M>(ArrayView<Quad> tile, ArrayView<Quad> slices, int thread, M tensorZ, int z, int strideZ, int countZ, int columns, Sums sums)
        where M : struct, IMatrix
    {
        var floats = slices.Cast<float>();
        for (var first = 0; first < countZ; first += 8)
        {
            var column = thread % Size;
            for (var k = thread >> 6; k < 8; k += Threads / Size)
            {
                floats[(4 * k * Stride) + column] = first + k < countZ && column < columns ? tensorZ.Load(z + ((first + k) * strideZ) + column) : 0f;
            }

            Group.Barrier();
            sums = Multiply(tile, first * Stride, slices, 0, thread, sums);
            Group.Barrier();
        }

        return sums;
    }

    /// <summary>Reads a thread's part of the result, each row times a factor; what is outside counts as zeros.</summary>
    /// <param name="at">Where the tile's first row lies, the part's first column added.</param>
    /// <param name="count">Rows that there are.</param>
    /// <param name="columns">Columns of the part that there are.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Sums Read(ArrayView<float> tensor, int at, int stride, int count, int columns, int thread, Quad factors)
    {
        var row = Row(thread);
        at += row * stride;
        Sums sums;
        sums.R0 = ReadRow(tensor, at, row < count, thread, columns, factors.A);
        sums.R1 = ReadRow(tensor, at + stride, row + 1 < count, thread, columns, factors.B);
        sums.R2 = ReadRow(tensor, at + (2 * stride), row + 2 < count, thread, columns, factors.C);
        sums.R3 = ReadRow(tensor, at + (3 * stride), row + 3 < count, thread, columns, factors.D);
        return sums;
    }

    /// <summary>Writes a thread's part of the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(ArrayView<float> tensor, int at, int stride, int count, int columns, int thread, Sums sums)
    {
        var row = Row(thread);
        at += row * stride;
        WriteRow(tensor, at, row < count, thread, columns, sums.R0);
        WriteRow(tensor, at + stride, row + 1 < count, thread, columns, sums.R1);
        WriteRow(tensor, at + (2 * stride), row + 2 < count, thread, columns, sums.R2);
        WriteRow(tensor, at + (3 * stride), row + 3 < count, thread, columns, sums.R3);
    }

    /// <summary>Puts a thread's part of a tile into group memory, column by column: as <see cref="Combine"/> reads it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(ArrayView<Quad> tile, int thread, Sums sums)
    {
        var left = At(thread);
        var right = left + (32 * Stride);
        tile[left] = new Quad { A = sums.R0.A, B = sums.R1.A, C = sums.R2.A, D = sums.R3.A };
        tile[left + Stride] = new Quad { A = sums.R0.B, B = sums.R1.B, C = sums.R2.B, D = sums.R3.B };
        tile[left + (2 * Stride)] = new Quad { A = sums.R0.C, B = sums.R1.C, C = sums.R2.C, D = sums.R3.C };
        tile[left + (3 * Stride)] = new Quad { A = sums.R0.D, B = sums.R1.D, C = sums.R2.D, D = sums.R3.D };
        tile[right] = new Quad { A = sums.R0.E, B = sums.R1.E, C = sums.R2.E, D = sums.R3.E };
        tile[right + Stride] = new Quad { A = sums.R0.F, B = sums.R1.F, C = sums.R2.F, D = sums.R3.F };
        tile[right + (2 * Stride)] = new Quad { A = sums.R0.G, B = sums.R1.G, C = sums.R2.G, D = sums.R3.G };
        tile[right + (3 * Stride)] = new Quad { A = sums.R0.H, B = sums.R1.H, C = sums.R2.H, D = sums.R3.H };
    }

    /// <summary>A thread's columns of 64 numbers in group memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Eight Columns(ArrayView<Quad> numbers, int thread) => Eight.Of(numbers[thread % 8], numbers[(thread % 8) + 8]);

    /// <summary>For each of a thread's rows the sum over the eight threads that share it, in one order, or the greatest number.</summary>
    /// <param name="exchange">Group memory of 64 x 9 floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad Across(ArrayView<float> exchange, int thread, Quad values, bool isLargest)
    {
        var (at, x) = (Row(thread) * 9, thread % 8);
        exchange[at + x] = values.A;
        exchange[at + 9 + x] = values.B;
        exchange[at + 18 + x] = values.C;
        exchange[at + 27 + x] = values.D;
        Group.Barrier();
        values.A = Fold(exchange, at, isLargest);
        values.B = Fold(exchange, at + 9, isLargest);
        values.C = Fold(exchange, at + 18, isLargest);
        values.D = Fold(exchange, at + 27, isLargest);
        Group.Barrier();
        return values;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Fold(ArrayView<float> exchange, int at, bool isLargest)
    {
        var value = exchange[at];
        for (var x = 1; x < 8; x++)
        {
            value = isLargest ? DeviceMath.Max(exchange[at + x], value) : value + exchange[at + x];
        }

        return value;
    }

    // Eight columns of 64 tokens, transposed: neighbouring threads read neighbouring columns.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreColumns<M>(ArrayView<float> slices, int to, int thread, M tensor, int at, int stride, int count, int first, int width)
        where M : struct, IMatrix
    {
        var column = thread % 8;
        for (var token = thread >> 3; token < Size; token += Threads >> 3)
        {
            slices[to + (column * 4 * Stride) + token] = token < count && first + column < width ? tensor.Load(at + (token * stride) + first + column) : 0f;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Sums Multiply(ArrayView<Quad> rows, int atRows, ArrayView<Quad> columns, int atColumns, int thread, Sums sums)
    {
        var (a, b) = (atRows + (thread >> 3), atColumns + (thread % 8));
        for (var k = 0; k < 8; k++)
        {
            sums = Sums.MultiplyAdd(rows[a], Eight.Of(columns[b], columns[b + 8]), sums);
            a += Stride;
            b += Stride;
        }

        return sums;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Eight ReadRow(ArrayView<float> tensor, int at, bool isInside, int thread, int columns, float factor)
    {
        var left = 4 * (thread % 8);
        return Eight.Of(ReadQuad(tensor, at, isInside, left, columns, factor), ReadQuad(tensor, at, isInside, left + 32, columns, factor));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteRow(ArrayView<float> tensor, int at, bool isInside, int thread, int columns, Eight e)
    {
        var left = 4 * (thread % 8);
        WriteQuad(tensor, at, isInside, left, columns, e.A, e.B, e.C, e.D);
        WriteQuad(tensor, at, isInside, left + 32, columns, e.E, e.F, e.G, e.H);
    }

    // A column that is not there is read at the quad's first: no element that another thread writes is ever touched.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad ReadQuad(ArrayView<float> tensor, int at, bool isInside, int first, int columns, float factor)
    {
        Quad quad = default;
        if (isInside && first < columns)
        {
            quad.A = factor * tensor[at + first];
            quad.B = factor * tensor[at + (first + 1 < columns ? first + 1 : first)];
            quad.C = factor * tensor[at + (first + 2 < columns ? first + 2 : first)];
            quad.D = factor * tensor[at + (first + 3 < columns ? first + 3 : first)];
        }

        return quad;
    }

    // The quad's last columns first: where they are not there the first column's value is written over theirs.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteQuad(ArrayView<float> tensor, int at, bool isInside, int first, int columns, float a, float b, float c, float d)
    {
        if (isInside && first < columns)
        {
            tensor[at + (first + 3 < columns ? first + 3 : first)] = d;
            tensor[at + (first + 2 < columns ? first + 2 : first)] = c;
            tensor[at + (first + 1 < columns ? first + 1 : first)] = b;
            tensor[at + first] = a;
        }
    }
}
