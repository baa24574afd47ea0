using System.Runtime.CompilerServices;
using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>
/// What attention by tiles of 64 tokens is made of: 64 threads, each with 8 x 8 numbers of a tile. Thread 8 y + x has rows 4 y to 4 y + 3 and 32 further on,
/// and columns by x alike.
/// </summary>
internal static class AttentionTile
{
    /// <summary>Tokens of a tile, and threads of a group.</summary>
    public const int Size = 64;

    /// <summary>Quads of a row of a tile in group memory: one more than it has, against conflicts of banks.</summary>
    public const int Stride = 17;

    /// <summary>Quads of a slice of 8 steps.</summary>
    public const int Slice = 8 * Stride;

    /// <summary>Quads of a whole tile.</summary>
    public const int Whole = Size * Stride;

    /// <summary>Row of a tile of a thread's number, 0 to 7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Row(int y, int number) => number < 4 ? (4 * y) + number : 28 + (4 * y) + number;

    /// <summary>X Y^T: sums over the head's width of products of tokens of two tensors.</summary>
    /// <param name="slices">Group memory for two slices.</param>
    /// <param name="x">Where the first token of the rows lies.</param>
    /// <param name="y">Where the first token of the columns lies.</param>
    /// <param name="countX">Tokens of the rows that there are; the others count as zeros.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Sums Products(ArrayView<Quad> slices, int thread, int width, ArrayView<float> tensorX, int x, int strideX, int countX, ArrayView<float> tensorY, int y, int strideY, int countY)
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
    public static Sums Combine(ArrayView<Quad> tile, ArrayView<Quad> slices, int thread, ArrayView<float> tensorZ, int z, int strideZ, int countZ, int columns, Sums sums)
    {
        var floats = slices.Cast<float>();
        for (var first = 0; first < countZ; first += 8)
        {
            for (var k = 0; k < 8; k++)
            {
                floats[(4 * k * Stride) + thread] = first + k < countZ && thread < columns ? tensorZ[z + ((first + k) * strideZ) + thread] : 0f;
            }

            Group.Barrier();
            sums = Multiply(tile, first * Stride, slices, 0, thread, sums);
            Group.Barrier();
        }

        return sums;
    }

    /// <summary>Reads a thread's part of a row of the result, times a factor; what is outside counts as zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Eight Read(ArrayView<float> tensor, int at, bool isInside, int thread, int columns, float factor)
    {
        var left = 4 * (thread % 8);
        return Eight.Of(ReadQuad(tensor, at, isInside, left, columns, factor), ReadQuad(tensor, at, isInside, left + 32, columns, factor));
    }

    /// <summary>Writes a thread's part of a row of the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(ArrayView<float> tensor, int at, bool isInside, int thread, int columns, Eight e)
    {
        var left = 4 * (thread % 8);
        WriteQuad(tensor, at, isInside, left, columns, e.A, e.B, e.C, e.D);
        WriteQuad(tensor, at, isInside, left + 32, columns, e.E, e.F, e.G, e.H);
    }

    /// <summary>Puts a thread's part of a row into group memory, column by column: as <see cref="Combine"/> reads it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(ArrayView<Quad> tile, int row, int thread, Eight e)
    {
        var floats = tile.Cast<float>();
        var left = (4 * (thread % 8) * 4 * Stride) + row;
        var right = left + (32 * 4 * Stride);
        floats[left + (0 * 4 * Stride)] = e.A;
        floats[left + (1 * 4 * Stride)] = e.B;
        floats[left + (2 * 4 * Stride)] = e.C;
        floats[left + (3 * 4 * Stride)] = e.D;
        floats[right + (0 * 4 * Stride)] = e.E;
        floats[right + (1 * 4 * Stride)] = e.F;
        floats[right + (2 * 4 * Stride)] = e.G;
        floats[right + (3 * 4 * Stride)] = e.H;
    }

    /// <summary>A thread's columns of 64 numbers in group memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Eight Columns(ArrayView<float> numbers, int thread)
    {
        var left = 4 * (thread % 8);
        var right = left + 32;
        Eight e;
        e.A = numbers[left];
        e.B = numbers[left + 1];
        e.C = numbers[left + 2];
        e.D = numbers[left + 3];
        e.E = numbers[right];
        e.F = numbers[right + 1];
        e.G = numbers[right + 2];
        e.H = numbers[right + 3];
        return e;
    }

    /// <summary>For each of a thread's rows the sum over the eight threads that share it, in one order, or the greatest number.</summary>
    /// <param name="exchange">Group memory of 64 x 9 floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Eight Across(ArrayView<float> exchange, int thread, Eight values, bool isLargest)
    {
        var (y, x) = (thread >> 3, thread % 8);
        exchange[(Row(y, 0) * 9) + x] = values.A;
        exchange[(Row(y, 1) * 9) + x] = values.B;
        exchange[(Row(y, 2) * 9) + x] = values.C;
        exchange[(Row(y, 3) * 9) + x] = values.D;
        exchange[(Row(y, 4) * 9) + x] = values.E;
        exchange[(Row(y, 5) * 9) + x] = values.F;
        exchange[(Row(y, 6) * 9) + x] = values.G;
        exchange[(Row(y, 7) * 9) + x] = values.H;
        Group.Barrier();
        values.A = Fold(exchange, Row(y, 0) * 9, isLargest);
        values.B = Fold(exchange, Row(y, 1) * 9, isLargest);
        values.C = Fold(exchange, Row(y, 2) * 9, isLargest);
        values.D = Fold(exchange, Row(y, 3) * 9, isLargest);
        values.E = Fold(exchange, Row(y, 4) * 9, isLargest);
        values.F = Fold(exchange, Row(y, 5) * 9, isLargest);
        values.G = Fold(exchange, Row(y, 6) * 9, isLargest);
        values.H = Fold(exchange, Row(y, 7) * 9, isLargest);
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
    private static void StoreColumns(ArrayView<float> slices, int to, int thread, ArrayView<float> tensor, int at, int stride, int count, int first, int width)
    {
        var column = thread % 8;
        for (var token = thread >> 3; token < Size; token += 8)
        {
            slices[to + (column * 4 * Stride) + token] = token < count && first + column < width ? tensor[at + (token * stride) + first + column] : 0f;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Sums Multiply(ArrayView<Quad> rows, int atRows, ArrayView<Quad> columns, int atColumns, int thread, Sums sums)
    {
        var (a, b) = (atRows + (thread >> 3), atColumns + (thread % 8));
        for (var k = 0; k < 8; k++)
        {
            sums = Sums.MultiplyAdd(rows[a], rows[a + 8], Eight.Of(columns[b], columns[b + 8]), sums);
            a += Stride;
            b += Stride;
        }

        return sums;
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
