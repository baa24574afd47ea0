namespace ModelCompiler;

/// <summary>A vision transformer (Dosovitskiy et al. 2020, arXiv:2010.11929): pictures in, one vector a patch out.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class VisionTransformerAttribute : TransformerAttribute
{
    public VisionTransformerAttribute() => (Pooling, NormEpsilon) = (Pooling.Cls, 1e-6);

    /// <summary>Height and width of the pictures in pixels; a multiple of the patch's.</summary>
    public int ImageSize { get; set; }

    /// <summary>Height in pixels where pictures are not square; 0 means <see cref="ImageSize"/>.</summary>
    public int ImageHeight { get; set; }

    /// <summary>Width in pixels where pictures are not square; 0 means <see cref="ImageSize"/>.</summary>
    public int ImageWidth { get; set; }

    /// <summary>Height and width of a patch in pixels.</summary>
    public int PatchSize { get; set; }

    /// <summary>Height of a patch in pixels where patches are not square; 0 means <see cref="PatchSize"/>.</summary>
    public int PatchHeight { get; set; }

    /// <summary>Width of a patch in pixels where patches are not square; 0 means <see cref="PatchSize"/>.</summary>
    public int PatchWidth { get; set; }

    /// <summary>Colour channels.</summary>
    public int Channels { get; set; } = 3;

    /// <summary>A learned token before the patches.</summary>
    public bool ClassToken { get; set; } = true;

    /// <summary>A second learned token, behind the class token, that a teacher's labels are learned at (DeiT; Touvron et al. 2020, arXiv:2012.12877).</summary>
    public bool DistillationToken { get; set; }

    /// <summary>A learned vector in place of patches that are masked out (BEiT, DINOv2); which ones is part of the inputs.</summary>
    public bool MaskToken { get; set; }

    /// <summary>Learned register tokens between the class token and the patches (Darcet et al. 2023, arXiv:2309.16588).</summary>
    public int Registers { get; set; }

    /// <summary>Whether the tokens before the patches have positions too, or only the patches.</summary>
    public bool PrefixPositions { get; set; } = true;

    /// <summary>
    /// Rows of patches that the position table was made for; 0: those of the picture. With other sizes the table is resized
    /// bicubically on the way (as Hugging Face's interpolate_pos_encoding) and learns through the resizing. A folder that is loaded must then have
    /// a table of this size; without, its table is resized once, on loading.
    /// </summary>
    public int PositionRows { get; set; }

    /// <summary>Columns of patches that the position table was made for; 0: those of the picture.</summary>
    public int PositionColumns { get; set; }
}
