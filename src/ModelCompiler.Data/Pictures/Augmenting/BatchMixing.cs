using ModelCompiler.Runtime;

namespace ModelCompiler.Data;

/// <summary>What a batch became: each row keeps a share of itself, and the rest is its partner's.</summary>
/// <param name="Share">0..1: how much of a row is its own.</param>
public sealed record MixedRows(double Share, int Count)
{
    /// <summary>The row whose rest is in a row.</summary>
    public int Partner(int row) => (row + Count - 1) % Count;

    /// <summary>How much of each class is in each row: [count, classes].</summary>
    /// <param name="labels">[count], each below <paramref name="classes"/>.</param>
    public float[] Targets(ReadOnlySpan<int> labels, int classes)
    {
        var targets = new float[Count * classes];
        Write(labels, targets);
        return targets;
    }

    /// <summary>The same into an array that is there: all of it is written.</summary>
    /// <param name="targets">[count, classes].</param>
    public void Write(ReadOnlySpan<int> labels, Span<float> targets)
    {
        if (labels.Length != Count || targets.Length % Count != 0)
            throw new ArgumentException($"{labels.Length} labels into {targets.Length} shares; legal are {Count} labels and a multiple of {Count} shares.", nameof(labels));
        var classes = targets.Length / Count;
        if (labels.IndexOfAnyExceptInRange(0, classes - 1) is var wrong and >= 0)
            throw new ArgumentException($"Label {wrong} is {labels[wrong]}; legal is 0..{classes - 1}.", nameof(labels));
        targets.Clear();
        for (var row = 0; row < Count; row++)
        {
            targets[(row * classes) + labels[row]] += (float)Share;
            targets[(row * classes) + labels[Partner(row)]] += (float)(1 - Share);
        }
    }
}

/// <summary>Rows of a batch mixed with the rows before them. What is drawn is named by (seed, number of the batch).</summary>
public static class BatchMixing
{
    private const uint MixupDomain = 0x4D495855, CutDomain = 0x43555458;

    /// <summary>Every number becomes share x own + (1 - share) x partner's (mixup).</summary>
    /// <param name="alpha">The share is of Beta(alpha, alpha); above 0.</param>
    public static MixedRows Mixup<T>(T batch, ulong seed, long number, double alpha = 0.8) where T : PictureBatch
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(alpha);
        var random = new RandomStream(seed, MixupDomain, (ulong)number);
        var mixed = new MixedRows(random.Beta(alpha), batch.Count);
        var own = (float)mixed.Share;
        WithPartners(batch, mixed, (row, partner) =>
        {
            for (var i = 0; i < row.Length; i++)
                row[i] = (own * row[i]) + ((1 - own) * partner[i]);
        });
        return mixed;
    }

    /// <summary>One box, the same in every row, becomes the partner's (cutmix); the share is what is left.</summary>
    /// <param name="alpha">1 - the box's share of the area is of Beta(alpha, alpha) before the box is cut at the edges; above 0.</param>
    public static MixedRows Cutmix<T>(T batch, ulong seed, long number, double alpha = 1) where T : PictureBatch
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(alpha);
        var random = new RandomStream(seed, CutDomain, (ulong)number);
        var half = Math.Sqrt(1 - random.Beta(alpha)) / 2;
        var (x, y) = ((int)random.Below((uint)batch.Width), (int)random.Below((uint)batch.Height));
        var (left, right) = (Math.Max(0, x - (int)(half * batch.Width)), Math.Min(batch.Width, x + (int)(half * batch.Width)));
        var (top, bottom) = (Math.Max(0, y - (int)(half * batch.Height)), Math.Min(batch.Height, y + (int)(half * batch.Height)));
        var mixed = new MixedRows(1 - ((double)(right - left) * (bottom - top) / (batch.Width * batch.Height)), batch.Count);
        WithPartners(batch, mixed, (row, partner) =>
        {
            for (var line = 0; line < batch.Channels * batch.Height; line++)
            {
                if (line % batch.Height >= top && line % batch.Height < bottom)
                    partner.Slice((line * batch.Width) + left, right - left).CopyTo(row[((line * batch.Width) + left)..]);
            }
        });
        return mixed;
    }

    // From the last row to the first, whose partner is the last as it was.
    private static void WithPartners(PictureBatch batch, MixedRows mixed, Action<Span<float>, ReadOnlySpan<float>> mix)
    {
        var last = batch[batch.Count - 1].ToArray();
        for (var row = batch.Count - 1; row >= 0; row--)
            mix(batch[row], row == 0 ? last : batch[mixed.Partner(row)]);
    }
}
