using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelCompiler.Cli.Scaffolding;
using ModelCompiler.Compiler;
using ModelCompiler.Compiler.Checkpoints;
using ModelCompiler.Compiler.Spec;
using ModelCompiler.Runtime.Checkpoints;
using ModelCompiler.Testing;

namespace ModelCompiler.Runtime.Tests.Checkpoints;

/// <summary>What config.json says is compared by what it means, in every place where the reference reads it.</summary>
public sealed class ConfigurationTests
{
    private static readonly AttributeSpec s_head = ModelCases.Attribute("Classification", ("Classes", 3));

    private static readonly Dictionary<string, AttributeSpec[]> s_timm = new()
    {
        ["ratio"] = [ModelCases.Vision(("Width", 36), ("FeedForward", 97)), s_head],
        ["norms of heads"] = [ModelCases.Vision(("QueryKeyNorm", true)), s_head],
        ["high patches"] = [ModelCases.Attribute("VisionTransformer", ("ImageSize", 8), ("PatchHeight", 4), ("PatchWidth", 2), ("Width", 8), ("Depth", 1), ("Heads", 2)), s_head],
        ["no bias of projections"] = [ModelCases.Vision(("Biases", Biases.QueryKeyValue | Biases.Norm | Biases.Patch | Biases.Gate)), s_head],
        ["no final norm"] = [ModelCases.Vision(("FinalNorm", Toggle.Off)), s_head],
        ["mean without a norm"] = [ModelCases.Vision(("FinalNorm", Toggle.Off), ("Pooling", Pooling.Mean)), s_head],
        ["mean behind a norm"] = [ModelCases.Vision(("Pooling", Pooling.Mean)), s_head],
        ["norm of the class token"] = [ModelCases.Vision(("FinalNorm", Toggle.Off), ("PoolNorm", true)), s_head],
        ["no pooling"] = [ModelCases.Vision(("Pooling", Pooling.None))],
        ["sigmoid"] = [ModelCases.Vision(("Activation", Activation.Sigmoid)), s_head],
    };

    // Towers of a CLIP without their projections, and with one of the width before it.
    private static readonly Dictionary<string, ModelSpec> s_towers = new()
    {
        ["text"] = Stored(CheckpointFormat.HuggingFaceClipText, ModelCases.Text("TransformerDecoder", ("Pooling", Pooling.End), ("EndToken", 3))),
        ["projected text"] = Stored(CheckpointFormat.HuggingFaceClipText, ModelCases.Text("TransformerDecoder", ("Pooling", Pooling.HighestId), ("Pooler", Pooler.Linear), ("PoolerWidth", 8), ("PoolerBias", false))),
        ["pictures"] = Stored(CheckpointFormat.HuggingFaceClipVision, Pictures()),
        ["projected pictures"] = Stored(CheckpointFormat.HuggingFaceClipVision, Pictures(("Pooler", Pooler.Linear), ("PoolerWidth", 8), ("PoolerBias", false))),
    };

    public static TheoryData<string> Timm => new(s_timm.Keys);

    public static TheoryData<string> Towers => new(s_towers.Keys);

    [Theory, MemberData(nameof(Timm))]
    public void A_timm_folder_gives_the_same_model_again(string name) => GivesTheSameAgain(Stored(CheckpointFormat.TimmVit, s_timm[name]));

    [Theory, MemberData(nameof(Towers))]
    public void A_tower_of_CLIP_gives_the_same_model_again(string name) => GivesTheSameAgain(s_towers[name]);

    [Fact]
    public void A_tower_of_CLIP_is_loaded_with_its_own_end_and_projection_alone()
    {
        using var folder = new EditedFolder(s_towers["projected text"]);
        using var model = HostedModels.Create(s_towers["projected text"]);
        using var ending = HostedModels.Create(s_towers["text"]);
        Assert.Contains("eos_token_id: expected 3, found 2", Refusal(ending));
        folder.Config["eos_token_id"] = 3;
        folder.Save();
        Assert.Contains("eos_token_id: expected 2, found 3", Refusal(model));
        Assert.Contains("text_projection.weight", ending.Core.LoadPretrained(folder.Path).ToString());

        string Refusal(IModel model) => Assert.Throws<CheckpointException>(() => model.Core.LoadPretrained(folder.Path)).Message;
    }

    private static void GivesTheSameAgain(ModelSpec spec)
    {
        using var folder = new EditedFolder(spec);
        var again = CheckpointFolder.Scaffold(folder.Path, "Demo.Model");
        Assert.Empty(again.Unsupported);
        Assert.Equal(Options(spec), Options(again.Spec!));
        using var model = HostedModels.Create(again.Spec!, seed: 3);
        Assert.Empty(model.Core.LoadPretrained(folder.Path).Unread);
        Assert.Equal(folder.Weights, HostedModels.Weights(model));
    }

    [Fact]
    public void A_ratio_is_compared_by_the_width_that_it_gives()
    {
        var spec = Stored(CheckpointFormat.TimmVit, s_timm["ratio"]);
        using var folder = new EditedFolder(spec);
        using var model = HostedModels.Create(spec);
        foreach (var ratio in new[] { 2.7, 2.695, 97.5 / 36 })
        {
            folder.Config["model_args"]!["mlp_ratio"] = ratio;
            folder.Save();
            model.Core.LoadPretrained(folder.Path);
        }

        foreach (var ratio in new JsonNode[] { 2.6667, 2.73, "2.7" })
        {
            folder.Config["model_args"]!["mlp_ratio"] = ratio;
            folder.Save();
            Assert.Contains($"model_args.mlp_ratio: expected 2.69444444444444", Assert.Throws<CheckpointException>(() => model.Core.LoadPretrained(folder.Path)).Message);
        }
    }

    [Theory]
    [InlineData(7)]
    [InlineData(36)]
    [InlineData(49)]
    [InlineData(384)]
    [InlineData(1152)]
    public void Every_ratio_that_is_written_reads_as_the_same_width(int width)
    {
        var row = ConfigRow.Ratio("mlp_ratio", 4);
        for (var inner = 1; inner < 5 * width; inner++)
        {
            var value = row.Value(ModelCases.Bind(ModelCases.Vision(("Width", width), ("FeedForward", inner))))!;
            Assert.Equal(inner, (int)(width * double.Parse(value.Json, CultureInfo.InvariantCulture)));
        }
    }

    [Theory]
    [InlineData("""{ "architecture": "vit_tiny_patch16_224", "num_classes": 7, "global_pool": "avg" }""")]
    [InlineData("""{ "architecture": "vit_tiny_patch16_224", "num_classes": 7, "global_pool": "token", "model_args": { "global_pool": "avg" } }""")]
    [InlineData("""{ "architecture": "vit_tiny_patch16_224", "num_classes": 7 }""", "global_pool: expected \"avg\", found nothing")]
    [InlineData("""{ "architecture": "vit_tiny_patch16_224", "num_classes": 7, "global_pool": "token" }""", "global_pool: expected \"avg\", found \"token\"")]
    [InlineData("""{ "architecture": "vit_tiny_patch16_224", "num_classes": 8, "global_pool": "avg" }""", "num_classes: expected 7, found 8")]
    [InlineData("""{ "architecture": "vit_tiny_patch16_224", "num_classes": 7, "global_pool": "avg", "model_args": { "num_heads": 4 } }""", "model_args.num_heads: expected 3, found 4")]
    [InlineData("""{ "architecture": "vit_tiny_patch16_224", "num_classes": 7, "global_pool": "avg", "model_args": { "fc_norm": false } }""", "model_args.fc_norm: expected true, found false")]
    [InlineData("""{ "architecture": "vit_tiny_patch16_224", "num_classes": 7, "global_pool": "avg", "model_args": { "qk_norm": true } }""", "model_args.qk_norm: expected false, found true")]
    public void A_published_file_says_its_options_by_name_or_beside_it(string json, params string[] problems)
    {
        var spec = Stored(CheckpointFormat.TimmVit,
            ModelCases.Attribute("VisionTransformer", ("ImageSize", 224), ("PatchSize", 16), ("Width", 192), ("Depth", 12), ("Heads", 3), ("Pooling", Pooling.Mean), ("PoolNorm", true), ("FinalNorm", Toggle.Off)),
            ModelCases.Attribute("Classification", ("Classes", 7)));
        var entries = CompilerPipeline.CheckpointOf(spec).Config.Select(static c => new ConfigEntry(c.Key, c.Json, c.Synonyms, c.IsOptional, c.IsCompared));
        var found = ConfigCheck.Problems(entries, JsonDocument.Parse(json).RootElement);
        Assert.Equal(problems.Length, found.Length);
        Assert.All(found.Zip(problems), static p => Assert.EndsWith(p.Second, p.First));
    }

    [Fact]
    public void Keys_that_the_format_does_not_know_are_listed()
    {
        using var folder = new EditedFolder(HostedModels.Gpt2);
        folder.Config["unheard_of"] = "x";
        folder.Config["rope"] = new JsonObject { ["theta"] = 5 };
        folder.Config["transformers_version"] = "4.0";
        folder.Config["n_ctx"] = 6;
        folder.Save();
        using var model = HostedModels.Create(HostedModels.Gpt2);
        var report = model.Core.LoadPretrained(folder.Path);
        Assert.Equal(["unheard_of", "rope"], report.Unread);
        Assert.EndsWith("; unread keys of config.json: unheard_of, rope", report.ToString());

        var spec = Stored(CheckpointFormat.TimmVit, s_timm["ratio"]);
        using var timm = new EditedFolder(spec);
        timm.Config["model_args"]!["wings"] = 2;
        timm.Save();
        using var vision = HostedModels.Create(spec);
        Assert.Equal(["model_args.wings"], vision.Core.LoadPretrained(timm.Path).Unread);
    }

    [Fact]
    public void A_folder_of_another_format_is_refused_in_one_line()
    {
        Refuses(HostedModels.Bert, HostedModels.Vit, "its model_type is \"bert\", and the class has CheckpointFormat.Native.");
        Refuses(HostedModels.Gpt2, HostedModels.Bert, "its model_type is \"gpt2\", and the class has CheckpointFormat.HuggingFaceBert.");
        Refuses(HostedModels.Vit, HostedModels.Gpt2, "its format is \"ModelCompiler\", and the class has CheckpointFormat.HuggingFaceGpt2.");
        Refuses(Stored(CheckpointFormat.TimmVit, s_timm["ratio"]), HostedModels.Bert, "its architecture is \"VisionTransformer\", and the class has CheckpointFormat.HuggingFaceBert.");

        static void Refuses(ModelSpec folderOf, ModelSpec spec, string message)
        {
            using var folder = new EditedFolder(folderOf);
            using var model = HostedModels.Create(spec);
            var refusal = Assert.Throws<CheckpointException>(() => model.Core.LoadPretrained(folder.Path)).Message;
            Assert.Contains(message, refusal);
            Assert.DoesNotContain('\n', refusal);
        }
    }

    private static AttributeSpec Pictures(params (string Name, object Value)[] arguments) =>
        ModelCases.Vision([("EmbeddingNorm", true), ("FinalNorm", Toggle.Off), ("PoolNorm", true), ("Biases", Biases.All & ~Biases.Patch), .. arguments]);

    private static ModelSpec Stored(CheckpointFormat format, params AttributeSpec[] attributes) => HostedModels.Spec([.. attributes, ModelCases.Attribute("Checkpoint", ("format", format))]);

    // In an order of its own.
    private static string[] Options(ModelSpec spec) => [.. SpecSource.Print(spec).Split([',', '(', ')', '\n']).Select(static o => o.Trim()).Where(static o => o.Length > 0).Order(StringComparer.Ordinal)];
}
