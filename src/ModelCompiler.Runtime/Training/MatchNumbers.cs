namespace ModelCompiler.Runtime.Training;

/// <summary>Numbers that say what belongs together: two samples do where theirs are equal.</summary>
public static class MatchNumbers
{
    private static int s_own = int.MinValue;

    /// <summary>A number of its own for each: nothing belongs together.</summary>
    public static int[] Each(int count)
    {
        var numbers = new int[count];
        for (var i = 0; i < count; i++)
        {
            numbers[i] = i;
        }

        return numbers;
    }

    /// <summary>A number for each that no other batch has either, below 0.</summary>
    public static int[] Own(int count)
    {
        var first = Interlocked.Add(ref s_own, count) - count;
        var numbers = new int[count];
        for (var i = 0; i < count; i++)
        {
            numbers[i] = (first + i) | int.MinValue;
        }

        return numbers;
    }

    /// <summary>What several batches have of something, one behind the other.</summary>
    public static T[] Joined<TBatch, T>(ReadOnlySpan<TBatch> batches, Func<TBatch, T[]> of)
    {
        var count = 0;
        foreach (var batch in batches)
        {
            count += of(batch).Length;
        }

        var (joined, at) = (new T[count], 0);
        foreach (var batch in batches)
        {
            of(batch).CopyTo(joined, at);
            at += of(batch).Length;
        }

        return joined;
    }

    /// <summary>The numbers counted anew, in the order in which they come: floats hold that many exactly, whatever the numbers are.</summary>
    public static float[] Of(int[] numbers)
    {
        var seen = new Dictionary<int, int>(numbers.Length);
        var counted = new float[numbers.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!seen.TryGetValue(numbers[i], out var number))
            {
                seen.Add(numbers[i], number = seen.Count);
            }

            counted[i] = number;
        }

        return counted;
    }

    /// <summary>Labels of which each that is negative is another: what has no class belongs with nothing.</summary>
    public static int[] Labelled(int[] labels)
    {
        var numbers = new int[labels.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            numbers[i] = labels[i] >= 0 ? labels[i] : -1 - i;
        }

        return numbers;
    }

    /// <summary>Samples with whose number another one is.</summary>
    public static long NotAlone(int[] numbers)
    {
        var counts = new Dictionary<int, int>(numbers.Length);
        foreach (var number in numbers)
        {
            counts[number] = counts.GetValueOrDefault(number) + 1;
        }

        return counts.Values.Where(static c => c > 1).Sum(static c => (long)c);
    }

    /// <summary>Each pair needs another one that does not belong to it.</summary>
    /// <exception cref="ArgumentException">There is one pair, or all have one number.</exception>
    public static void RequireOthers(int[] numbers)
    {
        if (!numbers.AsSpan().ContainsAnyExcept(numbers[0]))
        {
            throw new ArgumentException($"{(numbers.Length == 1 ? "A batch of one pair has" : "A batch whose pairs all have one number has")} no picture that is another's, which [ImageTextMatching] shows beside each text: give batches of two pairs or more with different Ids, or set Negatives = HardNegatives.Given and label the pairs yourself.");
        }
    }
}
