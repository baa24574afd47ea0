namespace ModelCompiler.Data;

/// <summary>How new pixels come from old ones. All but <see cref="Nearest"/> widen with the scale where a picture shrinks (antialiasing). The numbers are Pillow's, and those of <c>resample</c> in <c>preprocessor_config.json</c>.</summary>
public enum PictureFilter
{
    /// <summary>The pixel whose area holds the new centre.</summary>
    Nearest = 0,

    /// <summary>sinc(x) sinc(x / 3), three pixels to each side.</summary>
    Lanczos = 1,

    /// <summary>A triangle, one pixel to each side.</summary>
    Bilinear = 2,

    /// <summary>Keys' cubic with a = -0.5, two pixels to each side.</summary>
    Bicubic = 3,

    /// <summary>Means of half a pixel to each side.</summary>
    Box = 4,

    /// <summary>A sinc under Hamming's window, one pixel to each side.</summary>
    Hamming = 5,
}
