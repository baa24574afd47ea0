using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using ModelCompiler.Data;

namespace ModelCompiler.Testing;

/// <summary>Decoded files: every byte, by its digest, or the same picture within what another decoder may differ.</summary>
internal sealed partial class PictureFolder
{
    // Of a mean over the picture, and of one pixel, where compression loses something.
    private const double LossyMean = 0.5, LossyInk = 1, LossyPixel = 8;

    private void CompareDecode(JsonElement @case)
    {
        var file = @case.GetProperty("file").GetString()!;
        var picture = Picture.Read(Find(file));
        var size = @case.GetProperty("upright_size");
        var difference = (picture.Width, picture.Height) == (size[0].GetInt32(), size[1].GetInt32()) ? 0 : double.PositiveInfinity;
        if (difference == 0 && Digest(picture, @case.GetProperty("sha256_of").GetString()!) != @case.GetProperty("sha256").GetString())
            difference = IsLossy(@case) ? Off(picture, @case) : double.PositiveInfinity;
        if (@case.TryGetProperty("result", out _) && picture.WideSamples.IsEmpty)
        {
            var part = @case.TryGetProperty("result_box", out var box) ? Cut(picture, box) : picture;
            var levels = Levels(part, Result(@case, "result"));
            difference = Math.Max(difference, IsLossy(@case) ? levels / LossyPixel : levels == 0 ? 0 : double.PositiveInfinity);
        }

        Add(file, difference, 1);
    }

    private static bool IsLossy(JsonElement @case) => @case.GetProperty("format").GetString() is "JPEG" or "WEBP";

    private static string Digest(Picture picture, string of) => Convert.ToHexStringLower(SHA256.HashData(of switch
    {
        "RGB bytes, upright" => As(picture, "RGB").Samples,
        "RGBA bytes, upright" => As(picture, "RGBA").Samples,
        _ => MemoryMarshal.AsBytes(picture.WideSamples),
    }));

    private static double Off(Picture picture, JsonElement @case)
    {
        var channels = @case.GetProperty("mean").GetArrayLength();
        var samples = As(picture, channels == 4 ? "RGBA" : "RGB").Samples;
        var (off, pixel) = (0.0, 0);
        for (var channel = 0; channel < channels; channel++)
        {
            var sum = 0L;
            for (var i = channel; i < samples.Length; i += channels)
                sum += samples[i];
            off = Math.Max(off, Math.Abs(((double)sum * channels / samples.Length) - @case.GetProperty("mean")[channel].GetDouble()) / (@case.GetProperty("mode").GetString() == "CMYK" ? LossyInk : LossyMean));
        }

        foreach (var expected in @case.GetProperty("pixels").EnumerateArray())
        {
            var at = (((((2 * (pixel / 4)) + 1) * picture.Height / 8 * picture.Width) + (((2 * (pixel % 4)) + 1) * picture.Width / 8)) * channels);
            for (var channel = 0; channel < channels; channel++)
                off = Math.Max(off, Math.Abs(samples[at + channel] - expected[channel].GetInt32()) / LossyPixel);
            pixel++;
        }

        return off;
    }
}
