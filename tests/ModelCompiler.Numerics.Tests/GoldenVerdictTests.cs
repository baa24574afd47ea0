using ModelCompiler.Golden;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Cases that say what is not so, or cannot be run: each gets its line, and the line says why.</summary>
public sealed class GoldenVerdictTests : IDisposable
{
    private readonly GoldenCopy _case = new("nanogpt/no-bias");

    public void Dispose() => _case.Dispose();

    [Theory]
    [InlineData("optimizer", "\"SGD\"", "off (training.optimizer is SGD, not AdamW)")]
    [InlineData("gradient_norm_before_clipping.3", "8.2", "off (gradient norm of step 3)")]
    [InlineData("parameter_norm_after.transformer/wpe/weight", "1.0", "off (norm of transformer.wpe.weight after training)")]
    [InlineData("parameter_norm_after.wings", "1.0", "off (wings is trained in the reference alone)")]
    [InlineData("loss_before_each_step.7", "2.5", "off (loss of step 7)")]
    [InlineData("clip_global_norm", "null", "off (gradient norm of step 19)")]
    [InlineData("clip_global_norm", "\"much\"", "off (JsonException: training.clip_global_norm of case.json is no Number)")]
    [InlineData("decayed", "[\"transformer.wte.weight\"]", "off (transformer.wpe.weight decays here alone)")]
    [InlineData("decayed", "[]", "off (")]
    public void What_training_says_is_checked(string path, string value, string verdict)
    {
        _case.Set("case.json", "training." + path, value);
        Assert.StartsWith(verdict, GoldenCase.Run(_case.Folder).Verdict);
    }

    [Fact]
    public void What_decays_there_alone_is_named()
    {
        _case.Edit("case.json", static json => json["training"]!["decayed"]!.AsArray().RemoveAt(2));
        Assert.EndsWith(" decays here alone)", GoldenCase.Run(_case.Folder).Verdict);
    }

    [Theory]
    [InlineData("n_layer", "0", "unsupported (n_layer = 0 (supported: a 32-bit integer above 0))")]
    [InlineData("vocab_size", "99999999999", "unsupported (vocab_size = 99999999999 (supported: a 32-bit integer above 0))")]
    [InlineData("n_head", "3", "unsupported (n_embd = ")]
    [InlineData("wings", "2", "unsupported (wings = 2 (no counterpart))")]
    public void What_we_cannot_express_is_unsupported(string key, string value, string verdict)
    {
        _case.Set("config.json", key, value);
        Assert.StartsWith(verdict, GoldenCase.Run(_case.Folder).Verdict);
    }

    [Fact]
    public void A_broken_case_gets_a_line_of_its_own()
    {
        var file = Path.Combine(_case.Folder, "case.json");
        foreach (var text in new[] { "[]", "{", "{\"training\": {\"optimizer\": 5}}", "{\"frozen\": [5]}" })
        {
            File.WriteAllText(file, text);
            Assert.StartsWith("off (", GoldenCase.Run(_case.Folder).Verdict);
        }

        File.WriteAllBytes(Path.Combine(_case.Folder, "inputs.safetensors"), [1, 2, 3]);
        Assert.StartsWith("off (", GoldenCase.Run(_case.Folder).Verdict);
        File.Delete(Path.Combine(_case.Folder, "config.json"));
        Assert.StartsWith("off (", GoldenCase.Run(_case.Folder).Verdict);
    }

    [Fact]
    public void Folders_that_are_no_model_are_passed_over()
    {
        var other = _case.Root.CreateSubdirectory("images/processors/clip");
        File.WriteAllText(Path.Combine(other.FullName, "case.json"), "{}");
        File.WriteAllText(Path.Combine(other.FullName, "preprocessor_config.json"), "{}");
        Assert.Equal([_case.Folder], GoldenCase.Below(_case.Root.FullName));
        File.Delete(Path.Combine(_case.Folder, "inputs.safetensors"));
        Assert.Equal([_case.Folder], GoldenCase.Below(_case.Root.FullName));
    }
}
