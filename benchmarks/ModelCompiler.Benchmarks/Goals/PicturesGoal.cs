using ModelCompiler.Benchmarks.Measuring;
using ModelCompiler.Benchmarks.Pictures;
using ModelCompiler.Data;
using ModelCompiler.Examples;

namespace ModelCompiler.Benchmarks.Goals;

/// <summary>Files to a model's numbers on one thread: decode, resize 512 to 224 with antialiasing, normalise, beside SkiaSharp's own decode and resize, which does less.</summary>
internal static class PicturesGoal
{
    private const int Size = 224;
    private const double Times = 1;
    private const double Seconds = 20;
    private const int Calm = 7;
    private const int Repeats = 4;

    private static readonly string[] s_files = ["astronaut.jpg", "photographer.jpg"]; // progressive and colour; baseline and grey

    public static IEnumerable<Line> Measure(GoalContext context)
    {
        if (!context.Wants("pictures"))
            return [];
        return SharedFolder.Find("data", "photos") is { } folder
            ? Lines(Path.Combine(folder, "pictures"))
            : [Line.Absent("pictures", $">= {Times:F0}x", "there is no shared/data/photos above this program")];
    }

    private static IEnumerable<Line> Lines(string folder)
    {
        using var peak = new PeakProbe(1);
        var preprocessor = PicturePreprocessor.Clip(Size);
        var pixels = new float[preprocessor.PictureFloats];
        foreach (var (name, bytes) in s_files.Select(f => (Path.GetFileNameWithoutExtension(f), File.ReadAllBytes(Path.Combine(folder, f)))).Append(("baseline", SkiaPictures.ToJpeg(File.ReadAllBytes(Path.Combine(folder, s_files[0]))))))
        {
            var samples = Measuring.Measure.InTurn(peak, Seconds, Calm,
                () => Sample.Of(() => Repeat(() => preprocessor.Write(bytes, name, pixels))),
                () => Sample.Of(() => Repeat(() => SkiaPictures.DecodeAndResize(bytes, Size, SkiaPictures.Cubic))),
                () => Sample.Of(() => Repeat(() => SkiaPictures.DecodeAndResize(bytes, Size, SkiaPictures.Bilinear))),
                () => Sample.Of(() => Repeat(() => Picture.Decode(bytes, name))));
            var ratio = Math.Min(samples[1].Seconds, samples[2].Seconds) / samples[0].Seconds; // the faster of the two
            yield return new Line($"pictures/{name}", $"{ratio:F2}x", $">= {Times:F0}x", ratio >= Times ? Outcome.Met : Outcome.Short,
                $"{Repeats / samples[0].Seconds:F0} pictures a second, SkiaSharp {Repeats / samples[1].Seconds:F0} cubic and {Repeats / samples[2].Seconds:F0} bilinear, decoding alone {Repeats / samples[3].Seconds:F0}; 512 x 512 to {Size} x {Size}, one thread, {samples[0]}");
        }
    }

    private static void Repeat(Action action)
    {
        for (var i = 0; i < Repeats; i++)
            action();
    }
}
