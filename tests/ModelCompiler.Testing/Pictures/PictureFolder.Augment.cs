using System.Text.Json;
using ModelCompiler.Data;

namespace ModelCompiler.Testing;

/// <summary>Augmentations with given arguments, one after the other.</summary>
internal sealed partial class PictureFolder
{
    private void CompareAugment(JsonElement @case)
    {
        var picture = Source(@case.GetProperty("source"));
        var names = new List<string>();
        foreach (var operation in @case.GetProperty("operations").EnumerateArray())
        {
            names.Add(operation.GetProperty("op").GetString()!);
            picture = Apply(picture, operation);
        }

        Add($"{@case.GetProperty("result").GetString()} ({string.Join(", ", names)})", Levels(picture, Result(@case, "result")), 1);
    }

    private static Picture Apply(Picture picture, JsonElement operation)
    {
        var fields = operation.EnumerateObject().ToDictionary(static f => f.Name, static f => f.Value);
        var filter = fields.TryGetValue("interpolation", out var text) ? Enum.Parse<PictureFilter>(text.GetString()!, ignoreCase: true) : PictureFilter.Nearest;
        var fill = fields.TryGetValue("fill", out var colour) ? colour.ValueKind == JsonValueKind.Array ? Bytes(colour) : [.. Enumerable.Repeat((byte)colour.GetInt32(), picture.Channels)] : [];
        return operation.GetProperty("op").GetString() switch
        {
            "resized_crop" => picture.Crop(Int("left"), Int("top"), Int("width"), Int("height")).Resize(fields["size"][1].GetInt32(), fields["size"][0].GetInt32(), filter),
            "hflip" => picture.FlipHorizontally(),
            "vflip" => picture.FlipVertically(),
            "adjust_brightness" => picture.AdjustBrightness(Real("brightness_factor")),
            "adjust_contrast" => picture.AdjustContrast(Real("contrast_factor")),
            "adjust_saturation" => picture.AdjustSaturation(Real("saturation_factor")),
            "adjust_sharpness" => picture.AdjustSharpness(Real("sharpness_factor")),
            "adjust_hue" => picture.AdjustHue(Real("hue_factor")),
            "adjust_gamma" => picture.AdjustGamma(Real("gamma"), Real("gain")),
            "autocontrast" => picture.AutoContrast(),
            "equalize" => picture.Equalize(),
            "invert" => picture.Invert(),
            "posterize" => picture.Posterize(Int("bits")),
            "solarize" => picture.Solarize(Real("threshold")),
            "rgb_to_grayscale" => Int("num_output_channels") == 1 ? picture.ToGrey() : picture.WithoutColour(),
            "rotate" => picture.Rotate(Real("angle"), filter, fields.TryGetValue("expand", out var expands) && expands.GetBoolean(), fill),
            "affine" => picture.Affine(Real("angle"), (Item("translate", 0), Item("translate", 1)), Real("scale"), (RealItem("shear", 0), RealItem("shear", 1)), filter,
                fields.TryGetValue("center", out var centre) ? (centre[0].GetDouble(), centre[1].GetDouble()) : null, fill),
            "pad" => picture.Pad(Item("padding", 0), Item("padding", 1), Item("padding", 2), Item("padding", 3), Enum.Parse<PictureBorder>(fields["padding_mode"].GetString()!, ignoreCase: true), fill),
            "resize" => picture.Resize(fields["size"][1].GetInt32(), fields["size"][0].GetInt32(), filter),
            "crop" => picture.Crop(Int("left"), Int("top"), Int("width"), Int("height")),
            "center_crop" => picture.CentreCrop(fields["output_size"][1].GetInt32(), fields["output_size"][0].GetInt32(), CentreCropRule.Torchvision),
            var other => throw new NotSupportedException($"operation {other}"),
        };

        int Int(string name) => fields[name].GetInt32();
        double Real(string name) => fields[name].GetDouble();
        int Item(string name, int index) => fields[name][index].GetInt32();
        double RealItem(string name, int index) => fields[name][index].GetDouble();
    }

    private static byte[] Bytes(JsonElement array) => [.. array.EnumerateArray().Select(static v => (byte)v.GetInt32())];
}
