namespace ModelCompiler.Data;

/// <summary>What rows are filled up with.</summary>
/// <param name="Length">Rows that are shorter are filled up to it.</param>
internal readonly record struct RowPadding(int Length, TokenSide Side, int Id, string Token, int Segment)
{
    public static RowPadding None => new(0, TokenSide.Right, 0, "", 0);

    public void Fill(EncodedText row, int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            row.Set(i, Id, Token, default, Segment, null);
            row.Mask[i] = 0;
        }
    }
}
