using ModelCompiler.Data;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Training;
using ModelCompiler.Testing;

namespace ModelCompiler.Models.Tests;

/// <summary>The examples of docs/pictures.md compile and run: they are this file's, line by line.</summary>
public sealed class PicturesPageTests : IDisposable
{
    private readonly string _output = Directory.CreateTempSubdirectory("pictures").FullName;

    public void Dispose() => Directory.Delete(_output, recursive: true);

    [Fact]
    public void A_file_is_read_resized_cropped_and_saved()
    {
        var (path, output, Console) = (Beside.Photograph("cat.png"), _output, new Lines());

        Picture picture = Picture.Read(path);                               // JPEG, PNG, WebP, BMP, GIF's first frame; upright
        Console.WriteLine(picture.ToString());                              // 300 x 200, RGB
        Picture small = picture.Resize(48, 32, PictureFilter.Bicubic);      // antialiased, as Pillow's resize
        Picture centre = small.CentreCrop(32, 32);
        centre.Save(Path.Combine(output, "centre.png"));

        Assert.Equal(["300 x 200, RGB"], Console.All);
        Assert.Equal(centre.Samples, Picture.Read(Path.Combine(output, "centre.png")).Samples);
    }

    [Fact]
    public void Models_take_their_batches()
    {
        var folder = Beside.Shared("golden", "images", "processors", "clip-32");
        var cat = Beside.Photograph("cat.png");
        string[] paths = [cat, cat];
        var picture = Picture.Read(cat);

        PicturePreprocessor preprocessor = PicturePreprocessor.Load(folder);      // preprocessor_config.json; or .Clip(), .Vit(), .Blip(), .SigLip()
        preprocessor = new PicturePreprocessor(height: 32, width: 32)             // or as the model was trained
        {
            Fit = PictureFit.ShortestEdge,
            ShortestEdge = 36,
            Filter = PictureFilter.Bilinear,
            Mean = [0.485f, 0.456f, 0.406f],
            Deviation = [0.229f, 0.224f, 0.225f],
        };

        var batch = new ShapesVit.Pictures(paths.Length);                         // the model's own picture type
        preprocessor.Fill(batch, paths);                                          // on all processors; the same numbers for any number of threads
        preprocessor.Write(picture, batch[0]);                                    // one picture into its row

        Assert.Equal(batch[1], batch[0]);
        var labels = new[] { 2, 5 };

        var augmentation = new Augmentation(seed: 1).RandomResizedCrop(0.5, 1).Flip().RandAugment(2, 9).RandomErasing();
        Picture seen = augmentation.Apply(picture, epoch: 3, item: 17);           // the same for the same three numbers
        preprocessor.Stretching().Write(seen, batch[0]);                          // boxes to the model's size, nothing cut
        MixedRows mixed = BatchMixing.Cutmix(batch, seed: 1, number: 250);        // or Mixup
        float[] targets = mixed.Targets(labels, classes: 6);                      // shares of classes, [count, classes]

        Assert.Equal(seen.Samples, augmentation.Apply(picture, 3, 17).Samples);
        Assert.Equal(2, targets.Sum(), 1e-5);
    }

    [Fact]
    public void Classes_are_mixed_as_pictures_are()
    {
        var folder = Beside.Shared("data", "photos", "flowers");
        var preprocessor = PicturePreprocessor.Vit(32);
        using var model = new FlowersVit(new CpuDevice(2), seed: 1);

        var known = ClassFolders.Open(folder).Where(i => i % 5 != 0);
        var training = known.ToBatches(
            preprocessor.Stretching(), new DataOptions { Batch = 16, Seed = 1 }, rows => new FlowersVit.Batch(new FlowersVit.Pictures(rows)), batch => (batch.Inputs, batch.Probabilities),
            new Mixing { MixupAlpha = 0.8, CutmixAlpha = 1 }, new Augmentation(seed: 1).RandomResizedCrop().Flip());
        FitResult result = model.Fit(training, new FitOptions { Steps = 4, Output = TextWriter.Null });

        Assert.Equal(4, result.Steps);
        var batch = training.Get(0, null);
        Assert.All(batch.Probabilities.Chunk(5), static p => Assert.Equal(1, p.Sum(), 1e-5));
        Assert.Contains(batch.Probabilities, static p => p is > 0 and < 1);
    }

    [Fact]
    public void The_page_shows_what_is_tested()
    {
        var source = File.ReadAllText(Path.Combine(Folders.Root, "tests", "ModelCompiler.Models.Tests", "PicturesPageTests.cs"));
        var examples = File.ReadAllText(Path.Combine(Folders.Root, "docs", "pictures.md")).ReplaceLineEndings("\n").Split("```csharp\n").Skip(1).Select(static e => e.Split("```")[0]).ToArray();
        Assert.Equal(4, examples.Length);
        Assert.All(examples, e => Assert.Contains(string.Concat(e.TrimEnd('\n').Split('\n').Select(static l => (l.Length > 0 ? "        " : "") + l + "\n")), source));
    }

    private sealed class Lines
    {
        public List<string> All { get; } = [];

        public void WriteLine(string line) => All.Add(line);
    }
}
