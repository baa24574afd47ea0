namespace ModelCompiler.Evaluation;

/// <summary>A decision between two classes, of which 1 is the one to be found: accuracy, F1 and Matthews' coefficient as GLUE reports them.</summary>
/// <param name="TruePositives">Predicted 1, is 1.</param>
/// <param name="FalsePositives">Predicted 1, is 0.</param>
/// <param name="FalseNegatives">Predicted 0, is 1.</param>
/// <param name="TrueNegatives">Predicted 0, is 0.</param>
public sealed record BinaryMetrics(int TruePositives, int FalsePositives, int FalseNegatives, int TrueNegatives)
{
    public double Accuracy => (TruePositives + TrueNegatives) / (double)(TruePositives + FalsePositives + FalseNegatives + TrueNegatives);

    /// <summary>Harmonic mean of precision and recall of class 1; 0 where nothing was found.</summary>
    public double F1 => TruePositives == 0 ? 0 : 2.0 * TruePositives / ((2.0 * TruePositives) + FalsePositives + FalseNegatives);

    /// <summary>Correlation of decision and truth, -1 to 1; 0 where one of them never changes.</summary>
    public double Matthews
    {
        get
        {
            double tp = TruePositives, fp = FalsePositives, fn = FalseNegatives, tn = TrueNegatives;
            var product = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn);
            return product == 0 ? 0 : ((tp * tn) - (fp * fn)) / Math.Sqrt(product);
        }
    }

    /// <exception cref="ArgumentException">There are none, not as many of one as of the other, or one is neither 0 nor 1.</exception>
    public static BinaryMetrics Of(ReadOnlySpan<int> predictions, ReadOnlySpan<int> labels)
    {
        if (labels.IsEmpty || predictions.Length != labels.Length)
        {
            throw new ArgumentException($"{predictions.Length} predictions for {labels.Length} labels.", nameof(predictions));
        }

        var counts = new int[4];
        for (var i = 0; i < labels.Length; i++)
        {
            if ((predictions[i] | labels[i]) is not (0 or 1))
            {
                throw new ArgumentException($"Sample {i} is {labels[i]} and predicted {predictions[i]}; classes are 0 and 1.");
            }

            counts[(predictions[i] * 2) + labels[i]]++;
        }

        return new(counts[3], counts[2], counts[1], counts[0]);
    }
}
