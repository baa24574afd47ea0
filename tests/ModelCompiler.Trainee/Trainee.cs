using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Trainee;

/// <summary>A small model with everything a checkpoint must hold: dropout, accumulation, optimizer state, an average, a schedule.</summary>
[VisionTransformer(ImageSize = 8, PatchSize = 4, Channels = 1, Width = 16, Depth = 2, Heads = 2, ResidualDropout = 0.2, AttentionDropout = 0.1)]
[Classification(Classes = 3)]
[AdamW(LearningRate = 3e-3), CosineSchedule(Warmup = 10, Steps = 200), ClipGradients(1.0), Accumulate(2), AverageWeights(0.9)]
public partial class Trainee
{
    /// <summary>Batches of eight pictures; a picture's class is the side that is bright.</summary>
    public static IBatches<Batch> Data(int seed) => Batches.Of<Batch>((number, reuse) =>
    {
        var batch = reuse ?? new Batch(new Pictures(8));
        var random = new Random(HashCode(seed, number));
        for (var i = 0; i < 8; i++)
        {
            var label = random.Next(3);
            batch.Labels[i] = label;
            var picture = batch.Inputs[i];
            for (var p = 0; p < picture.Length; p++)
            {
                var isBright = label switch { 0 => p % 8 < 4, 1 => p % 8 >= 4, _ => p < 32 };
                picture[p] = (isBright ? 0.5f : -0.5f) + (float)random.NextDouble();
            }
        }

        return batch;
    });

    // The framework's own differs from process to process.
    private static int HashCode(int seed, long number) => unchecked((int)((seed * 1_000_003L) + (number * 7919)));

    /// <summary>A model of fixed seed on so many threads.</summary>
    public static Trainee Create(int threads = 2) => new(new CpuDevice(threads), seed: 5);

    /// <summary>A digest of all weights and their average.</summary>
    public string Digest()
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, parameter) in ParametersByName)
        {
            digest.AppendData(MemoryMarshal.AsBytes<float>(parameter.ToArray()));
            digest.AppendData(MemoryMarshal.AsBytes<float>(Core.AverageOf(name)));
        }

        return Convert.ToHexString(digest.GetHashAndReset());
    }
}
