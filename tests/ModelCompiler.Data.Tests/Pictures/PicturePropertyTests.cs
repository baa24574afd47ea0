using System.Runtime.Intrinsics.X86;
using CsCheck;

namespace ModelCompiler.Data.Tests;

/// <summary>What is so of every picture.</summary>
public sealed class PicturePropertyTests
{
    private static readonly Gen<PictureFilter> s_filter = Gen.Enum<PictureFilter>();

    [Fact]
    public void Both_forms_of_the_passes_give_the_same_bytes()
    {
        if (!Avx2.IsSupported)
            Assert.Skip("This processor has no AVX2.");
        Gen.Select(AnyPicture.Gen, Gen.Int[1, 60], Gen.Int[1, 60], s_filter).Sample(static (picture, width, height, filter) =>
            PictureResizer.Resize(picture, width, height, filter, isRented: false, isWide: true).Samples.SequenceEqual(
            PictureResizer.Resize(picture, width, height, filter, isRented: false, isWide: false).Samples), iter: 3_000);
    }

    [Fact]
    public void Resizing_keeps_one_colour_and_what_is_drawn_on_its_side() => Gen.Select(AnyPicture.Gen, Gen.Int[1, 60], Gen.Int[1, 60], s_filter).Sample(static (picture, width, height, filter) =>
    {
        var colour = picture.Samples[..picture.Channels].ToArray();
        if (picture.HasAlpha)
            colour[^1] = 255;
        var plain = new Picture(picture.Width, picture.Height, picture.Channels, Enumerable.Repeat(colour, picture.Width * picture.Height).SelectMany(static c => c).ToArray());
        Assert.Equal(Enumerable.Repeat(colour, width * height).SelectMany(static c => c), plain.Resize(width, height, filter).Samples.ToArray());
    }, iter: 1_000);

    [Fact]
    public void A_saved_picture_is_read_again() => AnyPicture.Gen.Sample(static picture =>
    {
        using var stream = new MemoryStream();
        picture.Save(stream);
        var read = Picture.Decode(stream.ToArray(), "saved");
        Assert.Equal((picture.Width, picture.Height, picture.Channels), (read.Width, read.Height, read.Channels));
        Assert.Equal(picture.Samples, read.Samples);
    }, iter: 1_000);

    [Fact]
    public void Padding_is_undone_by_cropping() => Gen.Select(AnyPicture.Of(6, 20), Gen.Int[0, 5].Array[4], Gen.Enum<PictureBorder>()).Sample(static (picture, border, kind) =>
    {
        var padded = picture.Pad(border[0], border[1], border[2], border[3], kind);
        Assert.Equal(picture.Samples, padded.Crop(border[0], border[1], picture.Width, picture.Height).Samples);
    }, iter: 1_000);

    [Fact]
    public void The_margin_of_nobody_is_read() => Gen.Select(AnyPicture.Gen, Gen.Int[1, 60], Gen.Int[1, 60], s_filter).Sample(static (picture, width, height, filter) =>
    {
        picture.Memory[picture.SampleCount..].Clear();
        var first = picture.Resize(width, height, filter).Samples.ToArray();
        picture.Memory[picture.SampleCount..].Fill(255);
        Assert.Equal(first, picture.Resize(width, height, filter).Samples);
    }, iter: 1_000);
}
