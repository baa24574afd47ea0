using ModelCompiler.Testing;

namespace ModelCompiler.Data.Tests;

/// <summary>The reference's pictures: resized, decoded, cropped, preprocessed and augmented. Here every byte is the same, not only within a level.</summary>
public sealed class GoldenPictureTests(ITestOutputHelper output)
{
    private static readonly string[] s_names =
        ["resize", "decode", "crop", "augment", .. new[] { "blip-32", "clip-224", "clip-32", "clip-40-crop-32", "clip-pad", "siglip-32x40", "vit-48" }.Select(static p => $"processors/{p}")];

    public static TheoryData<string> All => [.. s_names];

    [Theory]
    [MemberData(nameof(All))]
    public void Stored_pictures_are_the_same(string name)
    {
        var result = new PictureFolder(Beside.Shared(["golden", "images", .. name.Split('/')])).Compare();
        output.WriteLine($"{result.Cases} cases, {result.Exact} exact, {result.Largest:F3} of what is allowed");
        Assert.Empty(result.Wrong);
        Assert.Equal(result.Cases, result.Exact);
    }
}
