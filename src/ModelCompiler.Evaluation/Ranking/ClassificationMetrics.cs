namespace ModelCompiler.Evaluation;

/// <summary>Accuracies of a classifier, shares from 0 to 1, from its logits (or any scores) [samples, classes].</summary>
public sealed class ClassificationMetrics
{
    private readonly int[] _labels, _ranks, _first;
    private readonly int _classes;

    /// <param name="scores">[samples, classes], row after row.</param>
    /// <param name="labels">The right class of each sample.</param>
    /// <exception cref="ArgumentException">There are no samples, the scores are no rows of them, a label is none of a class, or a score is not a number.</exception>
    public ClassificationMetrics(ReadOnlySpan<float> scores, ReadOnlySpan<int> labels)
    {
        if (labels.IsEmpty || scores.IsEmpty || scores.Length % labels.Length != 0)
        {
            throw new ArgumentException($"{scores.Length:N0} scores are no rows for {labels.Length:N0} labels.", nameof(scores));
        }

        _labels = labels.ToArray();
        _classes = scores.Length / labels.Length;
        _ranks = new int[labels.Length];
        _first = new int[labels.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)_classes)
            {
                throw new ArgumentException($"Label {i} is {labels[i]}; there are {_classes} classes.", nameof(labels));
            }

            var row = scores.Slice(i * _classes, _classes);
            foreach (var score in row)
            {
                if (float.IsNaN(score))
                {
                    throw new ArgumentException($"Sample {i} has a score that is not a number.", nameof(scores));
                }

                _ranks[i] += score > row[labels[i]] ? 1 : 0;
            }

            for (var c = 1; c < row.Length; c++)
            {
                _first[i] = row[c] > row[_first[i]] ? c : _first[i];
            }
        }
    }

    /// <summary>Share of samples with fewer than <paramref name="k"/> scores strictly greater than their label's.</summary>
    public double Top(int k)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        return _ranks.Count(r => r < k) / (double)_ranks.Length;
    }

    /// <summary>Share of samples whose first largest score is their label's: differs from <see cref="Top"/>(1) where scores tie.</summary>
    public double FirstLargest => _first.Zip(_labels).Count(static p => p.First == p.Second) / (double)_labels.Length;

    /// <summary><see cref="Top"/>(1) of each class that occurs, and the mean over those.</summary>
    public double MeanPerClass => _labels.Zip(_ranks).GroupBy(static p => p.First, static p => p.Second).Average(static ranks => ranks.Average(static r => r == 0 ? 1.0 : 0.0));
}
