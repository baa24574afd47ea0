using ModelCompiler.Data;

namespace ModelCompiler.Models.Tests;

/// <content>What checkpoint folders say.</content>
public sealed partial class ModelcTextTests
{
    // The ids of the stored case, with a tokenizer of numbers.
    [Fact]
    public void Texts_are_continued()
    {
        Numbers(Path.Combine(s_golden, "gpt2", "generation"), 99);
        Assert.Equal((0, "62 80 86 84 71 50 76 4 97\n", ""), Run("generate", _folder, "--prompt", "62 80 86 84 71", "--max-new-tokens", "10"));
        var lines = Write("lines.txt", "62 80 86 84 71\n5 18 71 54 49\n");
        var (code, output, _) = Run("generate", _folder, "--input", lines, "--max-new-tokens", "10", "--beams", "4", "--results", "2");
        Assert.Equal(0, code);
        Assert.Equal("""
            {"text":"62 80 86 84 71","continuations":[" 50 76 57 9 9 79 79 4 4 50"," 50 76 57 9 9 79 79 4 4 4"]}
            {"text":"5 18 71 54 49","continuations":[" 53 76 79 79 50 76 11 91 93 76"," 53 76 79 79 50 76 11 76 68 76"]}

            """.ReplaceLineEndings("\n"), output);

        (code, _, var error) = Run("generate", _folder, "--prompt", "1 2", "--max-new-tokens", "30");
        Assert.Equal(2, code);
        Assert.Contains("the model sees 24: ask for 22 at most, or set CropContext", error);
        Assert.Equal(0, Run("generate", _folder, "--prompt", "1 2", "--max-new-tokens", "30", "--crop").Code);
        Assert.Contains("The prompt has 0 tokens; legal are 1 to 24", Run("generate", _folder, "--prompt", "").Error);
        Assert.Contains("Temperature is -1", Run("generate", _folder, "--prompt", "1", "--sample", "--temperature", "-1").Error);
    }

    // The folder says no length, and its model sees 24 tokens.
    [Fact]
    public void What_nobody_says_is_as_long_as_fits()
    {
        Numbers(Path.Combine(s_golden, "gpt2", "generation"), 99);
        Assert.Equal(24, Run("generate", _folder, "--prompt", "62 80 86", "--min-length", "99").Output.Split(' ').Length);
        Assert.Equal(3 + 64, Run("generate", _folder, "--prompt", "62 80 86", "--min-length", "99", "--crop").Output.Split(' ').Length);
        Assert.Equal((0, "62 80 86 84 71 50\n", ""), Run("generate", _folder, "--prompt", "62 80 86 84 71", "--stop-token", "4", "--stop-token", "50"));
        Assert.InRange(Run("generate", _folder, "--prompt", "62 80 86 84 71", "--stop-token", "50", "--min-length", "20").Output.Split(' ').Length, 20, 24);
    }

    [Theory]
    [InlineData("--temperature counts where tokens are drawn: add --sample.", "--temperature", "0.5")]
    [InlineData("--top-k counts where tokens are drawn: add --sample.", "--top-k", "3", "--beams", "4")]
    [InlineData("--top-p counts where tokens are drawn: add --sample.", "--top-p", "0.5")]
    [InlineData("--seed counts where tokens are drawn: add --sample.", "--seed", "5")]
    [InlineData("--length-penalty counts among beams: add --beams with 2 or more.", "--length-penalty", "2")]
    [InlineData("--early-stopping counts among beams: add --beams with 2 or more.", "--early-stopping", "on")]
    [InlineData("--early-stopping is 'soon'; legal are off, on and never.", "--early-stopping", "soon")]
    [InlineData("--max-new-tokens is 'abc'; legal is a whole number.", "--max-new-tokens", "abc")]
    [InlineData("--stop-token is '1.5'; legal is a whole number.", "--stop-token", "1.5")]
    [InlineData("--temperature is 'hot'; legal is a number.", "--sample", "--temperature", "hot")]
    [InlineData("--seed is '-1'; legal is a whole number from 0 on.", "--sample", "--seed", "-1")]
    [InlineData("StopTokens: token 99 is outside of the vocabulary; legal are 0 to 98.", "--stop-token", "99")]
    public void Options_that_would_change_nothing_are_refused(string message, params string[] arguments)
    {
        Numbers(Path.Combine(s_golden, "gpt2", "generation"), 99);
        Assert.Equal((2, "", message + "\n"), Run(["generate", _folder, "--prompt", "1", .. arguments]));
    }

    // Every line has its answer, so none is passed over.
    [Fact]
    public void A_line_without_a_text_is_named()
    {
        Numbers(Path.Combine(s_golden, "gpt2", "generation"), 99);
        var lines = Write("lines.txt", "1 2\n\n3\n");
        var (code, output, error) = Run("generate", _folder, "--input", lines, "--max-new-tokens", "1");
        Assert.Equal((2, $"{lines}, line 2: The prompt has 0 tokens; legal are 1 to 24.\n"), (code, error));
        Assert.StartsWith("{\"text\":\"1 2\"", output, StringComparison.Ordinal);
        Assert.Equal((2, "", "The prompt has 0 tokens; legal are 1 to 24.\n"), Run("generate", _folder, "--prompt", ""));
    }

    // The ids of the stored case: what the folder says begins and ends a text.
    [Fact]
    public void Texts_that_are_read_are_answered()
    {
        Numbers(Path.Combine(s_golden, "bart", "generation"), 99);
        Assert.Equal((0, "31 22 67 33 2\n", ""), Run("generate", _folder, "--prompt", "0 20 18 65 55 25 46 17 2", "--max-new-tokens", "10"));
        var lines = Write("lines.txt", "0 20 18 65 55 25 46 17 2\n0 21 21 64 67 2\n");
        var (code, output, _) = Run("generate", _folder, "--input", lines, "--max-new-tokens", "10", "--beams", "4", "--length-penalty", "1");
        Assert.Equal(0, code);
        Assert.Equal("""
            {"text":"0 20 18 65 55 25 46 17 2","continuations":["31 22 67 33 2"]}
            {"text":"0 21 21 64 67 2","continuations":["91 66 92 25 2"]}

            """.ReplaceLineEndings("\n"), output);
        Assert.Contains("it takes no picture", Run("generate", _folder, "--prompt", "1 2", "--image", "a.png").Error);
        Assert.Contains("The text has 0 tokens; legal are 1 to", Run("generate", _folder, "--prompt", "").Error);
    }

    [Theory]
    [InlineData("vision-encoder-decoder", "vit-gpt2")]
    [InlineData("blip2", "opt_frozen")]
    public void Pictures_are_told(string family, string name)
    {
        Numbers(Path.Combine(s_golden, family, name), family == "blip2" ? 120 : 99);
        Assert.Contains("preprocessor_config.json", Run("generate", _folder, "--image", "a.png").Error);
        Write("preprocessor_config.json", """{"image_processor_type": "ViTImageProcessor", "do_resize": true, "size": {"height": 16, "width": 16}, "resample": 2, "do_rescale": true, "rescale_factor": 0.00392156862745098, "do_normalize": true, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}""");
        var picture = Path.Combine(_folder, "picture.png");
        new Picture(2, 1, 3, [9, 0, 255, 200, 90, 0]).Save(picture);
        var (code, output, error) = Run("generate", _folder, "--image", picture, "--max-new-tokens", "5");
        Assert.Equal((0, ""), (code, error));
        Assert.InRange(output.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length, 1, 5);
        Assert.Contains("give one's file with --image", Run("generate", _folder).Error);
        var asked = Run("generate", _folder, "--image", picture, "--prompt", "2 10 37", "--max-new-tokens", "5");
        if (family == "blip2")
            Assert.StartsWith("2 10 37 ", asked.Output, StringComparison.Ordinal);
        else
            Assert.Contains("speaks of a picture alone", asked.Error);
        Assert.Contains("there is none: give its file", Run("generate", _folder, "--prompt", "2").Error);
    }

    private void Numbers(string source, int vocabulary)
    {
        foreach (var file in new[] { "config.json", "model.safetensors" })
            File.Copy(Path.Combine(source, file), Path.Combine(_folder, file));
        new Tokenizer(new WordLevelModel(new Vocabulary(Enumerable.Range(0, vocabulary).Select(static i => $"{i}"))), []) { PreTokenizer = new WhitespaceSplit() }.Save(_folder);
    }
}
