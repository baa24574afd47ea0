using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>Reads <c>preprocessor_config.json</c>. Every field is known, or an error.</summary>
internal static class PreprocessorJson
{
    public const string FileName = "preprocessor_config.json";

    private const int MostPixels = 1 << 14;

    // What is left of a class's name when back end and former name are cut off, and what it does where the file does not say.
    private static readonly Dictionary<string, Processor> s_processors = new(StringComparer.Ordinal)
    {
        ["CLIP"] = new(Crops: true, IsEdge: true),
        ["Blip"] = new(Crops: false, IsEdge: false),
        ["Siglip"] = new(Crops: false, IsEdge: false),
        ["ViT"] = new(Crops: false, IsEdge: false, PictureFilter.Bilinear),
        ["DeiT"] = new(Crops: true, IsEdge: false),
        ["Bit"] = new(Crops: true, IsEdge: true),
    };

    // They say where numbers lie or run, or repeat what is said elsewhere.
    private static readonly string[] s_silent = ["processor_class", "_valid_processor_keys", "input_data_format", "return_tensors", "device", "disable_grouping"];

    // Steps that nothing here takes.
    private static readonly string[] s_absent = ["do_pad", "pad_size", "size_divisor", "do_thumbnail", "do_align_long_axis", "do_flip_channel_order", "do_reduce_labels", "do_split_image", "default_to_square", "crop_pct"];

    public static PicturePreprocessor Load(string path)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, FileName) : path;
        if (!File.Exists(file))
            throw Found.Missing(file);
        return Read(File.ReadAllBytes(file), file);
    }

    /// <param name="name">What errors call the file.</param>
    public static PicturePreprocessor Read(ReadOnlyMemory<byte> utf8, string name)
    {
        try
        {
            using var json = JsonDocument.Parse(utf8);
            return Read(new JsonFields(json.RootElement, name));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{name}: {Found.Reason(e)}", e);
        }
    }

    private static PicturePreprocessor Read(JsonFields file)
    {
        var (crops, isEdge, usual) = ProcessorOf(file);
        foreach (var field in s_silent)
            file.Optional(field);
        foreach (var field in s_absent)
        {
            var value = file.Optional(field);
            file.Only(field, value is null or { ValueKind: JsonValueKind.False }, "false, null or nothing");
        }

        file.OptionalFlag("do_convert_rgb");
        file.Only("data_format", file.OptionalText("data_format") is null or "channels_first", "channels_first");
        var resizes = file.Flag("do_resize", true);
        crops = file.Flag("do_center_crop", crops);
        var size = Size(file, "size", isEdge, isNeeded: resizes);
        var crop = Size(file, "crop_size", isEdge: false, isNeeded: crops);
        var target = crops ? crop : size;
        if (target is not { Edge: null } whole || (!crops && !resizes))
            throw file.Error("do_center_crop", "is false and size has no height and width, so pictures keep different shapes; legal is a size or a crop of height and width");
        var filter = Filter(file, usual);
        var rescales = file.Flag("do_rescale", true);
        var factor = Number(file, "rescale_factor") ?? 1 / 255.0;
        var normalizes = file.Flag("do_normalize", true);
        var (mean, deviation) = (Channels(file, "image_mean", normalizes), Channels(file, "image_std", normalizes));
        file.Only("image_std", !deviation.Contains(0), "three numbers other than 0");
        file.Done("pictures could be others without a word");
        return new PicturePreprocessor(whole.Height, whole.Width)
        {
            Fit = !resizes ? PictureFit.None : size!.Value.Edge is null ? PictureFit.Stretch : PictureFit.ShortestEdge,
            ShortestEdge = size?.Edge ?? 0,
            StretchHeight = size?.Height ?? 0,
            StretchWidth = size?.Width ?? 0,
            Filter = filter,
            RescaleFactor = rescales ? factor : null,
            Mean = normalizes ? mean : [0, 0, 0],
            Deviation = normalizes ? deviation : [1, 1, 1],
        };
    }

    private static Processor ProcessorOf(JsonFields file)
    {
        var former = file.OptionalText("feature_extractor_type");
        var name = file.OptionalText("image_processor_type") ?? former ?? throw file.Error("image_processor_type", "is missing");
        var model = name;
        foreach (var suffix in new[] { "Pil", "Fast", "ImageProcessor", "FeatureExtractor" })
            model = model.EndsWith(suffix, StringComparison.Ordinal) ? model[..^suffix.Length] : model;
        return s_processors.TryGetValue(model, out var processor) && model != name
            ? processor
            : throw file.Error("image_processor_type", $"is '{name}'; legal are {string.Join(", ", s_processors.Keys.Select(static k => k + "ImageProcessor"))}");
    }

    private static (int Height, int Width, int? Edge)? Size(JsonFields file, string name, bool isEdge, bool isNeeded)
    {
        if (file.Optional(name) is not { } value)
            return isNeeded ? throw file.Error(name, "is missing; legal is height and width, or shortest_edge") : null;
        if (value.ValueKind == JsonValueKind.Number)
        {
            var length = Length(file, name, JsonFields.NumberOf(value, file.PathOf(name)));
            return isEdge ? (0, 0, length) : (length, length, null);
        }

        var fields = new JsonFields(value, file.PathOf(name));
        (int, int, int?) size = fields.Has("shortest_edge")
            ? (0, 0, Length(fields, "shortest_edge", fields.Number("shortest_edge")))
            : (Length(fields, "height", fields.Number("height")), Length(fields, "width", fields.Number("width")), null);
        fields.Done("pictures could be others without a word");
        return size;
    }

    private static int Length(JsonFields fields, string name, int value) => value is >= 1 and <= MostPixels ? value : throw fields.Error(name, $"is {value}; legal is 1..{MostPixels}");

    private static PictureFilter Filter(JsonFields file, PictureFilter usual)
    {
        var filter = (PictureFilter)file.Number("resample", (int)usual);
        return Enum.IsDefined(filter) ? filter : throw file.Error("resample", $"is {(int)filter}; legal is 0..5");
    }

    private static double? Number(JsonFields file, string name)
    {
        if (file.Optional(name) is not { } value)
            return null;
        var number = JsonFields.RealOf(value, file.PathOf(name));
        return double.IsFinite(number) ? number : throw file.Error(name, "is not finite");
    }

    private static float[] Channels(JsonFields file, string name, bool isNeeded)
    {
        if (file.Optional(name) is not { } value)
            return isNeeded ? throw file.Error(name, "is missing; legal are three numbers") : [1, 1, 1];
        var path = file.PathOf(name);
        float[] channels = [.. JsonFields.ItemsOf(value, path).Select(static i => (float)JsonFields.RealOf(i.Value, i.Path))];
        return channels.Length == 3 && channels.All(float.IsFinite) ? channels : throw file.Error(name, "has other than three finite numbers");
    }

    /// <param name="Crops">The centre is cut out.</param>
    /// <param name="IsEdge">A single number is the length of the shorter edge.</param>
    private sealed record Processor(bool Crops, bool IsEdge, PictureFilter Filter = PictureFilter.Bicubic);
}
