namespace ModelCompiler.Runtime.Training;

/// <summary>How many targets count in each loss: a mean over several batches divides by their sum.</summary>
public readonly struct TargetCounts(long labels = 0, long teacherLabels = 0, long targets = 0, long nextSentence = 0, long hiddenTarget = 0, long pooledTarget = 0, long pairs = 0, long probabilities = 0, long teacherLogits = 0, long matched = 0)
{
    // Sums of shares that were stored in 16 bits are off by so much.
    private const double MostRounding = 0.01;

    public static TargetCounts None => default;

    public long Labels => labels;

    public long TeacherLabels => teacherLabels;

    public long Targets => targets;

    public long NextSentence => nextSentence;

    public long HiddenTarget => hiddenTarget;

    public long PooledTarget => pooledTarget;

    public long Pairs => pairs;

    /// <summary>Samples that have a distribution over classes.</summary>
    public long Probabilities => probabilities;

    /// <summary>Samples that have a teacher's logits.</summary>
    public long TeacherLogits => teacherLogits;

    /// <summary>Samples with whose label another one is.</summary>
    public long Matched => matched;

    public static TargetCounts operator +(TargetCounts a, TargetCounts b) =>
        new(a.Labels + b.Labels, a.TeacherLabels + b.TeacherLabels, a.Targets + b.Targets, a.NextSentence + b.NextSentence, a.HiddenTarget + b.HiddenTarget, a.PooledTarget + b.PooledTarget, a.Pairs + b.Pairs, a.Probabilities + b.Probabilities, a.TeacherLogits + b.TeacherLogits, a.Matched + b.Matched);

    /// <summary>Targets that are not negative.</summary>
    public static long Valid(int[] targets)
    {
        var count = 0L;
        foreach (var target in targets)
        {
            count += target >= 0 ? 1 : 0;
        }

        return count;
    }

    /// <exception cref="ArgumentException">A target is not below the number of classes.</exception>
    public static void Check(int[] targets, int classes, string name)
    {
        for (var i = 0; i < targets.Length; i++)
        {
            if (targets[i] >= classes)
            {
                throw new ArgumentException($"{name}[{i}] is {targets[i]}; legal are 0 to {classes - 1}, or a negative number for a target that does not count.");
            }
        }
    }

    /// <exception cref="ArgumentException">A row has a number that is no share, or does not add up to 1, as one that was never filled.</exception>
    public static void CheckDistributions(float[] targets, int classes, string name)
    {
        for (var first = 0; first < targets.Length; first += classes)
        {
            var sum = 0.0;
            for (var i = first; i < first + classes; i++)
            {
                sum += targets[i] >= 0 ? targets[i] : throw new ArgumentException(FormattableString.Invariant($"{name}[{i}] is {targets[i]}; legal are 0 to 1."));
            }

            if (!(Math.Abs(sum - 1) <= MostRounding))
            {
                throw new ArgumentException(FormattableString.Invariant($"The {name} of sample {first / classes} add up to {sum:0.#####}; legal is 1."));
            }
        }
    }
}
