using ModelCompiler.Runtime;
using ModelCompiler.Testing;

namespace ModelCompiler.Golden;

/// <summary>Cases of losses: of two towers' vectors as emitted models on each device, of others the graph in double, which is the same on all.</summary>
internal static class GoldenLoss
{
    /// <exception cref="UnsupportedException">The case asks for what has no counterpart.</exception>
    public static Func<GoldenFiles, Device, GoldenResult> Compile(GoldenFiles files, bool hasGpu)
    {
        try
        {
            return Compile(StoredLosses.Of(new LossFolder(files.Folder)), files, hasGpu);
        }
        catch (NotSupportedException e)
        {
            throw new UnsupportedException(e.Message);
        }
    }

    private static Func<GoldenFiles, Device, GoldenResult> Compile(StoredLoss loss, GoldenFiles files, bool hasGpu)
    {
        if (files.Gradients is null)
        {
            throw new InvalidDataException("there is no gradients.safetensors");
        }

        if (loss is PairLoss pairs)
        {
            return new GoldenPairs(pairs, files.Training, hasGpu).Run;
        }

        var findings = LossFindings.Of(loss).ToArray();
        double[] losses = [.. findings.Where(static x => x.What.StartsWith("loss of step", StringComparison.Ordinal)).SelectMany(static x => x.Actual)];
        return (f, _) => GoldenResult.Of(f.Name, Worst(f, findings, LossPart.Output), Worst(f, findings, LossPart.Gradient), Worst(f, findings, LossPart.Curve), losses) with { NotCompared = loss.NotCompared };
    }

    private static GoldenError Worst(GoldenFiles files, IEnumerable<LossFinding> findings, LossPart part)
    {
        var tolerance = files.Tolerance(part switch
        {
            LossPart.Output => "outputs",
            LossPart.Gradient => "gradients",
            _ => "curve",
        });
        return findings.Where(f => f.Part == part).Aggregate(default(GoldenError), (error, f) => error.Or(Difference(f) / tolerance, f.What));
    }

    // As models are compared: outputs by their largest difference over the root mean square, the rest by norms.
    public static double Difference(LossFinding finding)
    {
        if (finding.Expected.Length != finding.Actual.Length || finding.Expected.Length == 0)
        {
            return double.PositiveInfinity;
        }

        double[] apart = [.. finding.Expected.Zip(finding.Actual, static (a, b) => Math.Abs(a - b))];
        return apart.All(static d => d == 0) ? 0 : finding.Part == LossPart.Output ? apart.Max() / (Norm(finding.Expected) / Math.Sqrt(apart.Length)) : Norm(apart) / Norm(finding.Expected);
    }

    private static double Norm(double[] values) => Math.Sqrt(values.Sum(static v => v * v));
}
