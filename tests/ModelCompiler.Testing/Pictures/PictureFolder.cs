using System.Text.Json;
using ModelCompiler.Data;
using ModelCompiler.Runtime.Checkpoints;

namespace ModelCompiler.Testing;

/// <summary>How far pictures are from the stored ones.</summary>
/// <param name="Largest">The largest difference of all cases over what is allowed.</param>
/// <param name="Wrong">What differs too much, a line each.</param>
/// <param name="Exact">Cases without any difference.</param>
internal sealed record PictureComparison(int Cases, double Largest, IReadOnlyList<string> Wrong, int Exact);

/// <summary>A folder of stored pictures: what a reference's <c>resize</c>, decoder, crops, processor or augmentation gave.</summary>
/// <param name="path">Where <c>cases.json</c> lies, or <c>preprocessor_config.json</c> with <c>case.json</c>. Files that cases name lie from a folder above it, from <c>data</c> beside such a folder, or from <c>shared/data</c>.</param>
internal sealed partial class PictureFolder(string path)
{
    private readonly List<string> _wrong = [];
    private int _cases;
    private int _exact;
    private double _largest;

    /// <summary>Whether a folder holds stored pictures.</summary>
    public static bool Is(string path) => IsProcessor(path) || (File.Exists(Path.Combine(path, "cases.json")) && Kind(path) is not null);

    /// <summary>Compares all cases.</summary>
    /// <exception cref="NotSupportedException">An operation has no counterpart.</exception>
    public PictureComparison Compare()
    {
        if (IsProcessor(path))
        {
            CompareProcessor();
        }
        else
        {
            using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(path, "cases.json")));
            Action<JsonElement> compare = Kind(path) switch
            {
                "resize" => CompareResize,
                "decode" => CompareDecode,
                "crop" => CompareCrop,
                _ => CompareAugment,
            };
            foreach (var @case in json.RootElement.GetProperty("cases").EnumerateArray())
                compare(@case);
        }

        return new PictureComparison(_cases, _largest, _wrong, _exact);
    }

    private static bool IsProcessor(string path) => File.Exists(Path.Combine(path, "preprocessor_config.json")) && File.Exists(Path.Combine(path, "outputs.safetensors"));

    private static string? Kind(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(path, "cases.json")));
        if (!json.RootElement.TryGetProperty("cases", out var cases) || cases.GetArrayLength() == 0)
            return null;
        var first = cases[0];
        return first.TryGetProperty("filter", out _) ? "resize" : first.TryGetProperty("sha256_of", out _) ? "decode" : first.TryGetProperty("torchvision", out _) ? "crop"
            : first.TryGetProperty("operations", out _) ? "augment" : null;
    }

    private void CompareResize(JsonElement @case)
    {
        var size = @case.GetProperty("size");
        var resized = Source(@case.GetProperty("source")).Resize(size[0].GetInt32(), size[1].GetInt32(), Enum.Parse<PictureFilter>(@case.GetProperty("filter").GetString()!, ignoreCase: true));
        Add($"{@case.GetProperty("result").GetString()} ({@case.GetProperty("filter").GetString()})", Levels(resized, Result(@case, "result")), 1);
    }

    private void CompareCrop(JsonElement @case)
    {
        var source = Source(@case.GetProperty("source"));
        foreach (var rule in Enum.GetValues<CentreCropRule>())
        {
            var cropped = source.CentreCrop(@case.GetProperty("width").GetInt32(), @case.GetProperty("height").GetInt32(), rule);
            var name = rule.ToString().ToLowerInvariant();
            Add(@case.GetProperty(name).GetString()!, Levels(cropped, Result(@case, name)), 0);
        }
    }

    private void CompareProcessor()
    {
        var preprocessor = PicturePreprocessor.Load(path);
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(path, "case.json")));
        using var file = new SafetensorsFile(Path.Combine(path, "outputs.safetensors"));
        var expected = file.Read("pixel_values");
        var pixels = new float[preprocessor.PictureFloats];
        var row = 0;
        foreach (var source in json.RootElement.GetProperty("sources").EnumerateArray())
        {
            preprocessor.Write(Source(source), pixels);
            var largest = 0.0;
            for (var i = 0; i < pixels.Length; i++)
                largest = Math.Max(largest, 255 * preprocessor.Deviation[i / (pixels.Length / 3)] * Math.Abs(pixels[i] - expected[(row * pixels.Length) + i]));
            Add($"{Path.GetFileName(path)} row {row}", largest, 1.001);
            row++;
        }

        if (expected.Length != row * pixels.Length)
            Add($"{Path.GetFileName(path)}: {expected.Length} floats stored, {row * pixels.Length} computed", double.PositiveInfinity, 1);
    }

    private void Add(string name, double difference, double allowed)
    {
        _cases++;
        _exact += difference == 0 ? 1 : 0;
        _largest = Math.Max(_largest, allowed > 0 ? difference / allowed : difference > 0 ? double.PositiveInfinity : 0);
        if (!(difference <= allowed))
            _wrong.Add(FormattableString.Invariant($"{name}: {difference:G3} levels off; allowed are {allowed:G3}"));
    }

    private Picture Result(JsonElement @case, string field) => Picture.Read(Path.Combine(path, @case.GetProperty(field).GetString()!));

    // A file, turned to other channels and cut as the case says.
    private Picture Source(JsonElement source)
    {
        var picture = Picture.Read(Find(source.GetProperty("file").GetString()!));
        if (source.TryGetProperty("mode", out var mode))
            picture = As(picture, mode.GetString()!);
        return source.TryGetProperty("box", out var box) ? Cut(picture, box) : picture;
    }

    private string Find(string file)
    {
        string[] parts = file.Split('/');
        for (var at = Path.GetFullPath(path); at is not null; at = Path.GetDirectoryName(at))
        {
            foreach (var place in new[] { Path.Combine([at, .. parts]), Path.Combine([at, "data", .. parts]) })
            {
                if (File.Exists(place))
                    return place;
            }
        }

        return Folders.Shared(["data", .. parts]) ?? throw new FileNotFoundException($"There is no {file} in or above {path}.", file);
    }

    private static Picture Cut(Picture picture, JsonElement box)
    {
        int[] edges = [.. box.EnumerateArray().Select(static e => e.GetInt32())];
        return picture.Crop(edges[0], edges[1], edges[2] - edges[0], edges[3] - edges[1]);
    }

    // As Pillow's convert: alpha is dropped, or opaque where there was none.
    private static Picture As(Picture picture, string mode) => mode switch
    {
        "L" => picture.ToGrey(),
        "RGB" => picture.Channels < 3 ? Channels(picture, [0, 0, 0]) : Channels(picture, [0, 1, 2]),
        "RGBA" => Channels(picture, picture.Channels switch { 1 => [0, 0, 0, -1], 2 => [0, 0, 0, 1], 3 => [0, 1, 2, -1], _ => [0, 1, 2, 3] }),
        _ => throw new NotSupportedException($"mode {mode}"),
    };

    private static Picture Channels(Picture picture, int[] order)
    {
        var samples = new byte[picture.Width * picture.Height * order.Length];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = order[i % order.Length] is var channel && channel < 0 ? (byte)255 : picture.Samples[(i / order.Length * picture.Channels) + channel];
        return new Picture(picture.Width, picture.Height, order.Length, samples);
    }

    private static double Levels(Picture found, Picture expected)
    {
        if ((found.Width, found.Height) != (expected.Width, expected.Height))
            return double.PositiveInfinity;
        // Files may hold fewer channels: grey that is RGB, opaque pictures with alpha.
        if (found.Channels != expected.Channels)
            (found, expected) = (As(found, "RGBA"), As(expected, "RGBA"));
        var largest = 0;
        for (var i = 0; i < found.Samples.Length; i++)
            largest = Math.Max(largest, Math.Abs(found.Samples[i] - expected.Samples[i]));
        return largest;
    }
}
