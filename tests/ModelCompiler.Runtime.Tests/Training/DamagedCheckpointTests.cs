using ModelCompiler.Runtime.Checkpoints;
using ModelCompiler.Testing;

namespace ModelCompiler.Runtime.Tests.Training;

/// <summary>A checkpoint that cannot be used is named, with what to do; nothing is lost.</summary>
public sealed class DamagedCheckpointTests : IDisposable
{
    private static readonly Dictionary<string, Func<byte[], byte[]>> s_damages = new()
    {
        ["truncated"] = static b => b[..^1],
        ["half"] = static b => b[..(b.Length / 2)],
        ["header"] = static b => [.. b[..8], (byte)(b[8] ^ 1), .. b[9..]],
        ["length"] = static b => [(byte)(b[0] ^ 128), .. b[1..]],
        ["empty"] = static _ => [],
        ["a weight"] = static b => Flipped(b, b.Length - 100),
        ["the seed"] = static b => Flipped(b, b.AsSpan().IndexOf("\"seed\":\""u8) + 8),
        ["its checksum"] = static b => Flipped(b, b.Length - 1),
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Damages => new(s_damages.Keys);

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Damages))]
    public void The_one_before_a_damaged_one_is_gone_on_from(string damage)
    {
        Fits.Run(Fits.Options(_folder.Path, 40));
        var (damaged, older) = (Fits.Checkpoint(_folder, 40), Fits.Checkpoint(_folder, 35));
        File.WriteAllBytes(damaged, s_damages[damage](File.ReadAllBytes(damaged)));
        using var model = Trainee.Trainee.Create();
        var before = model.Digest();
        var message = Assert.Throws<CheckpointException>(() => model.Fit(Trainee.Trainee.Data(1), Fits.Options(_folder.Path))).Message;
        Assert.StartsWith(damaged, message);
        Assert.Contains($"set ResumeFrom to '{older}'", message);
        Assert.Equal((before, 0L), (model.Digest(), model.Core.Steps));
        Fits.Cut(Fits.Options(_folder.Path) with { ResumeFrom = older }, 37);
        Assert.True(File.Exists(damaged));
        Assert.Equal(Fits.Whole.Digest, Fits.Run(Fits.Options(_folder.Path) with { ResumeFrom = older }).Digest);
    }

    [Fact]
    public void One_of_before_checksums_is_gone_on_from()
    {
        Fits.Run(Fits.Options(_folder.Path, 40));
        var path = Fits.Checkpoint(_folder, 40);
        using (var file = new SafetensorsFile(path))
        {
            var notes = new Dictionary<string, string>(file.Metadata) { ["format"] = "modelcompiler-training-1" };
            SafetensorsWriter.Write(_folder["old"], [.. file.Tensors.Where(static t => t.Name != "checksum").Select(t => new TensorToWrite(t.Name, t.Shape, () => file.Read(t.Name)))], notes);
        }

        File.Move(_folder["old"], path, overwrite: true);
        Assert.Equal(Fits.Whole.Digest, Fits.Run(Fits.Options(_folder.Path)).Digest);
    }

    [Fact]
    public void A_damaged_one_goes_when_the_run_that_went_on_before_it_saves()
    {
        Fits.Run(Fits.Options(_folder.Path, 40));
        File.WriteAllBytes(Fits.Checkpoint(_folder, 40), []);
        Fits.Run(Fits.Options(_folder.Path, 33) with { ResumeFrom = Fits.Checkpoint(_folder, 30) });
        Assert.Equal([Fits.Checkpoint(_folder, 30), Fits.Checkpoint(_folder, 33)], Fits.Checkpoints(_folder).Select(n => _folder[n]));
    }

    [Fact]
    public void Weights_alone_are_no_checkpoint()
    {
        Fits.Run(Fits.Options(_folder.Path, 10));
        var best = Path.Combine(_folder["best"], "model.safetensors");
        Assert.Equal(
            $"{best} is no training checkpoint: its format is pt, not modelcompiler-training-2. Weights alone are loaded by LoadPretrained.",
            Assert.Throws<CheckpointException>(() => Fits.Run(Fits.Options(_folder.Path) with { ResumeFrom = best })).Message);
        Assert.Contains("missing", Assert.Throws<CheckpointException>(() => Fits.Run(Fits.Options(_folder.Path) with { ResumeFrom = _folder["missing"] })).Message);
    }

    [Fact]
    public void Another_models_is_refused()
    {
        using var bert = HostedModels.Create(HostedModels.Bert);
        TrainingCheckpoint.Write(_folder["bert"], bert.Core, RunState.Start);
        var message = Assert.Throws<CheckpointException>(() => Fits.Run(Fits.Options(_folder.Path) with { ResumeFrom = _folder["bert"] })).Message;
        Assert.StartsWith($"{_folder["bert"]}, a checkpoint of Model, does not fit Trainee:", message);
        Assert.Contains("more", message);
    }

    [Fact]
    public void One_of_the_same_shapes_and_another_number_of_heads_is_refused()
    {
        using var one = Vit(heads: 1);
        using var two = Vit(heads: 2);
        TrainingCheckpoint.Write(_folder["one"], one.Core, RunState.Start);
        TrainingCheckpoint.Read(_folder["one"], one.Core);
        Assert.EndsWith("does not fit Model:\n  VisionTransformer.Heads: expected 2, found 1", Assert.Throws<CheckpointException>(() => TrainingCheckpoint.Read(_folder["one"], two.Core)).Message);

        static IModel Vit(int heads) => HostedModels.Create(HostedModels.Spec(
            ModelCases.Attribute("VisionTransformer", ("ImageSize", 8), ("PatchSize", 4), ("Width", 8), ("Depth", 1), ("Heads", heads)),
            ModelCases.Attribute("Classification", ("Classes", 3)), ModelCases.Attribute("AdamW")));
    }

    // The lowest bit: what is read stays well-formed.
    private static byte[] Flipped(byte[] bytes, int at) => [.. bytes[..at], (byte)(bytes[at] ^ 1), .. bytes[(at + 1)..]];
}
