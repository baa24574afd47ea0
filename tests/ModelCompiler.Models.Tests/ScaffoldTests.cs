using System.Text.Json.Nodes;
using ModelCompiler.Cli.Scaffolding;
using ModelCompiler.Compiler;
using ModelCompiler.Compiler.Checkpoints;
using ModelCompiler.Testing;

namespace ModelCompiler.Models.Tests;

/// <summary>Classes from configurations: what the reference would compute, or the keys that have no counterpart; never a guess.</summary>
public sealed class ScaffoldTests : IDisposable
{
    private const string Bert = """ "model_type": "bert", "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "vocab_size": 30, "intermediate_size": 48 """;
    private const string Timm = """ "embed_dim": 36, "depth": 2, "num_heads": 4, "img_size": 16, "patch_size": 4 """;

    private static readonly string s_golden = Path.Combine(Folders.Root, "tests", "Golden");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("modelc");

    public static TheoryData<string> Configurations => new(Directory.EnumerateFiles(s_golden, "config.json", SearchOption.AllDirectories)
        .Where(static f => !StoredLosses.Is(Path.GetDirectoryName(f)!)).Select(static f => Path.GetRelativePath(s_golden, f)).Order(StringComparer.Ordinal));

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("mlp_ratio", "2.7", "FeedForward = 97)]")]
    [InlineData("mlp_ratio", "2.6667", "FeedForward = 96)]")]
    [InlineData("mlp_ratio", "4", "Heads = 4)]")]
    [InlineData("patch_size", "[4, 4]", "(ImageSize = 16, PatchSize = 4, Width")]
    [InlineData("patch_size", "[4, 8]", "(ImageSize = 16, PatchHeight = 4, PatchWidth = 8, Width")]
    [InlineData("img_size", "[16, 32]", "(ImageHeight = 16, ImageWidth = 32, PatchSize = 4, Width")]
    [InlineData("global_pool", "\"avg\"", "FinalNorm = Toggle.Off, Pooling = Pooling.Mean, PoolNorm = true)]")]
    [InlineData("fc_norm", "true", "FinalNorm = Toggle.Off, PoolNorm = true)]")]
    [InlineData("final_norm", "false", "FinalNorm = Toggle.Off)]")]
    [InlineData("qk_norm", "true", "QueryKeyNorm = true)]")]
    [InlineData("proj_bias", "false", "Biases = Biases.QueryKeyValue | Biases.Norm | Biases.Patch | Biases.Gate)]")]
    [InlineData("act_layer", "\"relu6\"", "Activation = Activation.Relu6)]")]
    [InlineData("act_layer", "\"sigmoid\"", "Activation = Activation.Sigmoid)]")]
    [InlineData("act_layer", "\"tanh\"", "Activation = Activation.Tanh)]")]
    [InlineData("num_classes", "5", "[Classification(Classes = 5)]")]
    public void What_timm_s_arguments_mean_is_written(string key, string value, string part) => Assert.Contains(part, Written(Arguments(key, value)).ReplaceLineEndings("").Replace("    ", " "));

    [Theory]
    [InlineData("drop_path_rate", "0.0")]
    [InlineData("drop_path_rate", "0")]
    [InlineData("patch_drop_rate", "0.0")]
    [InlineData("proj_bias", "true")]
    [InlineData("qk_norm", "false")]
    [InlineData("final_norm", "true")]
    [InlineData("fc_norm", "null")]
    [InlineData("weight_init", "\"\"")]
    [InlineData("dynamic_img_size", "false")]
    [InlineData("class_token", "true")]
    [InlineData("init_values", "null")]
    [InlineData("pos_embed", "\"learn\"")]
    [InlineData("norm_layer", "null")]
    public void Arguments_that_say_the_default_change_nothing(string key, string value) =>
        Assert.Equal(Written($$"""{ "architecture": "VisionTransformer", "model_args": { {{Timm}} } }"""), Written(Arguments(key, value)));

    [Theory]
    [InlineData("depth", "\"2\"", "model_args.depth = \"2\" (supported: a 32-bit integer above 0)")]
    [InlineData("mlp_ratio", "\"x\"", "model_args.mlp_ratio = \"x\" (supported: a number)")]
    [InlineData("mlp_ratio", "0.001", "model_args.mlp_ratio = 0.001 (supported: a number that times 36 is 1 to ")]
    [InlineData("patch_size", "[4]", "model_args.patch_size = [4] (supported: a number, or [height, width])")]
    [InlineData("num_classes", "\"a\"", "model_args.num_classes = \"a\" (supported: a 32-bit integer)")]
    [InlineData("num_classes", "-4", "model_args.num_classes = -4: Classes (-4) must be ")]
    [InlineData("num_heads", "5", "model_args.embed_dim = 36, model_args.num_heads = 5: Width (36) must be divisible by Heads (5)")]
    [InlineData("drop_path_rate", "0.1", "model_args.drop_path_rate = 0.1 (supported: 0)")]
    [InlineData("wings", "2", "model_args.wings = 2 (no counterpart)")]
    [InlineData("global_pool", "\"max\"", "model_args.global_pool = \"max\" (supported: \"token\", \"avg\", \"\")")]
    [InlineData("global_pool", "\"\"", "model_args.global_pool = \"\": Classification reads one vector a sample")]
    [InlineData("qk_norm", "1", "model_args.qk_norm = 1 (supported: true, false)")]
    [InlineData("pos_embed", "\"none\"", "model_args.pos_embed = \"none\" (supported: \"learn\")")]
    public void What_timm_s_arguments_cannot_mean_here_is_named(string key, string value, string problem) => Assert.Contains(problem, Refused(Arguments(key, value)));

    [Fact]
    public void Arguments_win_over_a_published_name()
    {
        Assert.Contains("(ImageSize = 384, PatchSize = 16, Width = 768,", Written("""{ "architecture": "vit_base_patch16_224", "model_args": { "img_size": 384 } }"""));
        var written = Written("""{ "architecture": "vit_tiny_patch16_224", "num_classes": 7, "global_pool": "avg", "pretrained_cfg": { "crop_pct": 1 } }""");
        Assert.Contains("ImageSize = 224", written);
        Assert.Contains("Pooling = Pooling.Mean", written);
        Assert.Contains("[Classification(Classes = 7)]", written);
        Assert.DoesNotContain("Classification", Written("""{ "architecture": "vit_tiny_patch16_224", "num_classes": 0 }"""));
    }

    [Theory]
    [InlineData("""{ "architecture": "vit_base_patch16_224", "pos_embed": "rope" }""", "pos_embed = \"rope\" (supported: learn, fixed)")]
    [InlineData("""{ "architecture": "vit_base_patch16_224", "model_args": 5 }""", "model_args = 5 (supported: an object)")]
    [InlineData("""{ "architecture": "vit_base_patch16_224", "global_pool": 5 }""", "global_pool = 5 (supported: a text)")]
    [InlineData("""{ "architecture": "vit_huge_patch14_224" }""", "architecture = \"vit_huge_patch14_224\" (supported: VisionTransformer, vit_{tiny,small,base,large}_patchP_S)")]
    [InlineData("""{ "model_type": "gpt2", "n_inner": "a" }""", "n_inner = \"a\" (supported: a 32-bit integer above 0, null)")]
    [InlineData("""{ "model_type": "gpt2", "pad_token_id": [1] }""", "pad_token_id = [1] (supported: a 32-bit integer, null)")]
    [InlineData("""{ "model_type": "gpt2", "scale_attn_weights": "yes" }""", "scale_attn_weights = \"yes\" (supported: true, false)")]
    [InlineData("""{ "model_type": "roberta", "pad_token_id": "x" }""", "pad_token_id = \"x\" (supported: a 32-bit integer)")]
    [InlineData("""{ "model_type": "roberta", "max_position_embeddings": "x" }""", "max_position_embeddings = \"x\" (supported: a 32-bit integer above 0)")]
    [InlineData("""{ "model_type": "vit", "qkv_bias": "no" }""", "qkv_bias = \"no\" (supported: true, false)")]
    [InlineData("""{ "model_type": "vit", "image_size": 18, "patch_size": 4 }""", "image_size = 18, patch_size = 4: ImageSize (18) must be divisible by PatchSize (4)")]
    [InlineData("""{ "model_type": "vit", "patch_size": [4, "x"] }""", "patch_size = [4, \"x\"] (supported: a number, or [height, width])")]
    [InlineData("""{ "model_type": "dinov2", "mlp_ratio": 2.5 }""", "mlp_ratio = 2.5 (supported: a 32-bit integer above 0)")]
    [InlineData("""{ "model_type": "dinov2", "use_swiglu_ffn": "no" }""", "use_swiglu_ffn = \"no\" (supported: true, false)")]
    [InlineData("""{ "model_type": "distilbert", "sinusoidal_pos_embds": 1 }""", "sinusoidal_pos_embds = 1 (supported: true, false)")]
    [InlineData("""{ "model_type": "opt", "do_layer_norm_before": "x" }""", "do_layer_norm_before = \"x\" (supported: true, false)")]
    [InlineData("""{ "model_type": "opt", "word_embed_proj_dim": "x" }""", "word_embed_proj_dim = \"x\" (supported: a 32-bit integer")]
    [InlineData("""{ "model_type": "llama", "num_key_value_heads": "x" }""", "num_key_value_heads = \"x\" (supported: a 32-bit integer")]
    [InlineData("""{ "model_type": "llama", "rope_theta": "x" }""", "rope_theta = \"x\" (supported: a number")]
    [InlineData("""{ "n_layer": 2, "n_head": 2, "n_embd": 8, "block_size": 8, "vocab_size": 9, "bias": "yes" }""", "bias = \"yes\" (supported: true, false)")]
    [InlineData("""{ "n_layer": 2, "n_head": 2, "n_embd": 8, "block_size": 8, "vocab_size": 9 }""", "bias = null (supported: true, false)")]
    [InlineData("""{ "format": "ModelCompiler", "architecture": "TransformerDecoder", "TransformerDecoder": { "Width": "8" } }""", "TransformerDecoder.Width = \"8\" (supported: a 32-bit integer)")]
    [InlineData("""{ "format": "ModelCompiler", "architecture": "TransformerDecoder", "TransformerDecoder": { "Activation": "Mish" } }""", "TransformerDecoder.Activation = \"Mish\" (supported: Gelu, ")]
    [InlineData("""{ "format": "ModelCompiler", "architecture": "Perceptron" }""", "architecture = \"Perceptron\" (supported: ")]
    public void A_value_of_another_type_is_named_by_its_key(string json, string problem) => Assert.Contains(problem, Refused(json));

    [Theory]
    [InlineData("\"intermediate_size\": \"48\"", "intermediate_size = \"48\" (supported: a 32-bit integer above 0)")]
    [InlineData("\"intermediate_size\": 48.5", "intermediate_size = 48.5 (supported: a 32-bit integer above 0)")]
    [InlineData("\"hidden_size\": -4", "hidden_size = -4 (supported: a 32-bit integer above 0)")]
    [InlineData("\"vocab_size\": 99999999999", "vocab_size = 99999999999 (supported: a 32-bit integer above 0)")]
    [InlineData("\"num_attention_heads\": 5", "hidden_size = 32, num_attention_heads = 5: Width (32) must be divisible by Heads (5)")]
    [InlineData("\"layer_norm_eps\": 0", "layer_norm_eps = 0: NormEpsilon (0) must be above 0")]
    [InlineData("\"layer_norm_eps\": \"x\"", "layer_norm_eps = \"x\" (supported: a number)")]
    [InlineData("\"hidden_dropout_prob\": 1.5", "hidden_dropout_prob = 1.5: EmbeddingDropout (1.5) must be at least 0 and below 1")]
    [InlineData("\"tie_word_embeddings\": \"no\"", "tie_word_embeddings = \"no\" (supported: true, false)")]
    [InlineData("\"hidden_act\": 5", "hidden_act = 5 (supported: gelu, ")]
    [InlineData("\"pad_token_id\": [1]", "pad_token_id = [1] (supported: a 32-bit integer, null)")]
    [InlineData("\"architectures\": [\"BertLMHeadModel\"]", "architectures = \"BertLMHeadModel\" (supported: BertModel, BertForMaskedLM, BertForPreTraining, BertForSequenceClassification)")]
    [InlineData("\"architectures\": \"BertForMaskedLM\"", "architectures = \"BertForMaskedLM\" (supported: a list)")]
    [InlineData("\"architectures\": [5]", "architectures = [5] (supported: a list with the name of a class)")]
    [InlineData("\"architectures\": [\"BertForSequenceClassification\"], \"id2label\": [1]", "id2label = [1] (supported: an object)")]
    [InlineData("\"architectures\": [\"BertForSequenceClassification\"], \"problem_type\": \"regression\"", "problem_type = \"regression\" (supported: ")]
    public void What_is_no_bert_of_ours_is_named(string entry, string problem) => Assert.Contains(problem, Refused($$"""{ {{Bert}}, {{entry}} }"""));

    [Theory]
    [InlineData("clip_text_model", "CLIPTextModelWithProjection", "EndToken = 49407")]
    [InlineData("clip_vision_model", "CLIPVisionModelWithProjection", "PoolNorm = true")]
    public void A_tower_of_CLIP_has_the_projection_that_its_class_has(string type, string name, string part)
    {
        var projecting = Written($$"""{ "model_type": "{{type}}", "architectures": ["{{name}}"] }""");
        Assert.All(["Pooler = Pooler.Linear", "PoolerWidth = 512", "PoolerBias = false", part], option => Assert.Contains(option, projecting));
        Assert.DoesNotContain("Pooler", Written($$"""{ "model_type": "{{type}}", "projection_dim": 20, "architectures": ["{{name.Replace("WithProjection", "")}}"] }"""));
        Assert.Contains($"architectures = \"CLIPModel\" (supported: {name.Replace("WithProjection", "")}, {name})", Refused($$"""{ "model_type": "{{type}}", "architectures": ["CLIPModel"] }"""));
        Assert.Contains("projection_dim = \"x\" (supported: a 32-bit integer", Refused($$"""{ "model_type": "{{type}}", "projection_dim": "x", "architectures": ["{{name}}"] }"""));
    }

    [Theory]
    [InlineData("\"pooling_mode_mean_tokens\": true", "Pooling = Pooling.Mean")]
    [InlineData("\"pooling_mode_cls_token\": true, \"pooling_mode_mean_tokens\": false", "Pooling = Pooling.Cls")]
    [InlineData("\"pooling_mode_lasttoken\": true", "Pooling = Pooling.Last")]
    public void A_sentence_encoder_s_pooling_is_its_own(string pooling, string part)
    {
        WriteBeside("1_Pooling/config.json", $"{{ {pooling}, \"word_embedding_dimension\": 32 }}");
        var written = Written($"{{ {Bert} }}");
        Assert.Contains(part, written);
        Assert.DoesNotContain("Pooler", written);
    }

    [Theory]
    [InlineData("\"pooling_mode_max_tokens\": true", "1_Pooling: pooling_mode_max_tokens = true (supported: one of pooling_mode_cls_token, pooling_mode_mean_tokens, pooling_mode_lasttoken)")]
    [InlineData("\"pooling_mode_mean_sqrt_len_tokens\": true", "1_Pooling: pooling_mode_mean_sqrt_len_tokens = true (")]
    [InlineData("\"pooling_mode_cls_token\": true, \"pooling_mode_mean_tokens\": true", "1_Pooling: pooling_mode_cls_token, pooling_mode_mean_tokens = true (")]
    [InlineData("\"pooling_mode_mean_tokens\": \"yes\"", "1_Pooling: pooling_mode_mean_tokens = \"yes\" (supported: true, false)")]
    [InlineData("\"word_embedding_dimension\": 32", "1_Pooling: no pooling_mode = true (")]
    public void Another_pooling_is_named(string pooling, string problem)
    {
        WriteBeside("1_Pooling/config.json", $"{{ {pooling} }}");
        Assert.Contains(problem, Refused($"{{ {Bert} }}"));
    }

    [Fact]
    public void Modules_that_follow_the_model_are_mentioned()
    {
        const string Begin = """[{ "type": "sentence_transformers.models.Transformer" }, { "type": "sentence_transformers.models.Pooling" }, { "type": "sentence_transformers.models.""";
        WriteBeside("1_Pooling/config.json", "{ \"pooling_mode_mean_tokens\": true }");
        WriteBeside("modules.json", Begin + "Normalize\" }]");
        var (code, output, error) = Scaffold($"{{ {Bert} }}");
        Assert.Equal(0, code);
        Assert.Contains("Pooling = Pooling.Mean", output);
        Assert.Contains("note: modules.json ends in Normalize", error);
        WriteBeside("modules.json", "[{ \"type\": \"sentence_transformers.models.Transformer\" }, { \"type\": \"sentence_transformers.models.Pooling\", \"path\": \"2_Pooling\" }]");
        Assert.Contains("2_Pooling", Scaffold($"{{ {Bert} }}").Error);
        WriteBeside("2_Pooling/config.json", "{ \"pooling_mode_cls_token\": true }");
        Assert.Contains("Pooling = Pooling.Cls", Written($"{{ {Bert} }}"));
        WriteBeside("modules.json", Begin + "Dense\" }]");
        Assert.Contains("modules.json: type = \"Dense\" (supported: Transformer, Pooling, Normalize)", Refused($"{{ {Bert} }}"));
    }

    [Theory]
    [InlineData("all-MiniLM-L6-v2", "AllMiniLML6V2")]
    [InlineData("my_bert", "MyBert")]
    [InlineData("7b", "Model7b")]
    [InlineData("+++", "Model")]
    public void Without_a_name_the_folder_gives_it(string folder, string name)
    {
        var path = Directory.CreateDirectory(Path.Combine(_folder.FullName, "x", folder)).FullName;
        File.WriteAllText(Path.Combine(path, "config.json"), $"{{ {Bert} }}");
        var (code, output, _) = Tool.Run("scaffold", path + Path.DirectorySeparatorChar);
        Assert.Equal(0, code);
        Assert.Contains($"public partial class {name};", output);
    }

    [Theory]
    [InlineData("class")]
    [InlineData("My.namespace.Bert")]
    [InlineData("record")]
    public void A_word_of_the_language_is_no_name(string name)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "config.json"), $"{{ {Bert} }}");
        var (code, output, error) = Tool.Run("scaffold", _folder.FullName, "--name", name);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains($"in --name {name} is a word of C#", error);
    }

    [Theory, MemberData(nameof(Configurations))]
    public void Whatever_a_key_says_there_is_a_legal_class_or_a_reason(string name)
    {
        const string Senseless = "[1]";
        string[] values = [Senseless, "\"x\"", "\"\"", "-1", "0", "1", "5", "2.5", "1e300", "9999999999", "true", "false", "null", "[]", "[4, 2]", "[\"a\"]", "{}", "{ \"0\": 1 }"];
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(s_golden, name)))!.AsObject();
        foreach (var (at, key, root) in json.SelectMany(e => Keys(json, e.Key)).ToArray())
        {
            var before = at[key];
            foreach (var value in values)
            {
                at[key] = JsonNode.Parse(value);
                WriteBeside("config.json", json.ToJsonString());
                var result = CheckpointFolder.Scaffold(_folder.FullName, "Demo");
                Assert.True(result.Spec is null ? result.Unsupported.Count > 0 : CompilerPipeline.Check(result.Spec).Count == 0, $"{key} = {value}");
                Assert.True(value != Senseless || result.Spec is null || root == "reference" || CheckpointFamily.All.Single(f => f.Format == result.Format).Neutral is var neutral && (neutral.Contains(root) || neutral.Contains(key)), $"{key} = {value}");
            }

            at[key] = before;
        }

        static IEnumerable<(JsonObject At, string Key, string Root)> Keys(JsonObject json, string root) =>
            json[root] is JsonObject inner ? inner.Select(e => (inner, e.Key, root)).Prepend((json, root, root)) : [(json, root, root)];
    }

    private static string Arguments(string key, string value) => $$"""{ "architecture": "VisionTransformer", "model_args": { {{Timm}}, "{{key}}": {{value}} } }""";

    private void WriteBeside(string name, string json)
    {
        var file = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, json);
    }

    private string Written(string json)
    {
        var (code, output, error) = Scaffold(json);
        Assert.Equal((0, ""), (code, error));
        return output;
    }

    private string Refused(string json)
    {
        var (code, output, error) = Scaffold(json);
        Assert.Equal((1, ""), (code, output));
        return error;
    }

    private (int Code, string Output, string Error) Scaffold(string json)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "config.json"), json);
        return Tool.Run("scaffold", _folder.FullName, "--name", "Demo");
    }
}
