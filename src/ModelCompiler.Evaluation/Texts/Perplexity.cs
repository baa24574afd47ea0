using System.Numerics;

namespace ModelCompiler.Evaluation;

/// <summary>How well a language model foretells a text: the mean of -ln p over all tokens that count, whatever rows they lie in.</summary>
public sealed class Perplexity
{
    /// <summary>Label of a position that does not count.</summary>
    public const int Ignored = -100;

    /// <summary>Tokens that counted.</summary>
    public long Tokens { get; private set; }

    /// <summary>Sum of -ln p, in nats.</summary>
    public double LossSum { get; private set; }

    /// <summary>Mean of -ln p; not a number before a token counted.</summary>
    public double Loss => LossSum / Tokens;

    /// <summary>e to the <see cref="Loss"/>: among how many equally likely tokens the model seems to guess.</summary>
    public double Value => Math.Exp(Loss);

    public double BitsPerToken => Loss / Math.Log(2);

    /// <summary>Compares models with different vocabularies.</summary>
    /// <param name="bytes">UTF-8 bytes of the text, 1 or more.</param>
    public double BitsPerByte(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        return LossSum / Math.Log(2) / bytes;
    }

    /// <summary>Adds one position.</summary>
    /// <param name="logits">[vocabulary].</param>
    /// <param name="label">The token that came, or <see cref="Ignored"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The label is none of the vocabulary.</exception>
    public void Add<T>(ReadOnlySpan<T> logits, int label)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (label == Ignored)
        {
            return;
        }

        if ((uint)label >= (uint)logits.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(label), label, $"The vocabulary has {logits.Length} tokens; {Ignored} is passed over.");
        }

        var largest = double.NegativeInfinity;
        foreach (var logit in logits)
        {
            largest = Math.Max(largest, double.CreateTruncating(logit));
        }

        var sum = 0.0;
        foreach (var logit in logits)
        {
            sum += Math.Exp(double.CreateTruncating(logit) - largest);
        }

        LossSum += largest + Math.Log(sum) - double.CreateTruncating(logits[label]);
        Tokens++;
    }

    /// <summary>Adds a row of which each position foretells the next one's label: the first label and the last logits are not used.</summary>
    /// <param name="logits">[length, vocabulary].</param>
    /// <param name="labels">[length].</param>
    /// <exception cref="ArgumentException">The logits are no rows for the labels.</exception>
    public void AddShifted<T>(ReadOnlySpan<T> logits, ReadOnlySpan<int> labels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (labels.IsEmpty || logits.IsEmpty || logits.Length % labels.Length != 0)
        {
            throw new ArgumentException($"{logits.Length:N0} logits are no rows for {labels.Length:N0} labels.", nameof(logits));
        }

        var vocabulary = logits.Length / labels.Length;
        for (var t = 0; t + 1 < labels.Length; t++)
        {
            Add(logits.Slice(t * vocabulary, vocabulary), labels[t + 1]);
        }
    }
}
