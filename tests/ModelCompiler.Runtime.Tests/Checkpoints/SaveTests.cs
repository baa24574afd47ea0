using System.Text.Json.Nodes;
using ModelCompiler.Cli.Scaffolding;
using ModelCompiler.Compiler.Spec;
using ModelCompiler.Runtime.Checkpoints;
using ModelCompiler.Testing;

namespace ModelCompiler.Runtime.Tests.Checkpoints;

/// <summary>Folders that models save: the reference's own tensors, and a configuration that gives the same model again.</summary>
public sealed class SaveTests
{
    // Buffers and second copies that the reference stores and reads without need.
    private static readonly string[] s_copies = ["position_ids", "attn.bias", "attn.masked_bias", "lm_head.weight", "lm_head.decoder.weight", "lm_head.decoder.bias", "cls.predictions.decoder.weight", "cls.predictions.decoder.bias",
        "encoder.pooler.dense.weight", "encoder.pooler.dense.bias"]; // the last two of a ViT whose tokens a decoder reads

    public static TheoryData<string> ReferenceFolders => new(Directory.EnumerateFiles(Golden, "config.json", SearchOption.AllDirectories)
        .Where(static f => !StoredLosses.Is(Path.GetDirectoryName(f)!)).Select(static f => Path.GetRelativePath(Golden, Path.GetDirectoryName(f)!).Replace('\\', '/')).Order(StringComparer.Ordinal));

    public static TheoryData<string> OwnFormat => new(ModelCases.Towers);

    public static TheoryData<string> Compositions => new(ModelCases.All.Keys.Except(ModelCases.Towers));

    private static string Golden => Path.Combine(Folders.Root, "tests", "Golden");

    [Theory, MemberData(nameof(ReferenceFolders))]
    public void A_folder_of_the_reference_is_saved_as_it_was(string name)
    {
        var reference = Path.Combine(Golden, name);
        var spec = CheckpointFolder.Scaffold(reference, "Demo.Model").Spec!;
        using var saved = new TemporaryFolder();
        using (var model = HostedModels.Create(spec))
        {
            model.Core.LoadPretrained(reference);
            model.Core.Save(saved.Path);
        }

        // As open_clip publishes its own.
        var weights = name.StartsWith("open_clip/", StringComparison.Ordinal) ? FolderNames.OpenClipWeights : WeightFiles.FileName;
        Assert.Equal(weights == WeightFiles.FileName ? [FolderNames.Config, weights] : [FolderNames.OpenClipConfig, weights], saved.Names);
        Assert.Equal(Print(spec), Print(CheckpointFolder.Scaffold(saved.Path, "Demo.Model").Spec!));
        using var before = new SafetensorsFile(Path.Combine(reference, WeightFiles.FileName));
        using var after = new SafetensorsFile(saved[weights]);
        foreach (var tensor in before.Tensors.Where(t => after.Contains(t.Name) || !s_copies.Any(c => t.Name.EndsWith(c, StringComparison.Ordinal))))
        {
            Assert.Equal(tensor.Shape, after[tensor.Name].Shape);
            Assert.Equal(before.Read(tensor.Name), after.Read(tensor.Name));
        }

        Assert.All(after.Tensors, t => Assert.True(before.Contains(t.Name), t.Name));
    }

    [Theory, MemberData(nameof(OwnFormat))]
    public void Our_own_folder_gives_the_same_model_again(string name)
    {
        var spec = HostedModels.Spec(ModelCases.All[name]);
        using var saved = new TemporaryFolder();
        using var model = HostedModels.Create(spec);
        model.Core.Save(saved.Path);
        var again = CheckpointFolder.Scaffold(saved.Path, "Demo.Model");
        Assert.Empty(again.Unsupported);
        Assert.Equal(Print(Normalised(spec)), Print(again.Spec!));
        using var other = HostedModels.Create(again.Spec!, seed: 2);
        other.Core.LoadPretrained(saved.Path);
        Assert.Equal(HostedModels.Weights(model), HostedModels.Weights(other));
    }

    // Its class is written by hand: our own folder does not say how the classes of its towers are called.
    [Theory, MemberData(nameof(Compositions))]
    public void Two_towers_are_loaded_by_their_own_class_alone(string name)
    {
        using var saved = new TemporaryFolder();
        using var model = HostedModels.Create(HostedModels.Spec(ModelCases.All[name]));
        model.Core.Save(saved.Path);
        using var other = HostedModels.Create(HostedModels.Spec(ModelCases.All[name]), seed: 2);
        Assert.NotEqual(HostedModels.Weights(model), HostedModels.Weights(other));
        other.Core.LoadPretrained(saved.Path);
        Assert.Equal(HostedModels.Weights(model), HostedModels.Weights(other));
        var option = ModelCases.All[name][0].TypeArguments.All(static t => t.Attributes[0].Name == "PrecomputedFeatures") ? "Width" : "FeedForward";
        using var wider = HostedModels.Create(HostedModels.Spec(ModelCases.All[name].With((option, 20))));
        Assert.Contains(option, Assert.Throws<CheckpointException>(() => wider.Core.LoadPretrained(saved.Path)).Message);
        Assert.Contains(CheckpointFolder.Scaffold(saved.Path, "Demo.Model").Unsupported, static u => u.StartsWith("architecture = ", StringComparison.Ordinal));
    }

    [Fact]
    public void Keys_of_the_reference_are_written()
    {
        using var folder = new EditedFolder(HostedModels.Bert);
        Assert.Equal("BertForPreTraining", (string?)folder.Config["architectures"]![0]);
        Assert.Equal("bert", (string?)folder.Config["model_type"]);
        Assert.Equal(8, (int?)folder.Config["hidden_size"]);
        Assert.Equal(1e-12, (double?)folder.Config["layer_norm_eps"]);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("0"), folder.Config["pad_token_id"]));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_refused_and_left()
    {
        using var model = HostedModels.Create(HostedModels.Gpt2);
        using var folder = new EditedFolder(HostedModels.Gpt2);
        Assert.Contains("cannot be made", Assert.Throws<CheckpointException>(() => model.Core.Save(folder.WeightFile)).Message);
        var before = File.ReadAllBytes(folder.WeightFile);
        File.Delete(folder["config.json"]);
        Directory.CreateDirectory(folder["config.json"]);
        Assert.Throws<CheckpointException>(() => model.Core.Save(folder["config.json/../model.safetensors/deeper"]));
        Assert.Equal(before, File.ReadAllBytes(folder.WeightFile));
        Assert.SkipUnless(OperatingSystem.IsLinux(), "there is no folder that nobody can write to");
        Assert.Throws<CheckpointException>(() => model.Core.Save("/proc/model"));
    }

    [Fact]
    public void A_disk_that_is_full_leaves_the_checkpoint_that_was_there()
    {
        using var folder = new EditedFolder(HostedModels.Gpt2);
        var table = new CheckpointTable("Native", [], [new TensorBinding("a", [], ["a"], false, [4])], [], []);
        var parameters = new Dictionary<string, Parameter> { ["a"] = new("a", [4], 0, new Failing(), null) };
        Assert.Throws<CheckpointException>(() => Pretrained.Save(folder.Path, table, parameters));
        using var model = HostedModels.Create(HostedModels.Gpt2);
        model.Core.LoadPretrained(folder.Path);
        Assert.Equal(folder.Weights, HostedModels.Weights(model));
        Assert.Equal(["config.json", "model.safetensors"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)!);
    }

    [Fact]
    public void Savers_and_loaders_of_one_folder_do_not_disturb_each_other() => Guard.Run(static () =>
    {
        using var folder = new EditedFolder(HostedModels.Gpt2);
        var isDone = false;
        var loader = Task.Run(() =>
        {
            using var model = HostedModels.Create(HostedModels.Gpt2, seed: 9);
            while (!Volatile.Read(ref isDone))
            {
                // Each seed's first weight tells its whole file.
                model.Core.LoadPretrained(folder.Path);
                var weights = HostedModels.Weights(model);
                using var saved = HostedModels.Create(HostedModels.Gpt2, Enumerable.Range(2, 3).Select(static s => (ulong)s).Single(s => First(s) == weights["embeddings.token.weight"][0]));
                Assert.Equal(HostedModels.Weights(saved), weights);
            }
        });
        Task.WaitAll([.. new ulong[] { 2, 3, 4 }.Select(seed => Task.Run(() =>
        {
            using var model = HostedModels.Create(HostedModels.Gpt2, seed);
            for (var i = 0; i < 10; i++)
            {
                model.Core.Save(folder.Path);
            }
        }))]);
        Volatile.Write(ref isDone, true);
        loader.GetAwaiter().GetResult();

        static float First(ulong seed)
        {
            using var model = HostedModels.Create(HostedModels.Gpt2, seed);
            return model.Core.Parameters["embeddings.token.weight"].ToArray()[0];
        }
    });

    private static string Print(ModelSpec spec) => SpecSource.Print(spec);

    // As scaffolding writes a spec: architecture and objective, sorted, without what is the default.
    private static ModelSpec Normalised(ModelSpec spec)
    {
        return spec with
        {
            Attributes = new(spec.Attributes.Where(static a => AttributeBinder.TypeOf(a.Name) is var t && (t.IsSubclassOf(typeof(ModelAttribute)) || t.IsSubclassOf(typeof(ObjectiveAttribute)))).Select(static a => a with
            {
                Arguments = new(a.Arguments.Where(x => !IsDefault(a, x)).OrderBy(x => Place(a, x))),
            }))
        };

        static int Place(AttributeSpec attribute, ArgumentSpec argument) => Array.FindIndex(AttributeBinder.TypeOf(attribute.Name).GetProperties(), p => p.Name == argument.Name);

        static bool IsDefault(AttributeSpec attribute, ArgumentSpec argument)
        {
            var type = AttributeBinder.TypeOf(attribute.Name);
            var value = type.GetProperty(argument.Name)!.GetValue(Activator.CreateInstance(type));
            return argument.Value switch
            {
                SpecValue.Flag f => Equals(f.Value, value),
                SpecValue.Real r => Equals(r.Value, value),
                SpecValue.Integer i => Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture) == i.Value,
                _ => false,
            };
        }
    }

    private sealed class Failing : ParameterMemory
    {
        public override void Read(long offset, Span<float> destination) => throw new IOException("No space left on device");

        public override void Write(long offset, ReadOnlySpan<float> source) => throw new NotSupportedException();
    }
}
