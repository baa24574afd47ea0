using System.Runtime.CompilerServices;

namespace ModelCompiler.Gpu;

/// <summary>
/// Work on every element of a matrix: a group has a piece of a row, and a thread three of its columns, which it reads before it writes any: a device that waits
/// for one element at a time waits most of the time.
/// </summary>
internal static class Threes
{
    /// <summary>Columns of a piece, where groups have as many threads as they can.</summary>
    public const int Columns = 3 * Groups.Size;

    /// <summary>Pieces of a row.</summary>
    public static int Pieces(int columns) => (columns + Columns - 1) / Columns;

    /// <summary>Groups for so many rows, within what a launch may have; they go round.</summary>
    public static int GroupsFor(int rows, int columns, int most) => (int)Math.Min((long)rows * Pieces(columns), most);

    /// <summary>Whether the thread has three columns, and does not go through the piece one by one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreWhole(int left, int columns, int threads) => threads == Groups.Size && left + Columns <= columns;
}
