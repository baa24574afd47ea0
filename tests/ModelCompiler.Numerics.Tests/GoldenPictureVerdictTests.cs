using ModelCompiler.Golden;
using ModelCompiler.Testing;

namespace ModelCompiler.Numerics.Tests;

/// <summary>The runner of golden folders says of pictures what is so: all right, another picture, or something that has no counterpart.</summary>
public sealed class GoldenPictureVerdictTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("golden").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("resize", "\"lanczos\"", "\"bilinear\"")]
    [InlineData("crop", "\"height\": 31", "\"height\": 32")]
    [InlineData("augment", "\"brightness_factor\": 0.6", "\"brightness_factor\": 0.7")]
    [InlineData("decode", "\"sha256\": \"", "\"sha256\": \"0")]
    public void Stored_pictures_are_all_right_and_changed_cases_are_not(string kind, string stored, string changed)
    {
        var folder = Copy(kind);
        Assert.EndsWith("\t0.000\tok", Assert.Single(GoldenPictures.Run(_root)).ToString(), StringComparison.Ordinal);
        var cases = Path.Combine(folder, "cases.json");
        File.WriteAllText(cases, File.ReadAllText(cases).Replace(stored, changed, StringComparison.Ordinal));
        var result = Assert.Single(GoldenPictures.Run(_root));
        Assert.StartsWith("off (", result.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void A_processor_with_another_mean_is_off_and_an_unknown_one_is_named()
    {
        var config = Path.Combine(Copy("processors/clip-32"), "preprocessor_config.json");
        Assert.True(Assert.Single(GoldenPictures.Run(_root)).IsOk);
        File.WriteAllText(config, File.ReadAllText(config).Replace("0.48145466", "0.5", StringComparison.Ordinal));
        Assert.StartsWith("off (", Assert.Single(GoldenPictures.Run(_root)).Verdict, StringComparison.Ordinal);
        File.WriteAllText(config, File.ReadAllText(config).Replace("CLIPImage", "OtherImage", StringComparison.Ordinal));
        Assert.Contains("OtherImageProcessor", Assert.Single(GoldenPictures.Run(_root)).Verdict);
    }

    private string Copy(string kind)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, "images", kind)).FullName;
        foreach (var file in Directory.EnumerateFiles(Beside.Shared(["golden", "images", .. kind.Split('/')])))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        if (!Directory.Exists(Path.Combine(_root, "data")))
            Directory.CreateSymbolicLink(Path.Combine(_root, "data"), Beside.Shared("data"));
        return folder;
    }
}
