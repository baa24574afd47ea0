using ModelCompiler.Runtime;

namespace ModelCompiler.Data;

/// <summary>
/// Which of a classifier's batches are mixed, and how: by mixup or by cutmix, one of them drawn for each batch, as timm does it. For models with
/// <see cref="ClassTargets.Probabilities"/>. What is drawn is named by (seed, number of the batch).
/// </summary>
public sealed record Mixing
{
    private const uint Domain = 0x4D495821;

    /// <summary>Alpha of mixup's shares; 0: no mixup.</summary>
    public double MixupAlpha { get; init; } = 0.8;

    /// <summary>Alpha of cutmix's shares; 0: no cutmix.</summary>
    public double CutmixAlpha { get; init; } = 1;

    /// <summary>0..1: how many of all batches are mixed at all.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>0..1: how many of those by cutmix, where both have an alpha.</summary>
    public double CutmixProbability { get; init; } = 0.5;

    /// <summary>Mixes the rows of a batch, or leaves them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public MixedRows Apply<T>(T batch, ulong seed, long number) where T : PictureBatch
    {
        Check();
        var random = new RandomStream(seed, Domain, (ulong)number);
        var (isMixed, isCut) = (random.Uniform() < Probability, random.Uniform() < CutmixProbability);
        if (!isMixed || (MixupAlpha == 0 && CutmixAlpha == 0))
            return new MixedRows(1, batch.Count);
        return CutmixAlpha > 0 && (isCut || MixupAlpha == 0)
            ? BatchMixing.Cutmix(batch, seed, number, CutmixAlpha)
            : BatchMixing.Mixup(batch, seed, number, MixupAlpha);
    }

    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    internal void Check()
    {
        Within(MixupAlpha, nameof(MixupAlpha), double.MaxValue, "0 or more");
        Within(CutmixAlpha, nameof(CutmixAlpha), double.MaxValue, "0 or more");
        Within(Probability, nameof(Probability), 1, "0..1");
        Within(CutmixProbability, nameof(CutmixProbability), 1, "0..1");

        static void Within(double value, string name, double most, string legal)
        {
            if (!(value >= 0 && value <= most))
                throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; legal is {legal}.");
        }
    }
}
