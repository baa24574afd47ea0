using ModelCompiler.Testing;

namespace ModelCompiler.Data.Tests;

/// <summary>The reference's pictures: resized, decoded, cropped, preprocessed and augmented. Here every byte is the same, not only within a level.</summary>
public sealed class GoldenPictureTests(ITestOutputHelper output)
{
    private static readonly string s_own = Path.Combine(Folders.Root, "tests", "Golden", "images");
    private static readonly string[] s_names =
        ["resize", "decode", "crop", "augment", .. new[] { "blip-32", "clip-224", "clip-32", "clip-40-crop-32", "clip-pad", "siglip-32x40", "vit-48" }.Select(static p => $"processors/{p}")];

    public static TheoryData<string> All => [.. s_names];

    public static TheoryData<string> Own => [.. s_names.Where(static n => Directory.Exists(Path.Combine(s_own, n)))];

    [Theory]
    [MemberData(nameof(Own))]
    public void Stored_pictures_of_the_repository_are_the_same(string name) => Compare(Path.Combine(s_own, name));

    [Theory]
    [MemberData(nameof(All))]
    public void Stored_pictures_beside_the_repository_are_the_same(string name)
    {
        if (Folders.Shared(["golden", "images", .. name.Split('/')]) is { } folder)
            Compare(folder);
        else
            Assert.Skip($"shared/golden/images/{name} is in no folder above {AppContext.BaseDirectory}.");
    }

    private void Compare(string folder)
    {
        var result = new PictureFolder(folder).Compare();
        output.WriteLine($"{result.Cases} cases, {result.Exact} exact, {result.Largest:F3} of what is allowed");
        Assert.Empty(result.Wrong);
        Assert.Equal(result.Cases, result.Exact);
    }
}
