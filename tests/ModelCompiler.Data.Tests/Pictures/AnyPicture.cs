using CsCheck;

namespace ModelCompiler.Data.Tests;

/// <summary>Pictures of noise, small ones of any shape.</summary>
internal static class AnyPicture
{
    public static Gen<Picture> Gen { get; } = Of(1, 40);

    public static Gen<Picture> Of(int least, int most) => CsCheck.Gen.Select(CsCheck.Gen.Int[least, most], CsCheck.Gen.Int[least, most], CsCheck.Gen.Int[1, 4], CsCheck.Gen.UInt)
        .Select(static (width, height, channels, seed) => Noise(width, height, channels, seed));

    public static Picture Noise(int width, int height, int channels, uint seed)
    {
        var random = new RandomStream(seed, 1, 0);
        var samples = new byte[width * height * channels];
        foreach (ref var sample in samples.AsSpan())
            sample = (byte)random.Word();
        return new Picture(width, height, channels, samples);
    }
}
