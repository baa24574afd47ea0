using System.Runtime.CompilerServices;

namespace ModelCompiler.Data;

/// <summary>
/// A list of random changes, made in its order: <c>new Augmentation(seed).RandomResizedCrop(0.5, 1).Flip().RandAugment(2, 9)</c>. What is drawn
/// is named by (seed, epoch, item) and the place in the list, so a run that is continued sees the same pictures, whatever the threads.
/// </summary>
public sealed class Augmentation
{
    private const uint EpochDomain = 0x41554745, ItemDomain = 0x41554749;

    private readonly ulong _seed;
    private readonly PictureChange[] _changes;

    /// <summary>Without changes.</summary>
    public Augmentation(ulong seed)
        : this(seed, [])
    {
    }

    private Augmentation(ulong seed, PictureChange[] changes) => (_seed, _changes) = (seed, changes);

    /// <summary>The changes of a picture in an epoch.</summary>
    /// <param name="epoch">Or the number of a step: what tells one time that the picture is seen from another.</param>
    /// <param name="item">The picture's number in its data set.</param>
    public Picture Apply(Picture picture, long epoch, long item)
    {
        var ofEpoch = new RandomStream(_seed, EpochDomain, (ulong)epoch);
        var seed = ((ulong)ofEpoch.Word() << 32) | ofEpoch.Word();
        for (var i = 0; i < _changes.Length; i++)
        {
            // Each change has numbers of its own: what one draws does not move what the next gets.
            var random = new RandomStream(seed, ItemDomain + ((uint)i << 24), (ulong)item);
            picture = _changes[i](picture, ref random);
        }

        return picture;
    }

    /// <summary>A box of a share of the area, between two shares, its sides between 3 : 4 and 4 : 3 to each other; after ten tries that do not fit, the centre.</summary>
    /// <param name="least">Above 0.</param>
    /// <param name="most">Up to 1.</param>
    /// <param name="size">Pixels of both sides afterwards; null: the box as it is, for a preprocessor that stretches it.</param>
    public Augmentation RandomResizedCrop(double least = 0.08, double most = 1, int? size = null, PictureFilter filter = PictureFilter.Bicubic) =>
        With(RandomBoxes.ResizedCrop(Share(least, 0, most), Share(most, least, 1), size, filter));

    /// <summary>A zero border, then a box of the size that the picture had, anywhere.</summary>
    public Augmentation RandomShift(int pixels) => With(RandomBoxes.Shift(pixels));

    /// <summary>Turned by up to some degrees either way, moved, scaled and sheared along x, each by a number of its own, as torchvision's RandomAffine.</summary>
    /// <param name="degrees">0 or more.</param>
    /// <param name="shift">0..1: the farthest move along each axis, as a part of the side; whole pixels.</param>
    /// <param name="least">Above 0: the smallest scale.</param>
    /// <param name="most">The largest scale.</param>
    /// <param name="shear">0 or more degrees.</param>
    /// <param name="size">Pixels of both sides afterwards, not less than half of what they were, since nothing antialiases; null: as they were.</param>
    /// <param name="fill">What was outside: one value for each channel; null: 0.</param>
    public Augmentation RandomAffine(
        double degrees, double shift = 0, double least = 1, double most = 1, double shear = 0, int? size = null, PictureFilter filter = PictureFilter.Bilinear, byte[]? fill = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(least);
        return With(RandomWarps.Affine(
            Share(degrees, 0, double.MaxValue), Share(shift, 0, 1), Share(least, 0, most), Share(most, least, double.MaxValue), Share(shear, 0, double.MaxValue), size, filter, fill));
    }

    /// <summary>Left becomes right. Not where texts or labels speak of sides.</summary>
    public Augmentation Flip(double probability = 0.5) => Sometimes(probability, static (Picture picture, ref RandomStream _) => picture.FlipHorizontally());

    /// <summary>Above becomes below.</summary>
    public Augmentation FlipVertically(double probability = 0.5) => Sometimes(probability, static (Picture picture, ref RandomStream _) => picture.FlipVertically());

    /// <summary>Some of fourteen changes, each drawn with replacement, as torchvision's RandAugment.</summary>
    /// <param name="count">Changes a picture, 0 or more.</param>
    /// <param name="magnitude">0..30: how strong.</param>
    public Augmentation RandAugment(int count = 2, int magnitude = 9, PictureFilter filter = PictureFilter.Nearest) => With(RandomChanges.RandAugment(count, magnitude, filter));

    /// <summary>Brightness, contrast, saturation by a factor 1 - x..1 + x, and hue by -x..x of the circle, in any order.</summary>
    /// <param name="hue">0..0.5.</param>
    public Augmentation ColourJitter(double brightness = 0, double contrast = 0, double saturation = 0, double hue = 0) =>
        With(RandomChanges.ColourJitter(Share(brightness, 0, double.MaxValue), Share(contrast, 0, double.MaxValue), Share(saturation, 0, double.MaxValue), Share(hue, 0, 0.5)));

    /// <summary>Colours go.</summary>
    public Augmentation Grey(double probability = 0.1) => Sometimes(probability, static (Picture picture, ref RandomStream _) => picture.WithoutColour());

    /// <summary>A box of a share of the area, its sides between 3 : 10 and 10 : 3, becomes noise, or one colour.</summary>
    /// <param name="colour">One value for each channel; null: noise.</param>
    public Augmentation RandomErasing(double probability = 0.25, double least = 0.02, double most = 0.33, byte[]? colour = null) =>
        Sometimes(probability, RandomBoxes.Erasing(Share(least, 0, most), Share(most, least, 1), colour));

    private static double Share(double value, double least, double most, [CallerArgumentExpression(nameof(value))] string name = "") => value >= least && value <= most ? value
        : throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"{name} is {value}; legal is {(most == double.MaxValue ? $"{least} or more" : $"{least}..{most}")}."));

    private Augmentation Sometimes(double probability, PictureChange change)
    {
        Share(probability, 0, 1);
        return With((Picture picture, ref RandomStream random) => random.Uniform() < probability ? change(picture, ref random) : picture);
    }

    private Augmentation With(PictureChange change) => new(_seed, [.. _changes, change]);
}
