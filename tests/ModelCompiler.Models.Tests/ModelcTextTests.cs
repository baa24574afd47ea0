using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelCompiler.Cli.Commands;
using ModelCompiler.Cli.Embedding;
using ModelCompiler.Data;
using ModelCompiler.Testing;

namespace ModelCompiler.Models.Tests;

/// <summary>Lines in, JSON Lines out: tokens and vectors of checkpoint folders.</summary>
public sealed partial class ModelcTextTests : IDisposable
{
    private static readonly string s_golden = Path.Combine(Folders.Root, "tests", "Golden");
    private static readonly string? s_miniLm = Folders.Shared("data", "minilm");
    private readonly string _folder = Directory.CreateTempSubdirectory("modelc").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Lines_become_tokens(bool isUtf16)
    {
        var cases = File.ReadLines(Path.Combine(s_golden, "tokenizers", "trained-wordpiece", "cases.jsonl")).Select(static l => JsonDocument.Parse(l).RootElement)
            .Where(static c => c.GetProperty("text").GetString()!.IndexOfAny(['\n', '\r']) < 0).ToArray();
        var input = Write("lines.txt", string.Concat(cases.Select(static c => c.GetProperty("text").GetString() + "\n")));
        string[] arguments = ["tokenize", Path.Combine(s_golden, "tokenizers", "trained-wordpiece"), "--input", input];
        var (code, output, error) = Run(isUtf16 ? [.. arguments, "--utf16"] : arguments);
        Assert.Equal((0, ""), (code, error));
        var lines = output.TrimEnd('\n').Split('\n').Select(static l => JsonDocument.Parse(l).RootElement).ToArray();
        Assert.Equal(cases.Length, lines.Length);
        foreach (var (expected, found) in cases.Zip(lines))
        {
            Assert.Equal(["text", "ids", "tokens", "offsets"], found.EnumerateObject().Select(static p => p.Name));
            Assert.Equal(expected.GetProperty("text").GetString(), found.GetProperty("text").GetString());
            Assert.Equal(expected.GetProperty("ids").ToString(), found.GetProperty("ids").ToString());
            Assert.Equal(expected.GetProperty("tokens").EnumerateArray().Select(static t => t.GetString()), found.GetProperty("tokens").EnumerateArray().Select(static t => t.GetString()));
            Assert.Equal(expected.GetProperty(isUtf16 ? "offsets_utf16" : "offsets_code_points").ToString(), found.GetProperty("offsets").ToString());
        }
    }

    [Fact]
    public void Special_tokens_can_be_left_out()
    {
        var (_, output, _) = Run("tokenize", Path.Combine(s_golden, "tokenizers", "trained-wordpiece"), "--input", Write("lines.txt", "the\r\n"), "--no-special-tokens");
        Assert.Equal("""{"text":"the","ids":[71],"tokens":["the"],"offsets":[[0,3]]}""" + "\n", output);
    }

    [Fact]
    public void Sentences_become_vectors()
    {
        Assert.SkipUnless(s_miniLm is not null, "there is no folder shared/data/minilm");
        string[] sentences = ["Two dogs run across a field of snow.", "", "A pair of puppies is chasing each other in winter."];
        var (code, output, _) = Run("embed", s_miniLm!, "--input", Write("lines.txt", string.Join('\n', sentences)));
        Assert.Equal(0, code);
        var lines = output.TrimEnd('\n').Split('\n').Select(static l => JsonDocument.Parse(l).RootElement).ToArray();
        Assert.Equal(sentences, lines.Select(static l => l.GetProperty("text").GetString()));
        var vectors = lines.Select(static l => l.GetProperty("embedding").EnumerateArray().Select(static v => v.GetSingle()).ToArray()).ToArray();
        Assert.All(vectors, static v => Assert.Equal(1, Dot(v, v), 5));
        Assert.Equal(0.631, Dot(vectors[0], vectors[2]), 3);
    }

    // Tiny checkpoints of several formats, with a tokenizer of numbers.
    [Theory]
    [InlineData("bert", "masked-lm")]
    [InlineData("roberta", "masked-lm")]
    [InlineData("distilbert", "masked-lm")]
    [InlineData("gpt2", "lm")]
    [InlineData("opt", "pre-norm")]
    [InlineData("llama", "lm")]
    public void A_batch_of_texts_has_the_vectors_that_each_has_alone(string family, string name)
    {
        Checkpoint(family, name);
        using var embedder = new TextEmbedder(_folder);
        string[] texts = ["3 4 5", "6", "7 8 9 10 11", "5 3"];
        var together = embedder.Embed(texts);
        Assert.NotEqual(together[0], together[1]);
        for (var i = 0; i < texts.Length; i++)
            Assert.All(embedder.Embed([texts[i]])[0].Zip(together[i]), static pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    // What no token covers is the text's fault or the file's, and no program's.
    [Theory]
    [InlineData("""{"type": "WordLevel", "vocab": {"5": 0, "6": 1}, "unk_token": "<unk>"}""", "'7' is not among the vocabulary's 2 tokens, and neither is the unknown token '<unk>'.")]
    [InlineData("""{"type": "Unigram", "vocab": [["5", -1], ["6", -1]], "unk_id": null, "byte_fallback": false}""", "No token covers '7', and the model has no unknown token.")]
    public void A_line_without_tokens_is_named(string model, string message)
    {
        Checkpoint("bert", "masked-lm");
        Write("tokenizer.json", $$"""{"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null, "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null, "decoder": null, "model": {{model}}}""");
        var lines = Write("lines.txt", "5\n6 7\n");
        var expected = (2, $"{lines}, line 2: {message}\n");
        var (code, output, error) = Run("tokenize", _folder, "--input", lines);
        Assert.Equal(expected, (code, error.ReplaceLineEndings("\n")));
        Assert.StartsWith("{\"text\":\"5\"", output);
        (code, _, error) = Run("embed", _folder, "--input", lines);
        Assert.Equal(expected, (code, error.ReplaceLineEndings("\n")));
    }

    [Fact]
    public void A_length_without_room_for_special_tokens_is_refused()
    {
        Checkpoint("bert", "masked-lm");
        var file = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, "tokenizer.json")))!;
        file["post_processor"] = JsonNode.Parse("""{"type": "BertProcessing", "sep": ["3", 3], "cls": ["2", 2]}""");
        Write("tokenizer.json", file.ToJsonString());
        Write("sentence_bert_config.json", """{"max_seq_length": 1}""");
        var (code, _, error) = Run("embed", _folder, "--input", Write("lines.txt", "5\n"));
        Assert.Equal((1, $"{_folder}: max_seq_length is 1, and the tokenizer puts 2 special tokens around each text; legal is 2 or more.\n"), (code, error.ReplaceLineEndings("\n")));
    }

    [Fact]
    public void What_has_no_counterpart_is_said()
    {
        var (code, _, error) = Run("tokenize", _folder);
        Assert.Equal(2, code);
        Assert.Contains("has no tokenizer: legal are tokenizer.json, vocab.txt", error);
        Assert.Equal(2, Run("tokenize", Path.Combine(_folder, "nothing")).Code);

        File.Copy(Path.Combine(s_golden, "tokenizers", "trained-words", "tokenizer.json"), Path.Combine(_folder, "tokenizer.json"));
        File.WriteAllBytes(Path.Combine(_folder, "latin.txt"), [0x61, 0x0A, 0x61, 0xE9, 0x0A]);
        (code, _, error) = Run("tokenize", _folder, "--input", Path.Combine(_folder, "latin.txt"));
        Assert.Equal(2, code);
        Assert.Contains("latin.txt, line 2: no UTF-8 at byte 1.", error);

        File.Copy(Path.Combine(s_golden, "bert", "masked-lm", "config.json"), Path.Combine(_folder, "config.json"));
        Directory.CreateDirectory(Path.Combine(_folder, "1_Pooling"));
        Write(Path.Combine("1_Pooling", "config.json"), """{"pooling_mode_max_tokens": true, "pooling_mode_mean_tokens": false}""");
        (code, _, error) = Run("embed", _folder);
        Assert.Equal(1, code);
        Assert.Contains("pooling_mode_max_tokens = true (supported: one of", error);
        Directory.Delete(Path.Combine(_folder, "1_Pooling"), recursive: true);
        File.Delete(Path.Combine(_folder, "config.json"));
        File.Copy(Path.Combine(s_golden, "vit", "classify", "config.json"), Path.Combine(_folder, "config.json"));
        Assert.Contains("holds a model with [VisionTransformer] (HuggingFaceVit), which reads pictures alone", Run("embed", _folder).Error);
        Assert.Contains("holds a model with [VisionTransformer] that continues no text", Run("generate", _folder).Error);
    }

    [Theory]
    [InlineData("tokenize", "'--typo' is no option of tokenize; legal are --input, --no-special-tokens, --utf16")]
    [InlineData("embed", "'--typo' is no option of embed; legal are --input")]
    [InlineData("generate", "'--typo' is no option of generate; legal are --prompt, --image, --input, ")]
    [InlineData("scaffold", "'--typo' is no option of scaffold; legal are --name, --output")]
    [InlineData("show", "'--typo' is no option of show; legal are ")]
    public void An_option_that_is_none_is_what_is_blamed(string command, string message)
    {
        foreach (var arguments in new string[][] { [command, "--typo", _folder], [command, _folder, "--typo"], [command, "--typo"] })
        {
            var (code, output, error) = Run(arguments);
            Assert.Equal(1, code);
            Assert.Contains(message, error);
            Assert.DoesNotContain(_folder, error + output);
        }

        Assert.Contains("'more' is no option of tokenize", Run("tokenize", _folder, "more").Error);
    }

    [Theory]
    [InlineData("The folder is empty; legal is a path.", "tokenize", "")]
    [InlineData("The folder is empty; legal is a path.", "embed", "")]
    [InlineData("The folder is empty; legal is a path.", "generate", "")]
    [InlineData("The folder is empty; legal is a path.", "scaffold", "")]
    [InlineData("The model is empty; legal is a path.", "show", "")]
    [InlineData("--input is empty; legal is a path, or no --input at all.", "tokenize", "FOLDER", "--input", "")]
    [InlineData("--input is empty; legal is a path, or no --input at all.", "embed", "FOLDER", "--input", "")]
    [InlineData("--input is empty; legal is a path, or no --input at all.", "generate", "FOLDER", "--input", "")]
    [InlineData("--image is empty; legal is a path, or no --image at all.", "generate", "FOLDER", "--image", "")]
    [InlineData("--output is empty; legal is a path, or no --output at all.", "scaffold", "FOLDER", "--output", "")]
    [InlineData("FOLDER is a folder; legal is a file. It holds tokenizer.json.", "tokenize", "FOLDER", "--input", "FOLDER")]
    [InlineData("nowhere: there is no such file; ", "tokenize", "FOLDER", "--input", "nowhere")]
    [InlineData("nowhere: there is no such folder; ", "embed", "nowhere")]
    [InlineData("tokenizer.json is a file; legal is a folder", "embed", "FOLDER/tokenizer.json")]
    public void Paths_that_name_nothing_are_said_to(string message, params string[] arguments)
    {
        File.Copy(Path.Combine(s_golden, "tokenizers", "trained-words", "tokenizer.json"), Path.Combine(_folder, "tokenizer.json"));
        var (code, output, error) = Run([.. arguments.Select(a => a.Replace("FOLDER", _folder, StringComparison.Ordinal))]);
        Assert.InRange(code, 1, 2);
        Assert.Contains(message.Replace("FOLDER", _folder, StringComparison.Ordinal), error);
        Assert.DoesNotContain("   at ", error + output);
    }

    [Theory]
    [InlineData("modules.json", "{}", "modules.json is {}; legal is a list of modules.")]
    [InlineData("modules.json", "[]", "modules.json is []; legal is a list of modules.")]
    [InlineData("modules.json", "[3]", "modules.json[0] is 3; legal is an object.")]
    [InlineData("modules.json", """[{"type": 3}]""", "modules.json[0]: type = 3 (supported: a text)")]
    [InlineData("modules.json", """[{"path": ""}]""", "modules.json[0]: type = null (supported: a text)")]
    [InlineData("modules.json", """[{"type": "a.Transformer", "paths": ""}]""", "modules.json[0]: paths = \"\" (no counterpart)")]
    [InlineData("modules.json", """[{"type": "a.Transformer", "kwargs": ["task"]}]""", "modules.json[0]: kwargs = [\"task\"] (supported: an empty list)")]
    [InlineData("modules.json", """[{"type": "a.Transformer", "path": "0_Transformer"}]""", "modules.json: path = \"0_Transformer\" of Transformer (supported: \"\")")]
    [InlineData("modules.json", """[{"type": "a.Normalize"}]""", "modules.json: Normalize first (supported: Transformer, then Pooling, then Normalize)")]
    [InlineData("modules.json", """[{"type": "a.Transformer"}, {"type": "a.Normalize"}, {"type": "a.Pooling"}]""", "modules.json: Pooling behind Normalize (supported: Transformer, then Pooling, then Normalize)")]
    [InlineData("sentence_bert_config.json", "[]", "sentence_bert_config.json is []; legal is an object.")]
    [InlineData("sentence_bert_config.json", """{"max_seq_length": "256"}""", "sentence_bert_config.json: max_seq_length = \"256\" (supported: a 32-bit integer")]
    [InlineData("sentence_bert_config.json", """{"max_seq_length": 0}""", "sentence_bert_config.json: max_seq_length = 0 (supported: 1 or more, null)")]
    [InlineData("sentence_bert_config.json", """{"do_lower_case": true}""", "sentence_bert_config.json: do_lower_case = true (supported: false")]
    [InlineData("sentence_bert_config.json", """{"model_args": {}}""", "sentence_bert_config.json: model_args = {} (no counterpart)")]
    [InlineData("sentence_roberta_config.json", """{"max_seq_length": -1}""", "sentence_roberta_config.json: max_seq_length = -1")]
    [InlineData("config_sentence_transformers.json", """{"prompts": {"query": "q: "}, "default_prompt_name": "passage"}""", "config_sentence_transformers.json: default_prompt_name = \"passage\" (supported: query)")]
    [InlineData("config_sentence_transformers.json", """{"prompts": {"query": 3}}""", "config_sentence_transformers.json: prompts.query = 3 (supported: a text)")]
    [InlineData("config_sentence_transformers.json", """{"truncate_dim": 64}""", "config_sentence_transformers.json: truncate_dim = 64 (no counterpart)")]
    [InlineData("1_Pooling/config.json", """{"pooling_mode_mean_tokens": true, "pooling_mode_medium": true}""", "1_Pooling: pooling_mode_medium = true (no counterpart)")]
    [InlineData("1_Pooling/config.json", """{"pooling_mode_mean_tokens": true, "include_prompt": false}""", "1_Pooling: include_prompt = false (supported: true)")]
    public void Settings_of_sentence_encoders_are_read_strictly(string file, string json, string message)
    {
        Encoder(64);
        if (file == "sentence_roberta_config.json")
            File.Delete(Path.Combine(_folder, "sentence_bert_config.json"));
        Write(file, json);
        var (code, output, error) = Run("embed", _folder, "--input", Write("lines.txt", "3 4\n"));
        Assert.InRange(code, 1, 2);
        Assert.Equal("", output);
        Assert.Contains(message, error);
    }

    [Fact]
    public void Texts_are_cut_at_the_end_that_the_folder_names()
    {
        Encoder(2);
        using (var embedder = new TextEmbedder(_folder))
            Assert.Equal(embedder.Embed(["3 4"])[0], embedder.Embed(["3 4 5 6"])[0]);
        Write("tokenizer_config.json", """{"truncation_side": "left"}""");
        using var left = new TextEmbedder(_folder);
        Assert.Equal(left.Embed(["5 6"])[0], left.Embed(["3 4 5 6"])[0]);
    }

    [Fact]
    public void A_prompt_stands_before_every_text()
    {
        Encoder(64);
        Write("config_sentence_transformers.json", """{"prompts": {"query": "3 4 ", "passage": "5 "}}""");
        float[] plain, prompted;
        using (var embedder = new TextEmbedder(_folder))
            (plain, prompted) = (embedder.Embed(["6"])[0], embedder.Embed(["3 4 6"])[0]);
        Write("config_sentence_transformers.json", """{"__version__": {}, "prompts": {"query": "3 4 ", "passage": "5 "}, "default_prompt_name": "query", "similarity_fn_name": "cosine"}""");
        using var prompting = new TextEmbedder(_folder);
        Assert.Equal(prompted, prompting.Embed(["6 \u001c"])[0]);
        Assert.NotEqual(plain, prompted);
        Assert.Equal(1, Dot(plain, plain), 5);
    }

    // Ids beyond the table would be read from somewhere else.
    [Fact]
    public void A_tokenizer_larger_than_the_model_is_refused()
    {
        var source = Path.Combine(s_golden, "bert", "masked-lm");
        foreach (var file in new[] { "config.json", "model.safetensors" })
            File.Copy(Path.Combine(source, file), Path.Combine(_folder, file));
        File.Copy(Path.Combine(s_golden, "tokenizers", "trained-words", "tokenizer.json"), Path.Combine(_folder, "tokenizer.json"));
        var (code, _, error) = Run("embed", _folder);
        Assert.Equal(1, code);
        Assert.Contains("the tokenizer has ids up to 1499, and the model's table", error);
        File.Delete(Path.Combine(_folder, "model.safetensors"));
        Assert.Contains("the tokenizer has ids up to 1499, and the model's table", Run("embed", _folder).Error); // before weights are read
    }

    // A checkpoint and a tokenizer of numbers.
    private void Checkpoint(string family, string name)
    {
        var source = Path.Combine(s_golden, family, name);
        foreach (var file in Directory.EnumerateFiles(source).Where(static f => Path.GetFileName(f) is "config.json" or "model.safetensors"))
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        var rows = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(source, "config.json"))).RootElement.GetProperty("vocab_size").GetInt32();
        new Tokenizer(new WordLevelModel(new Vocabulary(Enumerable.Range(0, rows).Select(static i => i == 0 ? "[PAD]" : $"{i}"))) { UnknownToken = "2" }, [new AddedToken("[PAD]")])
        {
            PreTokenizer = new WhitespaceSplit(),
        }.Save(_folder);
    }

    private void Encoder(int most)
    {
        Checkpoint("bert", "masked-lm");
        Directory.CreateDirectory(Path.Combine(_folder, "1_Pooling"));
        Write("1_Pooling/config.json", """{"pooling_mode_mean_tokens": true, "word_embedding_dimension": 32, "include_prompt": true}""");
        Write("modules.json", """[{"idx": 0, "name": "0", "path": "", "type": "a.Transformer"}, {"type": "a.Pooling", "path": "1_Pooling"}, {"type": "a.Normalize", "path": "2_Normalize"}]""");
        Write("sentence_bert_config.json", $$"""{"max_seq_length": {{most}}, "do_lower_case": false}""");
    }

    private static double Dot(float[] a, float[] b) => a.Zip(b, static (x, y) => (double)x * y).Sum();

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = Modelc.Create().Parse(arguments).Invoke(new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
