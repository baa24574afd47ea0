namespace ModelCompiler.Runtime;

/// <summary>Rows of token ids [count, length]. Emitted models derive their own type from it. What is derived from them is computed anew at each call, into the same arrays.</summary>
public abstract class TokenBatch
{
    private readonly int _vocabulary;
    private int[]? _positions, _segments, _last, _said, _next;
    private float[]? _weights, _counts;

    /// <param name="prefix">First tokens of a row that stand for something else than text.</param>
    /// <exception cref="ArgumentOutOfRangeException">No rows, no tokens behind the prefix, or more than <paramref name="maxLength"/>.</exception>
    protected TokenBatch(int count, int length, int vocabulary, int maxLength, int prefix = 0)
    {
        if (count < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, $"A batch has 1 row or more, each of {prefix + 1} to {maxLength} tokens, the Context of the model.");
        }

        if (length <= prefix || length > maxLength)
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, $"A row has {prefix + 1} to {maxLength} tokens, the Context of the model{(prefix > 0 ? $", of which the first {prefix} stand for the picture" : "")}.");
        }

        (Count, Length, Prefix, _vocabulary) = (count, length, prefix, vocabulary);
        Ids = new int[checked(count * length)];
        Mask = new int[Ids.Length];
        Array.Fill(Mask, 1);
    }

    public int Count { get; }

    public int Length { get; }

    /// <summary>First tokens of a row that stand for something else than text: their ids are not read, and their mask stays 1.</summary>
    public int Prefix { get; }

    /// <summary>[count, length], zeros at first.</summary>
    public int[] Ids { get; }

    /// <summary>[count, length]: 1 for tokens, 0 for padding; ones at first.</summary>
    public int[] Mask { get; }

    /// <summary>[count, length]: rows of the position table; null: numbered from the start, see <see cref="PositionsOrDefault"/>.</summary>
    public int[]? Positions { get; set; }

    /// <summary>[count, length]: rows of the segment table; null: all 0.</summary>
    public int[]? Segments { get; set; }

    /// <exception cref="ArgumentException">An id outside of the vocabulary, or a mask that is not 0 or 1, hides a token of the prefix, or leaves nothing of a row.</exception>
    public void Check()
    {
        RequireBelow(Ids, _vocabulary, "Ids");
        RequireBelow(Mask, 2, "Mask");
        for (var row = 0; row < Count; row++)
        {
            var mask = Mask.AsSpan(row * Length, Length);
            if (mask[..Prefix].Contains(0))
            {
                throw new ArgumentException($"Mask hides a token of the picture in row {row}: the first {Prefix} of a row are 1.");
            }

            if (!mask.Contains(1))
            {
                throw new ArgumentException($"Mask hides all {Length} tokens of row {row}: a row has one or more; leave empty rows out of the batch.");
            }
        }
    }

    /// <summary>[count, length]: targets that count from the last of the first <see cref="Prefix"/> tokens on, which predicts the first token of the text: -1 before it, then 0.</summary>
    public int[] NewTargets()
    {
        var targets = new int[Ids.Length];
        for (var row = 0; row < Count && Prefix > 0; row++)
        {
            targets.AsSpan(row * Length, Prefix - 1).Fill(-1);
        }

        return targets;
    }

    /// <summary>The first token of a row stands for the whole.</summary>
    /// <exception cref="ArgumentException">The mask hides one.</exception>
    public void CheckFirst()
    {
        for (var row = 0; row < Count; row++)
        {
            if (Mask[row * Length] == 0)
            {
                throw new ArgumentException($"Mask hides the first token of row {row}, which stands for the whole text: put padding behind it.");
            }
        }
    }

    /// <summary>[count, length]: the ids with another one in the place of the first.</summary>
    public int[] IdsFrom(int first)
    {
        var ids = _said ??= new int[Ids.Length];
        Ids.CopyTo(ids, 0);
        for (var row = 0; row < Count; row++)
        {
            ids[row * Length] = first;
        }

        return ids;
    }

    /// <summary>[count, length]: the id behind each; -1 where none is, or padding.</summary>
    public int[] NextTokens()
    {
        var next = _next ??= new int[Ids.Length];
        for (var i = 0; i < next.Length; i++)
        {
            next[i] = i % Length == Length - 1 || Mask[i + 1] == 0 ? -1 : Ids[i + 1];
        }

        return next;
    }

    /// <summary>
    /// The positions that were set, or token numbers. With an offset tokens are counted without padding from <paramref name="offset"/>
    /// on, and padding gets row offset - 1: where <see cref="Mask"/> is 0 (OPT), or tokens of an id (RoBERTa).
    /// </summary>
    /// <param name="rows">Rows of the table.</param>
    public int[] PositionsOrDefault(int offset, int rows, bool byMask, int paddingToken = -1)
    {
        var positions = Positions ?? Counted(offset, byMask ? Mask : Ids, byMask ? 0 : paddingToken);
        RequireLength(positions, "Positions");
        RequireBelow(positions, rows, "Positions");
        return positions;
    }

    /// <summary>The segments that were set, or zeros.</summary>
    public int[] CheckedSegments(int segments)
    {
        var values = Segments ?? (_segments ??= new int[Ids.Length]);
        RequireLength(values, "Segments");
        RequireBelow(values, segments, "Segments");
        return values;
    }

    /// <summary>[count]: number of each row's last token that is not padding: by the mask, and by the padding token where there is one.</summary>
    public int[] LastTokens(int paddingToken)
    {
        var last = _last ??= new int[Count];
        for (var row = 0; row < Count; row++)
        {
            last[row] = 0;
            for (var t = 0; t < Length; t++)
            {
                var at = (row * Length) + t;
                last[row] = Mask[at] != 0 && Ids[at] != paddingToken ? t : last[row];
            }
        }

        return last;
    }

    /// <summary>[count]: number of each row's last token, padding or not.</summary>
    public int[] FinalTokens()
    {
        var last = _last ??= new int[Count];
        Array.Fill(last, Length - 1);
        return last;
    }

    /// <summary>[count]: number of each row's first token of an id; 0 where there is none.</summary>
    public int[] FirstTokens(int id)
    {
        var first = _last ??= new int[Count];
        for (var row = 0; row < Count; row++)
        {
            first[row] = Math.Max(0, Ids.AsSpan(row * Length, Length).IndexOf(id));
        }

        return first;
    }

    /// <summary>[count]: number of each row's first token of the greatest id in it.</summary>
    public int[] HighestTokens()
    {
        var highest = _last ??= new int[Count];
        for (var row = 0; row < Count; row++)
        {
            var ids = Ids.AsSpan(row * Length, Length);
            highest[row] = 0;
            for (var t = 1; t < Length; t++)
            {
                highest[row] = ids[t] > ids[highest[row]] ? t : highest[row];
            }
        }

        return highest;
    }

    /// <summary>[count, length]: the mask as floats.</summary>
    public float[] Weights()
    {
        var weights = _weights ??= new float[Mask.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = Mask[i];
        }

        return weights;
    }

    /// <summary>[count]: tokens of each row that count, at least 1.</summary>
    public float[] Counts()
    {
        var counts = _counts ??= new float[Count];
        for (var row = 0; row < Count; row++)
        {
            counts[row] = Math.Max(1, Mask.AsSpan(row * Length, Length).Count(1));
        }

        return counts;
    }

    private int[] Counted(int offset, int[] values, int padding)
    {
        var positions = _positions ??= new int[Ids.Length];
        for (var row = 0; row < Count; row++)
        {
            var next = offset;
            for (var t = 0; t < Length; t++)
            {
                var at = (row * Length) + t;
                positions[at] = offset > 0 && values[at] == padding ? offset - 1 : next++;
            }
        }

        return positions;
    }

    private void RequireLength(int[] values, string name)
    {
        if (values.Length != Ids.Length)
        {
            throw new ArgumentException($"{name} has {values.Length} values; {Count} rows of {Length} tokens take {Ids.Length}.");
        }
    }

    private void RequireBelow(int[] values, int limit, string name)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if ((uint)values[i] >= (uint)limit)
            {
                throw new ArgumentException($"{name}[{i / Length}, {i % Length}] is {values[i]}; legal are 0 to {limit - 1}.");
            }
        }
    }
}
