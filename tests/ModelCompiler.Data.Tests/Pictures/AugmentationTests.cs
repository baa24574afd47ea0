using CsCheck;
using ModelCompiler.Runtime;

namespace ModelCompiler.Data.Tests;

/// <summary>Random changes: replayed by name, within their ranges, as often as promised.</summary>
public sealed class AugmentationTests
{
    private static readonly Augmentation s_all = new Augmentation(7).RandomResizedCrop(0.3, 1, 24).RandomShift(2).Flip().FlipVertically().RandAugment(3, 20).ColourJitter(0.4, 0.4, 0.4, 0.1).Grey().RandomErasing().RandomAffine(20, 0.1, 0.8, 1.2, 8);

    [Fact]
    public void The_same_name_gives_the_same_picture_and_another_name_another()
    {
        var picture = AnyPicture.Noise(40, 30, 3, 1);
        var seen = new HashSet<string>();
        for (var epoch = 0; epoch < 4; epoch++)
        {
            for (var item = 0; item < 10; item++)
            {
                var changed = s_all.Apply(picture, epoch, item);
                Assert.Equal(changed.Samples, s_all.Apply(picture, epoch, item).Samples);
                seen.Add(Convert.ToBase64String(changed.Samples));
            }
        }

        Assert.InRange(seen.Count, 39, 40);
    }

    [Fact]
    public void Any_picture_can_be_changed() => Gen.Select(AnyPicture.Gen, Gen.Int[0, 1000], Gen.Enum<PictureFilter>().Where(static f => f is PictureFilter.Nearest or PictureFilter.Bilinear or PictureFilter.Bicubic))
        .Sample(static (picture, item, filter) =>
        {
            var changed = new Augmentation(3).RandomResizedCrop(0.1, 1).Flip().RandAugment(4, 30, filter).ColourJitter(0.9, 0.9, 0.9, 0.5).RandomErasing(1).RandomShift(3).RandomAffine(90, 0.5, 0.5, 2, 20, filter: filter).Apply(picture, 0, item);
            Assert.Equal(picture.Channels, changed.Channels);
        }, iter: 3_000);

    [Fact]
    public void A_flip_comes_as_often_as_asked_and_boxes_stay_in_their_range()
    {
        var picture = AnyPicture.Noise(64, 48, 1, 1);
        var flips = Enumerable.Range(0, 1000).Count(i => !new Augmentation(1).Flip(0.25).Apply(picture, 0, i).Samples.SequenceEqual(picture.Samples));
        Assert.InRange(flips, 200, 300);
        for (var i = 0; i < 300; i++)
        {
            var box = new Augmentation(1).RandomResizedCrop(0.25, 0.5).Apply(picture, 0, i);
            Assert.InRange((double)box.Width * box.Height / (64 * 48), 0.23, 0.52);
            Assert.InRange((double)box.Width / box.Height, 0.7, 1.42);
            var erased = new Augmentation(1).RandomErasing(1, 0.1, 0.2, [0]).Apply(new Picture(64, 48, 1, Enumerable.Repeat((byte)9, 64 * 48).ToArray()), 0, i);
            Assert.InRange(erased.Samples.Count((byte)0) / (64.0 * 48), 0.08, 0.22);
        }
    }

    [Fact]
    public void An_affine_change_without_a_range_is_the_one_that_it_says()
    {
        var picture = AnyPicture.Noise(24, 24, 3, 1);
        byte[] white = [255, 255, 255];
        Assert.Equal(picture.Affine(scale: 0.5, filter: PictureFilter.Bilinear, fill: white).Samples, new Augmentation(1).RandomAffine(0, least: 0.5, most: 0.5, fill: white).Apply(picture, 0, 0).Samples);
        var half = new Augmentation(1).RandomAffine(0, size: 12).Apply(picture, 0, 0);
        Assert.Equal((12, 12), (half.Width, half.Height));
        Assert.All(Enumerable.Range(0, 144), i =>
        {
            var at = ((i / 12 * 48) + (i % 12 * 2)) * 3;
            Assert.Equal((picture.Samples[at] + picture.Samples[at + 3] + picture.Samples[at + 72] + picture.Samples[at + 75]) / 4, half.Samples[i * 3]);
        });
    }

    [Fact]
    public void Affine_changes_use_all_of_their_ranges_and_no_more()
    {
        // One black pixel on white: where it goes is what was drawn.
        var samples = Enumerable.Repeat((byte)255, 64 * 64).ToArray();
        samples[(32 * 64) + 32] = 0;
        var picture = new Picture(64, 64, 1, samples);
        var moved = new Augmentation(1).RandomAffine(0, shift: 0.125, filter: PictureFilter.Nearest, fill: [255]);
        int[] places = [.. Enumerable.Range(0, 2_000).Select(i => moved.Apply(picture, 0, i).Samples.IndexOf((byte)0))];
        Assert.Equal((24, 40, 24, 40), (places.Min(static p => p % 64), places.Max(static p => p % 64), places.Min(static p => p / 64), places.Max(static p => p / 64)));
        Assert.Contains("shift is 1.5; legal is 0..1", Assert.Throws<ArgumentOutOfRangeException>(() => new Augmentation(1).RandomAffine(0, shift: 1.5)).Message);
        Assert.Contains("degrees is -1", Assert.Throws<ArgumentOutOfRangeException>(() => new Augmentation(1).RandomAffine(-1)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Augmentation(1).RandomAffine(0, least: 0));
        Assert.Contains("least is 2; legal is 0..1", Assert.Throws<ArgumentOutOfRangeException>(() => new Augmentation(1).RandomAffine(0, least: 2)).Message);
    }

    [Fact]
    public void A_change_does_not_move_what_the_next_one_draws()
    {
        var picture = AnyPicture.Noise(16, 16, 3, 1);
        var (flipped, twice) = (new Augmentation(5).Flip(0).Flip(), new Augmentation(5).Grey(0).Flip());
        for (var i = 0; i < 100; i++)
            Assert.Equal(flipped.Apply(picture, 0, i).Samples, twice.Apply(picture, 0, i).Samples);
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.8)]
    [InlineData(1)]
    [InlineData(3)]
    public void Shares_are_of_a_beta_distribution(double alpha)
    {
        var random = new RandomStream(1, 2, 3);
        double[] shares = [.. Enumerable.Range(0, 20_000).Select(_ => random.Beta(alpha))];
        Assert.All(shares, static s => Assert.InRange(s, 0, 1));
        Assert.Equal(0.5, shares.Average(), 0.01);
        Assert.Equal(1 / (4 * ((2 * alpha) + 1)), shares.Average(static s => (s - 0.5) * (s - 0.5)), 0.004);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Mixed_rows_are_their_own_and_their_partners_as_the_targets_say(bool cuts)
    {
        var shares = new HashSet<double>();
        for (var number = 0; number < 50; number++)
        {
            // Row r holds r + 1 everywhere, so what is in it tells whose it is.
            var batch = new Batch(4);
            for (var row = 0; row < 4; row++)
                batch[row].Fill(row + 1);
            var mixed = cuts ? BatchMixing.Cutmix(batch, 9, number) : BatchMixing.Mixup(batch, 9, number);
            var targets = mixed.Targets([0, 1, 2, 3], 4);
            for (var row = 0; row < 4; row++)
            {
                var expected = (mixed.Share * (row + 1)) + ((1 - mixed.Share) * (mixed.Partner(row) + 1));
                Assert.Equal(expected, batch[row].ToArray().Average(static v => (double)v), 1e-4);
                Assert.Equal(1, targets.AsSpan(row * 4, 4).ToArray().Sum(), 1e-5);
                Assert.Equal(mixed.Share, targets[(row * 4) + row], 1e-6);
            }

            shares.Add(mixed.Share);
        }

        Assert.True(shares.Count > 20);
    }

    [Theory]
    [InlineData(0.8, 1, 1, 0.5, 0.5, 0.5)]
    [InlineData(0.8, 1, 0.7, 0.25, 0.525, 0.175)]
    [InlineData(0.8, 0, 1, 1, 1, 0)]
    [InlineData(0, 1, 1, 0, 0, 1)]
    [InlineData(0, 0, 1, 0.5, 0, 0)]
    public void Batches_are_mixed_as_often_as_is_said(double mixup, double cutmix, double probability, double cuts, double byMixup, double byCutmix)
    {
        const int Draws = 4_000;
        var mixing = new Mixing { MixupAlpha = mixup, CutmixAlpha = cutmix, Probability = probability, CutmixProbability = cuts };
        var (batch, mixed, cut) = (new Batch(2), 0, 0);
        for (var number = 0; number < Draws; number++)
        {
            // Between the two rows' values there is something in mixup alone; a box may be empty or all there is.
            batch[0].Fill(0);
            batch[1].Fill(1);
            var rows = mixing.Apply(batch, 5, number);
            var isBlend = batch.Values.Any(static v => v is > 0 and < 1);
            mixed += isBlend ? 1 : 0;
            cut += !isBlend && rows.Share < 1 ? 1 : 0;
        }

        Assert.Equal(byMixup, (double)mixed / Draws, 0.03);
        Assert.Equal(byCutmix, (double)cut / Draws, 0.03);
    }

    [Fact]
    public void A_share_of_classes_is_of_classes_that_there_are()
    {
        var rows = new MixedRows(0.75, 2);
        Assert.Equal([0.75f, 0, 0.25f, 0.25f, 0, 0.75f], rows.Targets([0, 2], 3));
        Assert.Contains("Label 1 is 3; legal is 0..2.", Assert.Throws<ArgumentException>(() => rows.Targets([0, 3], 3)).Message);
        Assert.Contains("Label 0 is -1; legal is 0..2.", Assert.Throws<ArgumentException>(() => rows.Targets([-1, 3], 3)).Message);
        Assert.Contains("3 labels into 6 shares", Assert.Throws<ArgumentException>(() => rows.Write([0, 1, 2], new float[6])).Message);
        Assert.Contains("2 labels into 5 shares", Assert.Throws<ArgumentException>(() => rows.Write([0, 1], new float[5])).Message);
    }

    [Fact]
    public void Mixing_outside_of_its_range_is_refused()
    {
        Refuses("MixupAlpha is -1; legal is 0 or more.", new Mixing { MixupAlpha = -1 });
        Refuses("CutmixAlpha is NaN; legal is 0 or more.", new Mixing { CutmixAlpha = double.NaN });
        Refuses("Probability is 2; legal is 0..1.", new Mixing { Probability = 2 });
        Refuses("CutmixProbability is -0.5; legal is 0..1.", new Mixing { CutmixProbability = -0.5 });

        static void Refuses(string message, Mixing mixing) => Assert.Contains(message, Assert.Throws<ArgumentOutOfRangeException>(() => mixing.Apply(new Batch(2), 1, 1)).Message);
    }

    [Fact]
    public void Arguments_outside_of_their_range_are_refused()
    {
        Assert.Contains("probability is 1.5; legal is 0..1.", Assert.Throws<ArgumentOutOfRangeException>(static () => new Augmentation(1).Flip(1.5)).Message);
        Assert.Contains("brightness is -1; legal is 0 or more.", Assert.Throws<ArgumentOutOfRangeException>(static () => new Augmentation(1).ColourJitter(brightness: -1)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(static () => new Augmentation(1).RandomResizedCrop(0.8, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(static () => new Augmentation(1).RandAugment(2, 31));
        Assert.Throws<ArgumentOutOfRangeException>(static () => new Augmentation(1).ColourJitter(hue: 0.6));
        Assert.Throws<ArgumentOutOfRangeException>(static () => AnyPicture.Noise(2, 2, 3, 1).AdjustHue(double.NaN));
        Assert.Throws<ArgumentException>(static () => AnyPicture.Noise(2, 2, 3, 1).Affine(filter: PictureFilter.Lanczos));
    }

    private sealed class Batch(int count) : PictureBatch(count, 3, 20, 25);
}
