using System.Text;
using CsCheck;
using ModelCompiler.Testing;

namespace ModelCompiler.Data.Tests;

/// <summary>Whatever the bytes of pictures and preprocessor files: a refusal that names the file, or something that works.</summary>
public sealed class PictureFuzzTests
{
    private static readonly string[] s_values =
        ["null", "true", "false", "-1", "0", "1", "3", "40000", "1e400", "2147483648", "0.5", "\"\"", "\"a\"", "[]", "{}", "[0,0,0]", "[1,1,1]", "[1,2]", "{\"height\":2,\"width\":3}", "{\"shortest_edge\":5}"];

    public static TheoryData<string> Files => ["cat-wide.png", "photographer-16.png", "rocket-palette-alpha.png", "photographer-1bit.png", "one-pixel.png", "cat-tall.jpg", "broccoli-cut-out.webp", "tulip-field.gif"];

    public static TheoryData<string> Processors => ["blip-32", "clip-40-crop-32", "clip-pad", "siglip-32x40", "vit-48"];

    [Theory]
    [MemberData(nameof(Files))]
    public void Changed_and_truncated_pictures(string file)
    {
        var good = File.ReadAllBytes(Beside.Photograph(file));
        // Headers are a few bytes of many, so half of the changes are theirs.
        var place = Gen.OneOf(Gen.Int[0, Math.Min(60, good.Length - 1)], Gen.Int[0, good.Length - 1]);
        Gen.Select(Gen.Select(place, Gen.Byte).Array[1, 4], Gen.OneOf(Gen.Const(good.Length), Gen.Int[0, good.Length])).Sample((changes, length) =>
        {
            byte[] bytes = [.. good];
            foreach (var (at, value) in changes)
                bytes[at] = value;
            try
            {
                var picture = Picture.Decode(bytes.AsSpan(0, length), "any", mostPixels: 1 << 20);
                Assert.InRange((long)picture.Width * picture.Height, 1, 1 << 20);
                Assert.Equal(picture.Width * picture.Height * picture.Channels, picture.Samples.Length);
            }
            catch (InvalidDataException e)
            {
                Assert.StartsWith("any: ", e.Message, StringComparison.Ordinal);
            }
        }, iter: FuzzRuns.Of(2_000));
    }

    [Theory]
    [MemberData(nameof(Processors))]
    public void Changed_bytes_of_preprocessor_files(string name)
    {
        var good = Config(name);
        Gen.Select(Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte).Array[1, 3], Gen.OneOf(Gen.Const(good.Length), Gen.Int[0, good.Length])).Sample((changes, length) =>
        {
            byte[] bytes = [.. good];
            foreach (var (at, value) in changes)
                bytes[at] = value;
            Works(bytes[..length]);
        }, iter: FuzzRuns.Of(3_000));
    }

    [Theory]
    [MemberData(nameof(Processors))]
    public void Values_of_preprocessor_files_that_are_others(string name)
    {
        var text = Encoding.UTF8.GetString(Config(name));
        int[] places = [.. Enumerable.Range(0, text.Length).Where(i => text[i] == ':')];
        Gen.Select(Gen.Int[0, places.Length - 1], Gen.Int[0, s_values.Length - 1]).Array[1, 2].Sample(changes =>
        {
            var changed = text;
            foreach (var (place, value) in changes.OrderByDescending(static c => c.Item1))
            {
                var start = places[place] + 1;
                var end = Math.Max(start, changed.AsSpan(start).IndexOfAny(",}\n") + start);
                changed = string.Concat(changed.AsSpan(0, start), s_values[value], changed.AsSpan(end));
            }

            Works(Encoding.UTF8.GetBytes(changed));
        }, iter: FuzzRuns.Of(3_000));
    }

    private static byte[] Config(string name) => File.ReadAllBytes(Beside.Shared("golden", "images", "processors", name, "preprocessor_config.json"));

    private static void Works(byte[] bytes)
    {
        PicturePreprocessor preprocessor;
        try
        {
            preprocessor = PreprocessorJson.Read(bytes, "any.json");
        }
        catch (InvalidDataException e)
        {
            Assert.StartsWith("any.json", e.Message, StringComparison.Ordinal);
            return;
        }

        if (preprocessor.PictureFloats > 1 << 20 || preprocessor.ShortestEdge > 1 << 10)
            return;
        var pixels = new float[preprocessor.PictureFloats];
        preprocessor.Write(AnyPicture.Noise(7, 5, 3, 1), pixels);
    }
}
