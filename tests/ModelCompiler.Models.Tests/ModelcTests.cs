using ModelCompiler.Testing;

namespace ModelCompiler.Models.Tests;

/// <summary>The command-line tool as a user meets it: output, messages, exit codes.</summary>
public sealed class ModelcTests : IDisposable
{
    private static readonly string s_zoo = Path.Combine(Folders.Root, "models", "ModelCompiler.Models");
    private static readonly string s_golden = Path.Combine(Folders.Root, "tests", "Golden");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("modelc");

    public static TheoryData<string, string> Stages => new(
        ("spec", "[VisionTransformer(ImageSize = 32, PatchSize = 8, Width = 64, Depth = 4, Heads = 4)]"),
        ("layers", "%normed [batch, token: 17, out: 64], %mean [batch, token: 17, one: 1], %rstd [batch, token: 17, one: 1] = layer_norm("),
        ("graph", "block blocks_backward, layers 3 down to 0, mirror of blocks"),
        ("kernels", "matmul_add_bias_gelu: "),
        ("plan", "slot 0: 3072 * batch floats: patches"),
        ("code", "// ---- ModelCompiler.Models.Small.ShapesVit.Cpu.Train.g.cs"),
        ("code", "// ---- ModelCompiler.Models.Small.ShapesVit.Gpu.Train.g.cs"));

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory, MemberData(nameof(Stages))]
    public void Every_stage_can_be_seen(string stage, string part)
    {
        var (code, output, _) = Tool.Run("show", Path.Combine(s_zoo, "Small", "ShapesVit.cs"), "--stage", stage);
        Assert.Equal(0, code);
        Assert.Contains(part, output);
    }

    [Fact]
    public void A_model_that_names_its_tokenizer_finds_it_in_its_project_and_beside_its_assembly()
    {
        foreach (var path in new[] { Path.Combine(s_zoo, "Small", "ShapesClip.cs"), typeof(Small.ShapesClip).Assembly.Location })
        {
            var (code, output, error) = Tool.Run("show", path, "--name", "ShapesClip", "--stage", "graph");
            Assert.Equal((0, ""), (code, error));
            Assert.Contains("%weight [d0: 155, d1: 64] = parameter text.embeddings.token.weight", output);
        }
    }

    [Fact]
    public void A_folder_without_a_configuration_says_what_it_has()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "notes.txt"), "");
        var (code, _, error) = Tool.Run("scaffold", _folder.FullName);
        Assert.Equal(2, code);
        Assert.Contains("config.json: there is no such file; its folder holds notes.txt.", error);
        File.WriteAllText(Path.Combine(_folder.FullName, "config.json"), "{");
        Assert.Contains("config.json: no JSON from line 1, byte 2 on: ", Tool.Run("scaffold", _folder.FullName).Error);
    }

    [Fact]
    public void A_model_is_found_in_an_assembly_and_in_a_checkpoint()
    {
        var (code, output, _) = Tool.Run("show", typeof(Small.ShapesVit).Assembly.Location, "--name", "CaptionGpt");
        Assert.Equal(0, code);
        Assert.Contains("public partial class CaptionGpt;", output);
        (code, output, _) = Tool.Run("show", Path.Combine(s_golden, "gpt2", "lm"), "--stage", "kernels", "--pass", "forward");
        Assert.Equal(0, code);
        Assert.Contains("embedding_add: embeddings.token.weight", output);
        (code, output, _) = Tool.Run("show", Path.Combine(s_golden, "gpt2", "lm"), "--stage", "code");
        Assert.Equal(0, code);
        Assert.Contains(".Gpu.Train.g.cs", output);
    }

    [Fact]
    public void What_is_written_is_what_is_printed()
    {
        var checkpoint = Path.Combine(s_golden, "bert", "masked-lm");
        var file = Path.Combine(_folder.FullName, "MyBert.cs");
        Assert.Equal((0, "", ""), Tool.Run("scaffold", checkpoint, "--name", "My.Models.MyBert", "--output", file));
        var (code, output, _) = Tool.Run("scaffold", checkpoint, "--name", "My.Models.MyBert");
        Assert.Equal(0, code);
        Assert.Equal(output, File.ReadAllText(file));
        Assert.Contains("namespace My.Models;", output);
        (code, var shown, _) = Tool.Run("show", file);
        Assert.Equal((0, output), (code, shown));
    }

    [Fact]
    public void Keys_without_a_counterpart_are_named()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "config.json"), """{ "model_type": "bert", "is_decoder": true, "hidden_act": "mish", "vocab_size": 30, "wings": 2 }""");
        var (code, _, error) = Tool.Run("scaffold", _folder.FullName);
        Assert.Equal(1, code);
        Assert.Contains("is_decoder = true (supported: false)", error);
        Assert.Contains("hidden_act = \"mish\" (supported: gelu, ", error);
        Assert.Contains("wings = 2 (no counterpart)", error);
    }

    [Theory]
    [InlineData("There is no folder or file 'nowhere'.", "show", "nowhere")]
    [InlineData("nowhere: there is no such folder", "scaffold", "nowhere")]
    [InlineData("'3x' in --name 3x is no C# identifier", "scaffold", "nowhere", "--name", "3x")]
    public void What_cannot_be_read_is_said(string message, params string[] arguments)
    {
        var (code, _, error) = Tool.Run(arguments);
        Assert.Equal(2, code);
        Assert.Contains(message, error);
    }

    [Fact]
    public void A_choice_is_asked_for_and_problems_are_listed()
    {
        var (code, _, error) = Tool.Run("show", Path.Combine(s_zoo, "Small", "CharacterGpt.cs"));
        Assert.Equal(2, code);
        Assert.Contains("choose one with --name: ModelCompiler.Models.Small.CaptionGpt, ModelCompiler.Models.Small.CharacterGpt", error);

        var file = Path.Combine(_folder.FullName, "Bad.cs");
        File.WriteAllText(file, "using ModelCompiler; [VisionTransformer(ImageSize = 32, PatchSize = 8, Width = 100, Depth = 1, Heads = 12)] public partial class Bad;");
        (code, _, error) = Tool.Run("show", file, "--stage", "graph");
        Assert.Equal(1, code);
        Assert.Contains("MC1003: Width (100) must be divisible by Heads (12); nearest: 96 or 108", error);

        // Attributes of others may be unknown here.
        File.WriteAllText(file, "using ModelCompiler; [Elsewhere, VisionTransformer(ImageSize = 32, PatchSize = 8, Width = 96, Dept = 1, Heads = 12)] public partial class Bad;");
        (code, _, error) = Tool.Run("show", file, "--stage", "graph");
        Assert.Equal(2, code);
        Assert.Contains("'Dept'", error);
        Assert.DoesNotContain("Elsewhere", error);
    }
}
