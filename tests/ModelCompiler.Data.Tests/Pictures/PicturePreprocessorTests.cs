using ModelCompiler.Runtime;
using ModelCompiler.Testing;

namespace ModelCompiler.Data.Tests;

/// <summary>Preprocessors: what they refuse, batches on threads, memory.</summary>
public sealed class PicturePreprocessorTests
{

    private const string Clip = """
        {"image_processor_type": "CLIPImageProcessor", "do_resize": true, "size": {"shortest_edge": 40}, "resample": 3, "do_center_crop": true, "crop_size": {"height": 32, "width": 32},
         "do_rescale": true, "rescale_factor": 0.00392156862745098, "do_normalize": true, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5], "do_convert_rgb": true}
        """;

    [Theory]
    [InlineData("\"resample\": 3", "\"resample\": 3, \"sharpen\": 2", "'sharpen'")]
    [InlineData("\"resample\": 3", "\"resample\": 6", "resample is 6; legal is 0..5")]
    [InlineData("\"shortest_edge\": 40", "\"longest_edge\": 40", "size.height is missing")]
    [InlineData("\"shortest_edge\": 40", "\"shortest_edge\": 40, \"longest_edge\": 80", "'longest_edge'")]
    [InlineData("CLIPImageProcessor", "ViltImageProcessor", "'ViltImageProcessor'; legal are CLIPImageProcessor")]
    [InlineData("\"do_resize\": true", "\"do_resize\": 1", "do_resize is 1; legal is true or false")]
    [InlineData("\"do_resize\": true", "\"do_pad\": true", "do_pad has no counterpart")]
    [InlineData("\"do_center_crop\": true", "\"do_center_crop\": false", "pictures keep different shapes")]
    [InlineData("\"image_std\": [0.5, 0.5, 0.5]", "\"image_std\": [0.5, 0, 0.5]", "image_std")]
    [InlineData("\"image_mean\": [0.5, 0.5, 0.5]", "\"image_mean\": [0.5]", "image_mean has other than three finite numbers")]
    public void A_field_that_could_change_pictures_is_an_error_that_names_it(string field, string changed, string message)
    {
        Assert.Equal((32, 32, 40), PreprocessorJson.Read(System.Text.Encoding.UTF8.GetBytes(Clip), "a.json") is var read ? (read.Height, read.Width, read.ShortestEdge) : default);
        var bytes = System.Text.Encoding.UTF8.GetBytes(Clip.Replace(field, changed, StringComparison.Ordinal));
        var error = Assert.Throws<InvalidDataException>(() => PreprocessorJson.Read(bytes, "a.json"));
        Assert.StartsWith("a.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Former_files_say_sizes_as_one_number()
    {
        var text = Clip.Replace("{\"shortest_edge\": 40}", "40", StringComparison.Ordinal).Replace("{\"height\": 32, \"width\": 32}", "32", StringComparison.Ordinal)
            .Replace("\"image_processor_type\": \"CLIPImageProcessor\"", "\"feature_extractor_type\": \"CLIPFeatureExtractor\"", StringComparison.Ordinal);
        var read = PreprocessorJson.Read(System.Text.Encoding.UTF8.GetBytes(text), "a.json");
        Assert.Equal((32, 32, 40, PictureFit.ShortestEdge), (read.Height, read.Width, read.ShortestEdge, read.Fit));
    }

    // What the reference's own classes do where a file does not say.
    [Theory]
    [InlineData("ViTImageProcessor", PictureFilter.Bilinear)]
    [InlineData("ViTFeatureExtractor", PictureFilter.Bilinear)]
    [InlineData("ViTImageProcessorFast", PictureFilter.Bilinear)]
    [InlineData("CLIPImageProcessor", PictureFilter.Bicubic)]
    [InlineData("BlipImageProcessor", PictureFilter.Bicubic)]
    [InlineData("SiglipImageProcessor", PictureFilter.Bicubic)]
    [InlineData("DeiTImageProcessor", PictureFilter.Bicubic)]
    [InlineData("BitImageProcessor", PictureFilter.Bicubic)]
    public void A_filter_that_is_not_said_is_that_of_the_class(string type, PictureFilter filter)
    {
        var text = Clip.Replace("\"resample\": 3, ", "", StringComparison.Ordinal).Replace("CLIPImageProcessor", type, StringComparison.Ordinal);
        Assert.Equal(filter, PreprocessorJson.Read(System.Text.Encoding.UTF8.GetBytes(text), "a.json").Filter);
    }

    // As facebook's DeiT has it: another size than that of the crop, and no word of cropping.
    [Theory]
    [InlineData("{\"height\": 256, \"width\": 256}", "{\"height\": 224, \"width\": 224}", 256, 256)]
    [InlineData("256", "224", 256, 256)]
    [InlineData("{\"height\": 250, \"width\": 300}", "{\"height\": 224, \"width\": 224}", 250, 300)]
    public void A_picture_is_stretched_to_one_size_and_its_centre_cut_out(string size, string crop, int height, int width)
    {
        var text = $$"""{"feature_extractor_type": "DeiTFeatureExtractor", "do_resize": true, "size": {{size}}, "resample": 3, "crop_size": {{crop}}, "do_normalize": true, "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}""";
        var read = PreprocessorJson.Read(System.Text.Encoding.UTF8.GetBytes(text), "a.json");
        Assert.Equal((224, 224, height, width, PictureFit.Stretch), (read.Height, read.Width, read.StretchHeight, read.StretchWidth, read.Fit));
        var picture = Picture.Read(Beside.Photograph("cat-wide.png"));
        var found = new float[read.PictureFloats];
        read.Write(picture, found);
        var expected = new float[read.PictureFloats];
        new PicturePreprocessor(224, 224) { Fit = PictureFit.None, Mean = read.Mean, Deviation = read.Deviation }.Write(picture.Resize(width, height, PictureFilter.Bicubic).CentreCrop(224, 224), expected);
        Assert.Equal(expected, found);
    }

    [Fact]
    public void A_batch_has_the_same_numbers_for_any_number_of_threads()
    {
        string[] paths = [.. Directory.EnumerateFiles(Beside.Shared("data", "photos", "pictures")).Order(StringComparer.Ordinal)];
        var preprocessor = PicturePreprocessor.Clip(48);
        var expected = preprocessor.Fill(new Batch(paths.Length, 48), paths, threads: 1).Values;
        var single = new float[preprocessor.PictureFloats];
        preprocessor.Write(Picture.Read(paths[3]), single);
        Assert.Equal(single, expected.AsSpan(3 * single.Length, single.Length));
        foreach (var threads in new[] { 2, 3, 8 })
            Assert.Equal(expected, preprocessor.Fill(new Batch(paths.Length, 48), paths, threads).Values);
    }

    [Fact]
    public void The_first_file_that_cannot_be_decoded_is_the_error_whatever_the_threads()
    {
        var good = Beside.Photograph("cat-wide.png");
        var (first, second) = (Path.Combine(Folders.Root, "README.md"), Path.Combine(Folders.Root, "ARCHITECTURE.md"));
        string[] paths = [good, first, good, second, good, good];
        for (var i = 0; i < 20; i++)
            Assert.StartsWith(first, Assert.Throws<InvalidDataException>(() => PicturePreprocessor.Vit(16).Fill(new Batch(6, 16), paths, threads: 4)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Batches_of_other_sizes_are_refused()
    {
        var picture = AnyPicture.Noise(9, 9, 3, 1);
        Assert.Contains("3 x 16 x 16", Assert.Throws<ArgumentException>(() => PicturePreprocessor.Vit(16).Fill(new Batch(1, 17), [picture])).Message);
        Assert.Contains("1 rows", Assert.Throws<ArgumentException>(() => PicturePreprocessor.Vit(16).Fill(new Batch(1, 16), [picture, picture])).Message);
        Assert.Contains("768", Assert.Throws<ArgumentException>(() => PicturePreprocessor.Vit(16).Write(picture, new float[767])).Message);
    }

    [Fact]
    public void The_pixels_of_files_take_no_new_memory()
    {
        var bytes = File.ReadAllBytes(Beside.Photograph("cat.png"));
        var preprocessor = PicturePreprocessor.Clip(64);
        var pixels = new float[preprocessor.PictureFloats];
        preprocessor.Write(bytes, "cat", pixels);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++)
            preprocessor.Write(bytes, "cat", pixels);
        // Handles of the decoder; the pixels are 240,000 bytes a time.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10 * 20_000);
    }

    private sealed class Batch(int count, int size) : PictureBatch(count, 3, size, size);

    [Theory]
    [InlineData(1, 20_000)]
    [InlineData(20_000, 3)]
    public void A_thin_picture_that_would_be_huge_is_broken(int width, int height)
    {
        var problem = Assert.Throws<InvalidDataException>(() => PicturePreprocessor.Clip().Write(new Picture(width, height, 3, new byte[width * height * 3]), new float[3 * 224 * 224]));
        Assert.Contains($"{width} x {height} pixels are 224 x ", problem.Message);
    }
}
