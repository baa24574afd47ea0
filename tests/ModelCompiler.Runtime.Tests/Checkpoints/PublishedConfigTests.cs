using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelCompiler.Cli.Scaffolding;
using ModelCompiler.Compiler;
using ModelCompiler.Compiler.Spec;
using ModelCompiler.Models.Presets;
using ModelCompiler.Runtime.Checkpoints;

namespace ModelCompiler.Runtime.Tests.Checkpoints;

/// <summary>
/// Files that older versions of transformers wrote have all keys of a configuration in every tower; newer ones leave out whatever is the default. Both scaffold, and load
/// into the class that is scaffolded and into the preset.
/// </summary>
public sealed class PublishedConfigTests
{
    private const string Siglip = """{ "architectures": ["SiglipModel"], "initializer_factor": 1.0, "model_type": "siglip", "text_config": { "model_type": "siglip_text_model" }, "vision_config": { "model_type": "siglip_vision_model" } }""";

    private static readonly Dictionary<string, JsonObject> s_files = new()
    {
        ["clip-b32"] = Clip(32),
        ["clip-b16"] = Clip(16, image: new() { ["patch_size"] = 16 }),
        ["clip-b16 said twice"] = Clip(16, new() { ["hidden_size"] = 512, ["projection_dim"] = 512, ["dropout"] = 0.0 }, new() { ["hidden_size"] = 768, ["patch_size"] = 16, ["architectures"] = null }),
        ["siglip-b16"] = Of(Siglip),
        ["chinese-clip-b16"] = ChineseClip(),
    };

    private static readonly (string, int)[] s_both = [("hidden_size", 8), ("intermediate_size", 12), ("num_attention_heads", 2), ("num_hidden_layers", 1)],
        s_pictures = [.. s_both, ("image_size", 8), ("patch_size", 4)], s_text = [.. s_both, ("vocab_size", 11), ("max_position_embeddings", 6)];

    private static readonly Dictionary<string, (string, int)[]> s_sizes = new() { ["vision_config"] = s_pictures, ["vision_config_dict"] = s_pictures, ["text_config"] = s_text, ["text_config_dict"] = s_text };

    public static TheoryData<string> Files => new(s_files.Keys);

    public static TheoryData<string, Type, Type, Type> Presets => new(
        ("clip-b32", typeof(ClipVitB32), typeof(ClipPictures32), typeof(ClipTexts)), ("clip-b16", typeof(ClipVitB16), typeof(ClipPictures16), typeof(ClipTexts)),
        ("clip-b16 said twice", typeof(ClipVitB16), typeof(ClipPictures16), typeof(ClipTexts)), ("siglip-b16", typeof(SiglipB16), typeof(SiglipPictures), typeof(SiglipTexts)));

    [Theory, MemberData(nameof(Presets))]
    public void A_preset_loads_what_is_published(string name, Type preset, Type image, Type text)
    {
        var file = s_files[name];
        var table = Description(preset).Checkpoint;
        using var folder = Written(file);
        Assert.Empty(ConfigCheck.Compare(folder["config.json"], table).Unread);

        var spec = Scaffolded(folder);
        Assert.Equal(table.Bindings.Select(Stored), CompilerPipeline.CheckpointOf(spec).Tensors.Select(static t => $"{t.Name} [{string.Join(", ", t.StoredShape)}]"));
        var towers = spec.Attributes[0].TypeArguments;
        Assert.Equal([Options(image), Options(text)], towers.Select(static t => Options(t.Attributes[0])));
        Assert.Equal(Options(preset), Options(spec.Attributes[0]));
    }

    [Theory, MemberData(nameof(Files))]
    public void A_folder_with_these_keys_gives_its_weights(string name)
    {
        var file = Tiny(s_files[name]);
        using var written = Written(file);
        var spec = Scaffolded(written);
        using var folder = new EditedFolder(spec);
        File.WriteAllText(folder["config.json"], file.ToJsonString());
        using var model = HostedModels.Create(spec, seed: 3);
        Assert.Empty(model.Core.LoadPretrained(folder.Path).Unread);
        Assert.Equal(folder.Weights, HostedModels.Weights(model));
    }

    [Theory]
    [InlineData("vision_config.dropout", "0.1", "vision_config.dropout = 0.1 (supported: 0)", null)]
    [InlineData("text_config.is_decoder", "true", "text_config.is_decoder = true (supported: false)", "text_config.is_decoder: expected false, found true")]
    [InlineData("vision_config.is_encoder_decoder", "true", "vision_config.is_encoder_decoder = true (supported: false)", "vision_config.is_encoder_decoder: expected false, found true")]
    [InlineData("text_config.add_cross_attention", "true", "text_config.add_cross_attention = true (supported: false)", "text_config.add_cross_attention: expected false, found true")]
    [InlineData("text_config.pruned_heads", """{ "0": [1] }""", "text_config.pruned_heads = {\"0\": [1]} (supported: {}, null)", "text_config.pruned_heads: expected {}, found { \"0\": [1] }")]
    [InlineData("text_config_dict", """{ "hidden_size": 256 }""", "text_config_dict.hidden_size = 256 (supported: what is said beside it, 512)", "text_config_dict.hidden_size: expected 512, found 256")]
    [InlineData("vision_config_dict", """{ "hidden_act": "gelu", "patch_size": 32 }""", "vision_config_dict.hidden_act = \"gelu\" (supported: what is said beside it, \"quick_gelu\")", "vision_config_dict.hidden_act: expected \"quick_gelu\", found \"gelu\"")]
    [InlineData("text_config_dict", """{ "wings": 2 }""", "text_config_dict.wings = 2 (no counterpart)", null)]
    [InlineData("text_config_dict", """{ "eos_token_id": 49407 }""", "text_config_dict.eos_token_id = 49407 (supported: what is said beside it, 2)", "text_config_dict.eos_token_id: expected 2, found 49407")]
    [InlineData("text_config_dict", "5", "text_config_dict = 5 (supported: an object)", "text_config_dict: expected an object or null, found 5")]
    public void What_would_be_another_model_is_refused(string key, string value, string problem, string? difference)
    {
        var file = Clip(32);
        JsonNode at = file;
        foreach (var part in key.Split('.')[..^1])
        {
            at = at[part]!;
        }

        at[key.Split('.')[^1]] = JsonNode.Parse(value);
        using var folder = Written(file);
        var result = CheckpointFolder.Scaffold(folder.Path, "Demo");
        Assert.Null(result.Spec);
        Assert.Contains(problem, result.Unsupported);
        Assert.Equal(difference is null ? [] : [difference], ConfigCheck.Problems(Description(typeof(ClipVitB32)).Checkpoint.Config, JsonDocument.Parse(file.ToJsonString(new JsonSerializerOptions { WriteIndented = false })).RootElement).Select(static p => p.Replace("{\"0\":[1]}", "{ \"0\": [1] }")));
    }

    [Theory]
    [InlineData("bert")]
    [InlineData("distilbert")]
    [InlineData("gpt2")]
    [InlineData("opt")]
    [InlineData("vit")]
    [InlineData("deit")]
    [InlineData("dinov2")]
    public void Any_tower_may_have_all_keys(string type)
    {
        var file = Whole(type, 8, 2, "{}");
        foreach (var (size, _) in s_both)
        {
            file.Remove(size);
        }

        using var folder = Written(file);
        var all = Scaffolded(folder);
        using var bare = Written(Of($$"""{ "model_type": "{{type}}", "pad_token_id": null }"""));
        Assert.Equal(Scaffolded(bare), all);
    }

    // Of what the reader of such an object takes the default, where the towers say something else.
    [Fact]
    public void What_a_second_object_lacks_is_the_default_in_it()
    {
        var file = Clip(32, new() { ["num_hidden_layers"] = 12 }, new() { ["num_hidden_layers"] = 12 });
        file["text_config"]!["hidden_act"] = "gelu";
        using var folder = Written(file);
        Assert.Contains("text_config_dict.hidden_act = null (supported: what is said beside it, \"gelu\")", CheckpointFolder.Scaffold(folder.Path, "Demo").Unsupported);
    }

    private static string Stored(TensorBinding b) => $"{b.Name} [{string.Join(", ", b.StoredShape)}]";

    private static ModelDescription Description(Type preset) => (ModelDescription)preset.GetField("s_description", BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null)!;

    private static ModelSpec Scaffolded(TemporaryFolder folder)
    {
        var result = CheckpointFolder.Scaffold(folder.Path, "Demo.Model");
        Assert.Empty(result.Unsupported);
        return result.Spec!;
    }

    private static TemporaryFolder Written(JsonObject file)
    {
        var folder = new TemporaryFolder();
        File.WriteAllText(folder["config.json"], file.ToJsonString());
        return folder;
    }

    // As the class has them, with what the default stands for.
    private static string[] Options(Type type) => Options(type.GetCustomAttributes().Single(static a => a is TowerAttribute or TowersAttribute));

    private static string[] Options(AttributeSpec spec)
    {
        var attribute = (Attribute)AttributeBinder.Plain(AttributeBinder.TypeOf(spec.Name))!;
        foreach (var argument in spec.Arguments)
        {
            var property = attribute.GetType().GetProperty(argument.Name)!;
            property.SetValue(attribute, argument.Value switch
            {
                SpecValue.Integer i => property.PropertyType.IsEnum ? Enum.ToObject(property.PropertyType, i.Value) : Convert.ToInt32(i.Value),
                SpecValue.Real r => r.Value,
                SpecValue.Flag f => f.Value,
                var other => throw new ArgumentException($"{argument.Name} is {other}"),
            });
        }

        return Options(attribute);
    }

    private static string[] Options(Attribute attribute) => [.. attribute.GetType().GetProperties().Where(static p => p.CanWrite)
        .Select(p => $"{p.Name} = {(p.Name == "FeedForward" && p.GetValue(attribute) is 0 ? 4 * ((TransformerAttribute)attribute).Width : p.GetValue(attribute))}").Order(StringComparer.Ordinal)];

    // Sizes are said whether the file says them or not, since their defaults are the published ones.
    private static JsonObject Tiny(JsonObject file)
    {
        var tiny = (JsonObject)file.DeepClone();
        foreach (var tower in s_sizes.Keys.Where(k => tiny[k] is JsonObject))
        {
            foreach (var (key, value) in s_sizes[tower])
            {
                tiny[tower]![key] = value;
            }
        }

        if (tiny["projection_dim"] is not null)
        {
            tiny["projection_dim"] = 4;
        }

        // Its default is an id of the published vocabulary.
        if (tiny["text_config_dict"] is JsonObject again)
        {
            again["eos_token_id"] = 2;
        }

        return tiny;
    }

    private static JsonObject Clip(int patch, JsonObject? text = null, JsonObject? image = null)
    {
        var file = Of("""{ "architectures": ["CLIPModel"], "initializer_factor": 1.0, "logit_scale_init_value": 2.6592, "model_type": "clip", "projection_dim": 512, "transformers_version": null }""");
        file["text_config"] = Whole("clip_text_model", 512, 8, """
            { "attention_dropout": 0.0, "dropout": 0.0, "hidden_act": "quick_gelu", "layer_norm_eps": 1e-05, "max_position_embeddings": 77, "vocab_size": 49408, "bos_token_id": 0, "eos_token_id": 2, "pad_token_id": 1 }
            """);
        (file["text_config_dict"], file["vision_config"], file["vision_config_dict"]) = (text, Pictures("clip_vision_model", patch), image);
        return file;
    }

    private static JsonObject ChineseClip()
    {
        var file = Of("""
            {
                "architectures": ["ChineseCLIPModel"], "initializer_factor": 1.0, "logit_scale_init_value": 2.6592, "model_type": "chinese_clip", "projection_dim": 512, "torch_dtype": "float32",
                "text_config_dict": null, "vision_config_dict": null,
                "text_config": {
                    "architectures": ["ChineseCLIPTextModel"], "attention_probs_dropout_prob": 0.1, "bos_token_id": 0, "directionality": "bidi", "eos_token_id": 2, "hidden_act": "gelu", "hidden_dropout_prob": 0.1,
                    "hidden_size": 768, "initializer_range": 0.02, "intermediate_size": 3072, "layer_norm_eps": 1e-12, "max_position_embeddings": 512, "model_type": "chinese_clip_text_model", "num_attention_heads": 12,
                    "num_hidden_layers": 12, "output_past": true, "pad_token_id": 0, "pooler_fc_size": 768, "pooler_type": "first_token_transform", "type_vocab_size": 2, "vocab_size": 21128
                }
            }
            """);
        file["vision_config"] = Pictures("chinese_clip_vision_model", 16);
        return file;
    }

    private static JsonObject Pictures(string type, int patch)
    {
        var tower = Whole(type, 768, 12, """{ "attention_dropout": 0.0, "dropout": 0.0, "hidden_act": "quick_gelu", "image_size": 224, "layer_norm_eps": 1e-05 }""");
        tower["patch_size"] = patch;
        return tower;
    }

    private static JsonObject Of(string json) => JsonNode.Parse(json)!.AsObject();

    // With what every configuration had at the time.
    private static JsonObject Whole(string type, int width, int heads, string own)
    {
        var whole = Of("""
            {
                "_name_or_path": "", "architectures": null, "torch_dtype": null, "transformers_version": "4.16.0.dev0", "torchscript": false, "use_bfloat16": false, "return_dict": true, "prefix": null, "problem_type": null,
                "add_cross_attention": false, "cross_attention_hidden_size": null, "is_decoder": false, "is_encoder_decoder": false, "tie_encoder_decoder": false, "tie_word_embeddings": true, "pruned_heads": {}, "chunk_size_feed_forward": 0,
                "bos_token_id": null, "eos_token_id": null, "pad_token_id": null, "sep_token_id": null, "decoder_start_token_id": null, "tokenizer_class": null, "finetuning_task": null, "task_specific_params": null,
                "id2label": { "0": "LABEL_0", "1": "LABEL_1" }, "label2id": { "LABEL_0": 0, "LABEL_1": 1 }, "gradient_checkpointing": false, "initializer_factor": 1.0, "initializer_range": 0.02, "output_attentions": false, "output_hidden_states": false,
                "output_scores": false, "return_dict_in_generate": false, "max_length": 20, "min_length": 0, "do_sample": false, "early_stopping": false, "num_beams": 1, "num_beam_groups": 1, "diversity_penalty": 0.0, "temperature": 1.0, "top_k": 50,
                "top_p": 1.0, "repetition_penalty": 1.0, "length_penalty": 1.0, "no_repeat_ngram_size": 0, "encoder_no_repeat_ngram_size": 0, "bad_words_ids": null, "num_return_sequences": 1, "forced_bos_token_id": null, "forced_eos_token_id": null,
                "remove_invalid_values": false
            }
            """);
        (whole["model_type"], whole["hidden_size"], whole["intermediate_size"], whole["num_attention_heads"], whole["num_hidden_layers"]) = (type, width, 4 * width, heads, 12);
        foreach (var (key, value) in Of(own))
        {
            whole[key] = value?.DeepClone();
        }

        return whole;
    }
}
