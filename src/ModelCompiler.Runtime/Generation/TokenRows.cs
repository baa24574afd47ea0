namespace ModelCompiler.Runtime.Generation;

/// <summary>Rows of equal length that grow by a token at a time, in one array.</summary>
internal sealed class TokenRows(int count, int room)
{
    private int[] _ids = new int[count * room];
    private int[] _before = new int[count * room];

    public int Count => count;

    public int Length { get; private set; }

    public ReadOnlySpan<int> this[int row] => _ids.AsSpan(row * room, Length);

    /// <summary>Begins with prompts, each copied.</summary>
    public void Begin(Prompts prompts, int copies)
    {
        Length = prompts.Length;
        for (var row = 0; row < count; row++)
        {
            prompts.Ids.AsSpan(row / copies * Length, Length).CopyTo(_ids.AsSpan(row * room));
        }
    }

    /// <summary>Row r becomes row parents[r] with a token behind it.</summary>
    public void Advance(ReadOnlySpan<int> parents, ReadOnlySpan<int> tokens)
    {
        for (var row = 0; row < count; row++)
        {
            _ids.AsSpan(parents[row] * room, Length).CopyTo(_before.AsSpan(row * room));
            _before[(row * room) + Length] = tokens[row];
        }

        (_ids, _before) = (_before, _ids);
        Length++;
    }
}
