using System.Buffers;
using System.Runtime.Intrinsics.X86;

namespace ModelCompiler.Data;

/// <summary>Pictures to another size, one pass after the other, with 8-bit pixels between them, as Pillow 13 does it.</summary>
internal static class PictureResizer
{
    public static Picture Resize(Picture picture, int width, int height, PictureFilter filter, bool isRented, bool? isWide = null)
    {
        if (!Enum.IsDefined(filter))
            throw new ArgumentOutOfRangeException(nameof(filter), filter, $"No filter; legal are {string.Join(", ", Enum.GetNames<PictureFilter>())}.");
        var resized = Picture.Allocate(width, height, picture.Channels, isRented, picture.IsBilevel);
        if ((width, height) == (picture.Width, picture.Height))
            picture.Samples.CopyTo(resized.Writable);
        else if (filter == PictureFilter.Nearest || picture.IsBilevel)
            NearestResize.Run(picture, resized);
        else if (picture.HasAlpha)
            ResizeUnderAlpha(picture, resized, filter, isWide ?? Avx2.IsSupported);
        else
            Resize(picture.Memory, picture.Width, picture.Height, resized, filter, isWide ?? Avx2.IsSupported);
        return resized;
    }

    // The vertical pass goes first where it leaves much less to the other.
    private static void Resize(ReadOnlySpan<byte> from, int oldWidth, int oldHeight, Picture to, PictureFilter filter, bool isWide)
    {
        var (width, height, channels) = (to.Width, to.Height, to.Channels);
        if (height == oldHeight)
        {
            HorizontalPass.Run(from, to.Memory, height, oldWidth, channels, ResizeWeights.Of(oldWidth, width, filter), isWide);
            return;
        }

        if (width == oldWidth)
        {
            VerticalPass.Run(from, to.Memory, oldHeight, width * channels, ResizeWeights.Of(oldHeight, height, filter), isWide);
            return;
        }

        var isVerticalFirst = height < oldHeight && oldHeight - height > 2L * (oldWidth - width);
        var between = ArrayPool<byte>.Shared.Rent(checked(((isVerticalFirst ? oldWidth * height : width * oldHeight) * channels) + Picture.Margin));
        var (across, down) = (ResizeWeights.Of(oldWidth, width, filter), ResizeWeights.Of(oldHeight, height, filter));
        if (isVerticalFirst)
        {
            VerticalPass.Run(from, between, oldHeight, oldWidth * channels, down, isWide);
            HorizontalPass.Run(between, to.Memory, height, oldWidth, channels, across, isWide);
        }
        else
        {
            HorizontalPass.Run(from, between, oldHeight, oldWidth, channels, across, isWide);
            VerticalPass.Run(between, to.Memory, oldHeight, width * channels, down, isWide);
        }

        ArrayPool<byte>.Shared.Return(between);
    }

    // Colours weigh as much as their alpha, in 8 bits on both sides of the resizing.
    private static void ResizeUnderAlpha(Picture picture, Picture resized, PictureFilter filter, bool isWide)
    {
        var multiplied = ArrayPool<byte>.Shared.Rent(picture.SampleCount + Picture.Margin);
        PictureColours.MultiplyAlpha(picture.Samples, multiplied, picture.Channels);
        Resize(multiplied, picture.Width, picture.Height, resized, filter, isWide);
        ArrayPool<byte>.Shared.Return(multiplied);
        PictureColours.DivideAlpha(resized.Writable, resized.Channels);
    }
}
