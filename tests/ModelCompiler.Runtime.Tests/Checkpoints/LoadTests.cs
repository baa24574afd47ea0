using ModelCompiler.Compiler.Spec;
using ModelCompiler.Runtime.Checkpoints;
using ModelCompiler.Testing;

namespace ModelCompiler.Runtime.Tests.Checkpoints;

/// <summary>What emitted models take from a folder, and what they refuse: all weights or none.</summary>
public sealed class LoadTests
{
    [Fact]
    public void What_was_saved_is_loaded_bit_by_bit()
    {
        foreach (var spec in new[] { HostedModels.Gpt2, HostedModels.Bert, HostedModels.Vit })
        {
            using var folder = new EditedFolder(spec);
            var report = Loads(folder, spec);
            Assert.Empty(report.Skipped);
            Assert.Empty(report.Ignored);
            Assert.Empty(report.Unread);
            Assert.Equal(folder.Tensors.Count, report.Loaded.Count);
        }
    }

    [Fact]
    public void Every_key_that_differs_is_named_with_both_values()
    {
        using var folder = new EditedFolder(HostedModels.Gpt2);
        folder.Config["n_embd"] = 16;
        folder.Config["n_head"] = "2";
        folder.Config["activation_function"] = "gelu";
        folder.Config["model_type"] = null;
        folder.Config.Remove("n_layer");
        folder.Save();
        var message = folder.Refusal(HostedModels.Gpt2);
        Assert.Contains("n_embd: expected 8, found 16\n", message);
        Assert.Contains("n_head: expected 2, found \"2\"\n", message);
        Assert.Contains("activation_function: expected \"gelu_new\", found \"gelu\"\n", message);
        Assert.Contains("model_type: expected \"gpt2\", found null\n", message);
        Assert.Contains("n_layer: expected 2, found nothing\n", message);
        Assert.Equal(5, message.Split("expected").Length - 1);
    }

    [Fact]
    public void Keys_that_mean_the_same_are_no_difference()
    {
        using var folder = new EditedFolder(HostedModels.Gpt2);
        folder.Config["layer_norm_epsilon"] = System.Text.Json.Nodes.JsonNode.Parse("1E-05");
        folder.Config["activation_function"] = "gelu_pytorch_tanh";
        folder.Config["resid_pdrop"] = 0.7; // what a run of training chooses
        folder.Config["unheard_of"] = "x";
        folder.Config.Remove("scale_attn_weights");
        folder.Save();
        Loads(folder, HostedModels.Gpt2);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"n_embd\":")]
    [InlineData("{\"model_type\":\"\\ud800\"}")]
    public void A_configuration_that_is_no_object_is_refused(string json)
    {
        using var folder = new EditedFolder(HostedModels.Gpt2);
        File.WriteAllText(folder["config.json"], json);
        Assert.Contains("config.json", folder.Refusal(HostedModels.Gpt2));
    }

    [Fact]
    public void Long_values_are_cut_in_messages()
    {
        using var folder = new EditedFolder(HostedModels.Gpt2);
        folder.Config["n_embd"] = new string('9', 100_000);
        folder.Save();
        Assert.InRange(folder.Refusal(HostedModels.Gpt2).Length, 1, 1000);
    }

    [Fact]
    public void Missing_folders_and_files_are_named()
    {
        using var folder = new EditedFolder(HostedModels.Gpt2);
        File.Delete(folder.WeightFile);
        Assert.Contains("has neither model.safetensors", folder.Refusal(HostedModels.Gpt2));
        File.Delete(folder["config.json"]);
        Assert.Contains("config.json cannot be read", folder.Refusal(HostedModels.Gpt2));
        using var model = HostedModels.Create(HostedModels.Gpt2);
        Assert.Contains("There is no folder", Assert.Throws<CheckpointException>(() => model.Core.LoadPretrained(folder["nothing"])).Message);
    }

    [Fact]
    public void Every_tensor_that_does_not_fit_is_named()
    {
        using var folder = new EditedFolder(HostedModels.Gpt2);
        folder.Tensors.Remove("transformer.h.0.ln_1.weight");
        folder.Tensors["transformer.wpe.weight"] = ([6, 9], new float[54]);
        folder.Tensors["transformer.h.1.attn.c_attn.weight"] = ([24, 8], new float[192]);
        folder.Save();
        var message = folder.Refusal(HostedModels.Gpt2);
        Assert.Contains("'transformer.h.0.ln_1.weight' [8] is missing", message);
        Assert.Contains("'transformer.wpe.weight' is [6, 9], the attributes say [6, 8]", message);
        Assert.Contains("'transformer.h.1.attn.c_attn.weight' is [24, 8], the attributes say [8, 24]", message);
    }

    [Fact]
    public void An_element_type_we_do_not_know_is_named()
    {
        using var folder = new EditedFolder(HostedModels.Gpt2);
        var bytes = File.ReadAllBytes(folder.WeightFile);
        bytes.AsSpan(bytes.AsSpan().LastIndexOf("\"F32\""u8), 5).Reverse();
        File.WriteAllBytes(folder.WeightFile, bytes);
        Assert.Contains("has the element type 23F, which cannot be read", folder.Refusal(HostedModels.Gpt2));
    }

    [Theory]
    [InlineData(TensorType.I64)]
    [InlineData(TensorType.Bool)]
    public void Whole_numbers_are_no_weights(TensorType type)
    {
        using var folder = new EditedFolder(HostedModels.Gpt2);
        SafetensorsWriter.Write(folder.WeightFile, [.. folder.Tensors.Select(t => t.Key == "transformer.wpe.weight"
            ? new TensorToWrite(t.Key, type, t.Value.Shape, () => type == TensorType.Bool ? new bool[t.Value.Values.Length] : new long[t.Value.Values.Length])
            : new TensorToWrite(t.Key, t.Value.Shape, () => t.Value.Values))]);
        Assert.Contains($"'transformer.wpe.weight' has the element type {type.Name()}: whole numbers are no weights", folder.Refusal(HostedModels.Gpt2));
    }

    [Fact]
    public void A_quantised_file_is_refused()
    {
        using var folder = new EditedFolder(HostedModels.Gpt2);
        var bytes = File.ReadAllBytes(folder.WeightFile);
        "I32"u8.CopyTo(bytes.AsSpan(bytes.AsSpan().LastIndexOf("F32"u8)));
        File.WriteAllBytes(folder.WeightFile, bytes);
        Assert.Contains("has the element type I32: whole numbers are no weights; a quantised file must be converted first", folder.Refusal(HostedModels.Gpt2));
    }

    [Fact]
    public void Tensors_without_a_place_are_reported()
    {
        using var folder = new EditedFolder(HostedModels.Gpt2);
        folder.Tensors.Add("extra.weight", ([2], [1f, 2f]));
        folder.Tensors.Add("transformer.h.0.attn.bias", ([1], [1f]));
        folder.Save();
        var report = Loads(folder, HostedModels.Gpt2);
        Assert.Equal(["extra.weight"], report.Skipped);
        Assert.Equal(["transformer.h.0.attn.bias"], report.Ignored);
        Assert.Contains("skipped: extra.weight; ignored: transformer.h.0.attn.bias", report.ToString());
    }

    [Fact]
    public void Tied_weights_may_be_stored_once_or_twice_under_either_name()
    {
        using (var gpt = new EditedFolder(HostedModels.Gpt2))
        {
            gpt.Tensors.Add("lm_head.weight", gpt.Tensors["transformer.wte.weight"]);
            gpt.Save();
            Assert.Equal(["lm_head.weight"], Loads(gpt, HostedModels.Gpt2).Ignored);
            gpt.Tensors.Remove("transformer.wte.weight");
            gpt.Save();
            Loads(gpt, HostedModels.Gpt2);
        }

        using var bert = new EditedFolder(HostedModels.Bert);
        bert.Tensors.Add("cls.predictions.decoder.weight", bert.Tensors["bert.embeddings.word_embeddings.weight"]);
        bert.Tensors.Add("cls.predictions.decoder.bias", bert.Tensors["cls.predictions.bias"]);
        bert.Save();
        Assert.Equal(["cls.predictions.decoder.bias", "cls.predictions.decoder.weight"], Loads(bert, HostedModels.Bert).Ignored.Order(StringComparer.Ordinal));
        bert.Tensors.Remove("bert.embeddings.word_embeddings.weight");
        bert.Tensors.Remove("cls.predictions.bias");
        bert.Save();
        Loads(bert, HostedModels.Bert);
    }

    [Fact]
    public void Prefixes_may_be_there_or_not()
    {
        foreach (var (spec, prefix) in new[] { (HostedModels.Gpt2, "transformer."), (HostedModels.Bert, "bert.") })
        {
            using var folder = new EditedFolder(spec);
            foreach (var name in folder.Tensors.Keys.Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).ToArray())
            {
                folder.Rename(name, name[prefix.Length..]);
            }

            folder.Save();
            Loads(folder, spec);
        }

        var plain = HostedModels.Spec(ModelCases.Text("TransformerDecoder", ("Activation", Activation.GeluTanh)), HostedModels.Gpt2.Attributes.Last());
        using var bare = new EditedFolder(plain);
        foreach (var name in bare.Tensors.Keys.ToArray())
        {
            bare.Rename(name, "transformer." + name);
        }

        bare.Save();
        Loads(bare, plain);
    }

    [Fact]
    public void Norms_may_have_their_old_names()
    {
        using var folder = new EditedFolder(HostedModels.Bert);
        foreach (var name in folder.Tensors.Keys.Where(static n => n.Contains("LayerNorm")).ToArray())
        {
            folder.Rename(name, name.Replace("LayerNorm.weight", "LayerNorm.gamma").Replace("LayerNorm.bias", "LayerNorm.beta"));
        }

        folder.Save();
        Loads(folder, HostedModels.Bert);
    }

    [Fact]
    public void Halves_and_doubles_are_loaded()
    {
        using var folder = new EditedFolder(HostedModels.Gpt2);
        SafetensorsWriter.Write(folder.WeightFile, [.. folder.Tensors.Select(static (t, i) => (i % 3) switch
        {
            0 => new TensorToWrite(t.Key, TensorType.F16, t.Value.Shape, () => t.Value.Values),
            1 => new TensorToWrite(t.Key, TensorType.BF16, t.Value.Shape, () => t.Value.Values),
            _ => new TensorToWrite(t.Key, TensorType.F64, t.Value.Shape, () => Array.ConvertAll(t.Value.Values, static v => (double)v)),
        })]);
        using var model = HostedModels.Create(HostedModels.Gpt2);
        model.Core.LoadPretrained(folder.Path);
        foreach (var (name, values) in HostedModels.Weights(model))
        {
            Assert.All(values.Zip(folder.Weights[name]), static v => Assert.Equal(v.Second, v.First, Math.Abs(v.Second) / 128));
        }
    }

    [Fact]
    public void A_shard_that_is_broken_leaves_the_weights_as_they_were()
    {
        using var folder = new EditedFolder(HostedModels.Gpt2);
        var names = folder.Tensors.Keys.ToArray();
        foreach (var part in new[] { 0, 1 })
        {
            SafetensorsWriter.Write(folder[$"{part}.safetensors"], [.. names.Where((_, i) => i % 2 == part).Select(n => new TensorToWrite(n, folder.Tensors[n].Shape, () => folder.Tensors[n].Values))]);
        }

        File.Delete(folder.WeightFile);
        File.WriteAllText(folder["model.safetensors.index.json"], $"{{\"weight_map\":{{{string.Join(',', names.Select(static (n, i) => $"\"{n}\":\"{i % 2}.safetensors\""))}}}}}");
        Loads(folder, HostedModels.Gpt2);
        using (var stream = new FileStream(folder["1.safetensors"], FileMode.Open))
        {
            stream.SetLength(stream.Length - 4);
        }

        Assert.Contains("1.safetensors", folder.Refusal(HostedModels.Gpt2));
    }

    [Fact]
    public void A_frozen_part_is_loaded_too_and_an_average_starts_again()
    {
        var spec = HostedModels.Spec(ModelCases.Text("TransformerDecoder"), ModelCases.Attribute("CausalLanguageModel"), ModelCases.Attribute("AverageWeights", ("decay", 0.5)),
            new AttributeSpec("Freeze", new([new ArgumentSpec("parts", new SpecValue.List(new([new SpecValue.Text("blocks.0")])))]), default));
        using var folder = new EditedFolder(spec);
        Loads(folder, spec);
        using var model = HostedModels.Create(spec);
        Assert.Equal(model.Core.Parameters["embeddings.token.weight"].ToArray(), model.Core.AverageOf("embeddings.token.weight"));
        model.Core.Step();
        model.Core.LoadPretrained(folder.Path);
        Assert.Equal(folder.Weights["embeddings.token.weight"], model.Core.AverageOf("embeddings.token.weight"));
    }

    /// <summary>Loads a folder into a model of other weights, and finds all those of the folder.</summary>
    private static LoadReport Loads(EditedFolder folder, ModelSpec spec)
    {
        using var model = HostedModels.Create(spec);
        var report = model.Core.LoadPretrained(folder.Path);
        Assert.Equal(folder.Weights, HostedModels.Weights(model));
        return report;
    }
}
