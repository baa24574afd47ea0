using System.Numerics.Tensors;

namespace ModelCompiler.Evaluation;

/// <summary>Retrieval both ways between two sets of which the second may have several members for one of the first, such as pictures and their captions.</summary>
/// <param name="FirstToSecond">Rank of the best own caption of each picture.</param>
/// <param name="SecondToFirst">Rank of the picture of each caption.</param>
public sealed record RetrievalMetrics(RankMetrics FirstToSecond, RankMetrics SecondToFirst)
{
    // Rows of one set that meet all of the other at a time: a task, whose features stay in a core's cache.
    private const int Block = 64;

    /// <summary>Ranks from features, whose scores are dot products. Scores are made block by block and never kept: memory does not grow with the number of pairs.</summary>
    /// <param name="first">[count, width], row after row.</param>
    /// <param name="second">[captions, width].</param>
    /// <param name="width">Numbers in a vector.</param>
    /// <param name="firstOfSecond">For each caption the number of its picture. Each picture has at least one.</param>
    /// <exception cref="ArgumentException">Sizes do not fit, a number is none of a picture, a picture has no caption, or a score is not a number.</exception>
    public static RetrievalMetrics OfFeatures(ReadOnlyMemory<float> first, ReadOnlyMemory<float> second, int width, ReadOnlySpan<int> firstOfSecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (first.Length % width != 0 || second.Length != (long)firstOfSecond.Length * width)
        {
            throw new ArgumentException($"{first.Length:N0} and {second.Length:N0} numbers are no rows of {width}, {firstOfSecond.Length:N0} in the second set.");
        }

        return Of(first.Length / width, firstOfSecond.ToArray(),
            (i, j) => TensorPrimitives.Dot(first.Span.Slice(i * width, width), second.Span.Slice(j * width, width)));
    }

    /// <summary>Ranks from scores that are there.</summary>
    /// <param name="scores">[pictures, captions], row after row.</param>
    /// <param name="firstOfSecond">For each caption the number of its picture.</param>
    /// <exception cref="ArgumentException">As above.</exception>
    public static RetrievalMetrics OfScores(ReadOnlyMemory<float> scores, ReadOnlySpan<int> firstOfSecond)
    {
        var columns = firstOfSecond.Length;
        if (columns == 0 || scores.Length % columns != 0)
        {
            throw new ArgumentException($"{scores.Length:N0} scores are no rows of {columns}.", nameof(scores));
        }

        return Of(scores.Length / columns, firstOfSecond.ToArray(), (i, j) => scores.Span[(i * columns) + j]);
    }

    private static RetrievalMetrics Of(int count, int[] firstOfSecond, Func<int, int, float> score)
    {
        var best = new float[count];
        Array.Fill(best, float.NegativeInfinity);
        var own = new float[firstOfSecond.Length];
        var has = new bool[count];
        for (var j = 0; j < own.Length; j++)
        {
            var i = firstOfSecond[j];
            if ((uint)i >= (uint)count)
            {
                throw new ArgumentException($"Member {j} belongs to {i}; there are {count}.", nameof(firstOfSecond));
            }

            own[j] = score(i, j);
            best[i] = Math.Max(best[i], own[j]);
            has[i] = true;
        }

        if (Array.IndexOf(has, false) is >= 0 and var without)
        {
            throw new ArgumentException($"Nothing in the second set belongs to {without} of the first.", nameof(firstOfSecond));
        }

        // Counts are whole numbers: the order in which threads add them is of no account.
        var (rows, columns, hasOther) = (new int[count], new int[own.Length], false);
        Parallel.For(0, (count + Block - 1) / Block, block =>
        {
            var isNumber = true;
            for (var j = 0; j < own.Length; j++)
            {
                var above = 0;
                for (var i = block * Block; i < Math.Min(count, (block + 1) * Block); i++)
                {
                    var s = score(i, j);
                    isNumber &= !float.IsNaN(s);
                    rows[i] += s > best[i] ? 1 : 0;
                    above += s > own[j] ? 1 : 0;
                }

                Interlocked.Add(ref columns[j], above);
            }

            if (!isNumber)
            {
                Volatile.Write(ref hasOther, true);
            }
        });
        if (hasOther)
        {
            throw new ArgumentException("A score is not a number.");
        }

        return new(new RankMetrics(rows), new RankMetrics(columns));
    }
}
