using System.Text.Json.Nodes;

namespace ModelCompiler.Data.Tests;

/// <summary>Files are read strictly: what nothing here knows is an error that names it, and never other tokens.</summary>
public sealed class TokenizerFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenizer").FullName;

    public static TheoryData<string, string, string, string> Wrong => new(
        ("trained-bytes", "", """{"vocabulary_limit": 3}""", "tokenizer.json has the field 'vocabulary_limit', which nothing here knows"),
        ("trained-bytes", "", """{"version": "2.0"}""", ".version is '2.0'; legal is '1.0'"),
        ("trained-bytes", "", """{"model": null}""", ".model is missing"),
        ("trained-bytes", "", """{"added_tokens": 3}""", ".added_tokens is 3; legal is an array"),
        ("trained-bytes", "model", """{"dropout": 0.1}""", ".model.dropout has no counterpart; legal is null or 0"),
        ("trained-bytes", "model", """{"byte_fallback": true}""", ".model.byte_fallback has no counterpart; legal is false"),
        ("trained-bytes", "model", """{"type": "Bpe"}""", ".model.type is 'Bpe'; legal are BPE, Unigram, WordLevel and WordPiece"),
        ("trained-bytes", "model", """{"fuse_unk": "no"}""", ".model.fuse_unk is \"no\"; legal is true or false"),
        ("trained-bytes", "model", """{"unk_token": "<unk>"}""", "The unknown token '<unk>' is not among the vocabulary's 512 tokens"),
        ("trained-bytes", "model", """{"merges": [["a", "b", "c"]]}""", ".model.merges[0] has 3 parts; legal are two that are not empty"),
        ("trained-bytes", "model", """{"merges": ["q z"]}""", "needs 'qz', which is not among the vocabulary's 512 tokens"),
        ("trained-bytes", "model", """{"vocab": {"a": 0, "b": 0}}""", "'a' and 'b' both have the id 0; legal is one token"),
        ("trained-bytes", "model", """{"vocab": {"a": -1}}""", "Token 'a' has the id -1; legal is 0..16777215"),
        ("trained-bytes", "pre_tokenizer", """{"individual_digits": true}""", ".pre_tokenizer has the field 'individual_digits'"),
        ("trained-bytes", "pre_tokenizer", """{"type": "Digits"}""", ".pre_tokenizer.type is 'Digits'; legal are BertPreTokenizer, ByteLevel"),
        ("trained-bytes", "pre_tokenizer", """{"add_prefix_space": null}""", ".pre_tokenizer.add_prefix_space is missing; legal is true or false"),
        ("trained-bytes", "decoder", """{"type": "Strip"}""", ".decoder.type is 'Strip'; legal are BPEDecoder"),
        ("trained-wordpiece", "pre_tokenizer", """{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true}""", "WordPiece has no byte-level reading"),
        ("trained-wordpiece", "normalizer", """{"nmt": true}""", ".normalizer has the field 'nmt'"),
        ("trained-wordpiece", "normalizer", """{"type": "Nmt"}""", ".normalizer.type is 'Nmt'; legal are BertNormalizer"),
        ("trained-wordpiece", "model", """{"unk_token": null}""", ".model.unk_token is missing; legal is a string"),
        ("trained-wordpiece", "model", """{"max_input_chars_per_word": 1.5}""", ".model.max_input_chars_per_word is 1.5; legal is a whole number"),
        ("trained-wordpiece", "model", """{"max_input_chars_per_word": -1}""", ".model.max_input_chars_per_word is negative; legal is 0 or more"),
        ("trained-wordpiece", "post_processor", """{"single": []}""", "legal is text A once, and no text B"),
        ("trained-wordpiece", "post_processor", """{"special_tokens": {}}""", ".post_processor.special_tokens.[CLS] is missing"),
        ("trained-wordpiece", "post_processor", """{"type": "Template"}""", ".post_processor.type is 'Template'"),
        ("trained-wordpiece", "post_processor", Special(2, 600), "The template's token '[SEP]' has the id 600, which is no token in the vocabulary"),
        ("trained-wordpiece", "post_processor", Special(3, 3), "The template's token '[CLS]' has the id 3, which is '[SEP]' in the vocabulary"),
        ("unigram", "model", """{"unk_id": 800}""", "The unknown token has the id 800; legal is 0..799"),
        ("unigram", "model", """{"vocab": [["a"]]}""", ".model.vocab[0] has not two items; legal are a token and its score"),
        ("unigram", "pre_tokenizer", """{"replacement": "ab"}""", ".pre_tokenizer.replacement is 'ab'; legal is one character"),
        ("unigram", "pre_tokenizer", """{"prepend_scheme": "second"}""", ".pre_tokenizer.prepend_scheme is 'second'; legal are Always, First, Never"),
        ("characters", "pre_tokenizer", """{"pattern": {"Regex": "\\d"}}""", @".pre_tokenizer.pattern: The expression \d has no scanner"),
        ("characters", "pre_tokenizer", """{"pattern": {"String": "a", "Regex": "b"}}""", ".pre_tokenizer.pattern names not one of String and Regex"),
        ("characters", "pre_tokenizer", """{"behavior": "isolated"}""", ".pre_tokenizer.behavior is 'isolated'; legal are Removed, Isolated"),
        ("characters", "", """{"padding": {"strategy": "Longest"}}""", ".padding.strategy is 'Longest'; legal are 'BatchLongest'"),
        ("characters", "", """{"truncation": {"max_length": 8, "strategy": "LongestFirst", "stride": 0, "side": "Left"}}""", ".truncation has the field 'side'"),
        ("trained-wordpiece", "", Padding("[PAD]", 1), ".padding.pad_id is 1, and the vocabulary gives '[PAD]' the id 0; legal is the same"),
        ("trained-wordpiece", "", Padding("<pad>", 0), ".padding.pad_token is '<pad>', which is not among the vocabulary's"),
        ("trained-wordpiece", "", Padding("[PAD]", 0, multipleOf: 0), ".padding.pad_to_multiple_of is 0; legal is 1 or more"),
        ("trained-wordpiece", "", Padding("[PAD]", 0, fixedLength: -1), ".padding.strategy.Fixed is -1; legal is 0 or more"),
        ("trained-wordpiece", "", Truncation(-8, 0), ".truncation.max_length is -8; legal is 0 or more"),
        ("trained-wordpiece", "", Truncation(8, -1), ".truncation.stride is -1; legal is 0 or more"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_has_no_counterpart_is_named(string name, string part, string changes, string message)
    {
        var file = JsonNode.Parse(File.ReadAllText(Path.Combine(GoldenFolder.Path, name, "tokenizer.json")))!;
        var target = part.Length == 0 ? file : file[part]!;
        foreach (var (key, value) in JsonNode.Parse(changes)!.AsObject())
            target[key] = value?.DeepClone();
        var path = Write("tokenizer.json", file.ToJsonString());
        var error = Assert.Throws<InvalidDataException>(() => Tokenizer.Load(path));
        Assert.Contains(message, error.Message);
        Assert.Contains(path, error.Message);
    }

    // What docs/tokenizers.md says of them: Llama 2's letters as bytes, Llama 3's cuts, punctuation that SigLIP takes out. Marian's two files are in TokenizerSettingsTests.
    [Theory]
    [InlineData("model", "byte_fallback", "true", ".model.byte_fallback has no counterpart; legal is false")]
    [InlineData("pre_tokenizer", "pre_tokenizer", """{"type": "Split", "pattern": {"Regex": "(?i:'s|'t)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"}, "behavior": "Isolated", "invert": false}""", "\\p{N}{1,3} has no scanner; legal are ")]
    [InlineData("normalizer", "normalizer", """{"type": "Replace", "pattern": {"Regex": "[!\"#$%]"}, "content": ""}""", "The expression [!\"#$%] has no scanner; legal are ")]
    public void Published_files_that_are_not_read_are_refused_with_the_reason(string part, string field, string value, string message)
    {
        var file = JsonNode.Parse(File.ReadAllText(Path.Combine(GoldenFolder.Path, "trained-bytes", "tokenizer.json")))!;
        (part == field ? file : file[part]!)[field] = JsonNode.Parse(value);
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Tokenizer.Load(Write("tokenizer.json", file.ToJsonString()))).Message);
    }

    [Fact]
    public void A_field_that_is_there_twice_is_an_error() => Assert.Contains(".model is there twice",
        Assert.Throws<InvalidDataException>(() => Tokenizer.Load(Write("t.json", """{"model": {}, "model": {}}"""))).Message);

    [Theory]
    [InlineData("trained-bytes")]
    [InlineData("trained-wordpiece")]
    [InlineData("trained-words")]
    [InlineData("unigram")]
    public void A_model_without_a_type_is_known_by_its_fields(string name)
    {
        var file = JsonNode.Parse(File.ReadAllText(Path.Combine(GoldenFolder.Path, name, "tokenizer.json")))!;
        file["model"]!.AsObject().Remove("type");
        Assert.Equal(Tokenizer.Load(Path.Combine(GoldenFolder.Path, name)).Model.GetType(), Tokenizer.Load(Write("tokenizer.json", file.ToJsonString())).Model.GetType());
    }

    // The files of published models, older than the fields that were added since: merges are strings, marks are empty.
    [Fact]
    public void Older_ways_of_writing_are_read()
    {
        var file = JsonNode.Parse(File.ReadAllText(Path.Combine(GoldenFolder.Path, "trained-bytes", "tokenizer.json")))!;
        var model = file["model"]!;
        model["merges"] = new JsonArray([.. model["merges"]!.AsArray().Select(static m => (JsonNode)$"{m![0]} {m[1]}")]);
        (model["continuing_subword_prefix"], model["end_of_word_suffix"]) = ("", "");
        foreach (var field in new[] { "byte_fallback", "ignore_merges" })
            model.AsObject().Remove(field);
        foreach (var part in new[] { "pre_tokenizer", "post_processor", "decoder" })
            file[part]!.AsObject().Remove("use_regex");
        var old = Tokenizer.Load(Write("tokenizer.json", file.ToJsonString()));
        Assert.Equal(Tokenizer.Load(Path.Combine(GoldenFolder.Path, "trained-bytes")).Encode("Speak, speak.").Tokens, old.Encode("Speak, speak.").Tokens);

        file = JsonNode.Parse(File.ReadAllText(Path.Combine(GoldenFolder.Path, "unigram", "tokenizer.json")))!;
        foreach (var part in new[] { "pre_tokenizer", "decoder" })
            file[part] = JsonNode.Parse("""{"type": "Metaspace", "replacement": "\u2581", "add_prefix_space": false, "str_rep": "\u2581"}""");
        Assert.Equal("the king", Tokenizer.Load(Write("tokenizer.json", file.ToJsonString())).Decode(Tokenizer.Load(Path.Combine(_folder, "tokenizer.json")).EncodeToIds("the king")));
        Assert.NotEqual("\u2581the", Tokenizer.Load(Path.Combine(_folder, "tokenizer.json")).Encode("the king").Tokens[0]);
    }

    [Fact]
    public void Added_tokens_agree_with_the_model()
    {
        var model = new WordLevelModel(new Vocabulary(["a", "b"])) { UnknownToken = "a" };
        Assert.Contains("'b' has the id 7, and the model's vocabulary gives it 1", Assert.Throws<ArgumentException>(() => new Tokenizer(model, [new AddedToken("b") { Id = 7 }])).Message);
        Assert.Contains("is there 2 times", Assert.Throws<ArgumentException>(() => new Tokenizer(model, [new AddedToken("c"), new AddedToken("c")])).Message);
        Assert.Contains("is empty", Assert.Throws<ArgumentException>(() => new Tokenizer(model, [new AddedToken("")])).Message);
        Assert.Equal(5, new Tokenizer(model, [new AddedToken("c") { Id = 4 }, new AddedToken("d")]).Vocabulary["d"]);
    }

    [Fact]
    public void Folders_of_older_files_are_the_tokenizers_that_they_were()
    {
        Write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nÉtude\n##s\n");
        Write("tokenizer_config.json", """{"do_lower_case": false, "model_max_length": 512}""");
        Assert.Equal(["[CLS]", "Étude", "##s", "[SEP]"], Tokenizer.Load(_folder).Encode("Études").Tokens);
        Write("tokenizer_config.json", """{"do_lower_case": 1}""");
        Assert.Contains("do_lower_case is 1; legal is true or false", Assert.Throws<InvalidDataException>(() => Tokenizer.Load(_folder)).Message);
        File.Delete(Path.Combine(_folder, "vocab.txt"));
        Write("tokenizer_config.json", """{"add_prefix_space": true}""");
        Assert.Contains("it has tokenizer_config.json", Assert.Throws<InvalidDataException>(() => Tokenizer.Load(_folder)).Message);

        Write("vocab.json", """{"a": 0, "b": 1, "Ġ": 2, "Ġa": 3, "<|endoftext|>": 4}""");
        Write("merges.txt", "#version: 0.2\nĠ a\n");
        Assert.Equal(["Ġa", "b", "<|endoftext|>"], Tokenizer.Load(_folder).Encode("ab<|endoftext|>").Tokens);
        Write("vocab.json", """{"<s>": 0, "<pad>": 1, "</s>": 2, "a": 3, "Ġ": 4, "Ġa": 5}""");
        Write("tokenizer_config.json", """{"add_prefix_space": true, "tokenizer_class": "RobertaTokenizer"}""");
        Assert.Equal(["<s>", "Ġa", "</s>"], Tokenizer.Load(_folder).Encode("a").Tokens);
        Write("vocab.json", """{"a": 0, "a</w>": 1, "aa</w>": 2, "<|startoftext|>": 3, "<|endoftext|>": 4}""");
        Write("merges.txt", "a a</w>\n");
        Write("tokenizer_config.json", """{"do_lower_case": true, "tokenizer_class": "CLIPTokenizer"}""");
        Assert.Equal(["<|startoftext|>", "aa</w>", "<|endoftext|>"], Tokenizer.Load(_folder).Encode(" AA ").Tokens);
    }

    // As OpenAI's folders have it: the list is the vocabulary, too.
    [Theory]
    [InlineData("bpe_simple_vocab_16e6.txt.gz")]
    [InlineData("bpe_simple_vocab_16e6.txt")]
    public void A_merge_list_of_clip_is_a_tokenizer_by_itself(string name)
    {
        var published = Path.Combine(SharedData.Find("vocab"), "bpe_simple_vocab_16e6.txt.gz");
        var path = Path.Combine(_folder, name);
        if (name.EndsWith(".gz", StringComparison.Ordinal))
            File.Copy(published, path);
        else
            File.WriteAllText(path, VocabularyFiles.Text(published));
        var expected = Tokenizers.Clip(published).EncodeToIds("Two dogs run.");
        Assert.Equal(expected, Tokenizer.Load(_folder).EncodeToIds("Two dogs run."));
        Assert.Equal(expected, Tokenizer.Load(path).EncodeToIds("Two dogs run."));
        Write("tokenizer_config.json", """{"tokenizer_class": "CLIPTokenizer", "pad_token": "!"}""");
        Assert.Equal("!", Tokenizer.Load(_folder).PadToken);
        Write("tokenizer_config.json", """{"tokenizer_class": "GPT2Tokenizer"}""");
        Assert.Contains($"tokenizer_class is 'GPT2Tokenizer', which has no counterpart without tokenizer.json; legal beside {name} are CLIPTokenizer", Assert.Throws<InvalidDataException>(() => Tokenizer.Load(_folder)).Message);
    }

    [Fact]
    public void Older_files_say_where_they_are_wrong()
    {
        Write("vocab.json", """{"a": 0, "b": 1}""");
        var merges = Write("merges.txt", "#version: 0.2\na b c\n");
        Assert.Contains($"{merges}: line 2 is 'a b c'", Assert.Throws<InvalidDataException>(() => Tokenizer.Load(_folder)).Message);
        Write("merges.txt", "a b\n");
        Assert.Contains("Merge 0, 'a' and 'b', needs 'ab'", Assert.Throws<InvalidDataException>(() => Tokenizer.Load(_folder)).Message);
        Write("vocab.json", """{"a": "0"}""");
        Assert.Contains("'a' is \"0\"; legal is a whole number", Assert.Throws<InvalidDataException>(() => Tokenizer.Load(_folder)).Message);
        Assert.Contains("line 2 is empty", Assert.Throws<InvalidDataException>(() => Tokenizers.Bert(Write("vocab.txt", "a\n\nb\n"))).Message);
        Assert.Contains("Token 'a' has the ids 0 and 1", Assert.Throws<InvalidDataException>(() => Tokenizers.Bert(Write("vocab.txt", "a\na\n"))).Message);
        Assert.Contains("1 merges; legal are 48894 or more", Assert.Throws<InvalidDataException>(() => Tokenizers.Clip(Write("list.txt", "\"x#version: 0.2\na b\n"))).Message);
        Assert.Throws<FileNotFoundException>(() => Tokenizer.Load(Path.Combine(_folder, "nothing")));
    }

    [Theory]
    [InlineData("vocab.txt", "", "vocab.txt: Token '[CLS]' is not among the vocabulary's 0.")]
    [InlineData("vocab.txt", "a\nb\n", "vocab.txt: Token '[CLS]' is not among the vocabulary's 2.")]
    [InlineData("vocab.txt", "a\nb\na\n", "vocab.txt: Token 'a' has the ids 0 and 2; legal is one.")]
    [InlineData("bert-vocab.txt", "[PAD]\n[CLS]\n", "bert-vocab.txt is no tokenizer.json; vocab.txt, vocab.json with merges.txt beside it, and CLIP's bpe_simple_vocab_16e6.txt.gz are known by these names.")]
    [InlineData("gpt2-vocab.json", """ {"a": 0, "model": 1, "version": 2}""", "gpt2-vocab.json.model is no object with a tokenizer's model: this is no tokenizer.json; vocab.txt,")]
    [InlineData("gpt2-vocab.json", """{"a": 0}""", "gpt2-vocab.json.model is no object with a tokenizer's model")]
    [InlineData("tokenizer.json", "{\n \"model\": {", "tokenizer.json: no JSON from line 2, byte 12 on: ")]
    public void A_file_that_is_another_is_said_to_be(string name, string text, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => Tokenizer.Load(Write(name, text)));
        Assert.Contains(message, error.Message);
        Assert.DoesNotContain("Parameter", error.Message);
        Assert.DoesNotContain("LineNumber", error.Message);
    }

    [Fact]
    public void A_path_that_leads_nowhere_says_what_there_is()
    {
        Write("vocab.txt", "a\n");
        Assert.Contains("An empty path names no file or folder.", Assert.Throws<FileNotFoundException>(() => Tokenizer.Load("")).Message);
        Assert.Contains($"{_folder} is a folder; legal is a file. It holds vocab.txt.", Assert.Throws<FileNotFoundException>(() => TokenizerTraining.ReadLines(_folder).Count()).Message);
        Assert.Contains($"there is no such file or folder; {_folder} holds vocab.txt.", Assert.Throws<FileNotFoundException>(() => Tokenizer.Load(Path.Combine(_folder, "vocabulary.txt"))).Message);
    }

    [Fact]
    public void What_a_file_says_of_batches_holds_where_a_call_says_nothing()
    {
        var file = JsonNode.Parse(File.ReadAllText(Path.Combine(GoldenFolder.Path, "trained-wordpiece", "tokenizer.json")))!;
        file["truncation"] = JsonNode.Parse("""{"direction": "Left", "max_length": 6, "strategy": "LongestFirst", "stride": 0}""");
        file["padding"] = JsonNode.Parse("""{"strategy": {"Fixed": 6}, "direction": "Left", "pad_to_multiple_of": null, "pad_id": 0, "pad_type_id": 1, "pad_token": "[PAD]"}""");
        var tokenizer = Tokenizer.Load(Write("tokenizer.json", file.ToJsonString()));
        var rows = tokenizer.EncodeBatch(["the king", "and you and you and you and thou"]).Rows;
        Assert.Equal(["[PAD]", "[PAD]", "[CLS]", "the", "king", "[SEP]"], rows[0].Tokens);
        Assert.Equal([1, 1, 0, 0, 0, 0], rows[0].Segments);
        Assert.EndsWith("and thou", tokenizer.Decode(rows[1].Ids));
        Assert.Equal(6, rows[1].Count);
        Assert.Equal(4, tokenizer.Encode("the king").Count);
        tokenizer.Save(_folder);
        Assert.True(JsonNode.DeepEquals(file, JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, "tokenizer.json")))));
    }

    [Fact]
    public void Options_that_mean_nothing_are_refused_where_they_are_set()
    {
        Assert.Contains("Rows share 0 or more tokens.", Assert.Throws<ArgumentOutOfRangeException>(static () => new EncodeOptions { Stride = -1 }).Message);
        Assert.Contains("a multiple of 1 or more", Assert.Throws<ArgumentOutOfRangeException>(static () => new EncodeOptions { MultipleOf = 0 }).Message);
        Assert.Equal((0, null, 1), (new EncodeOptions { Stride = 0 }.Stride, new EncodeOptions { MultipleOf = null }.MultipleOf, new EncodeOptions { MultipleOf = 1 }.MultipleOf));
    }

    // What cannot be written must not take the place of what is there.
    [Fact]
    public void Saving_that_fails_leaves_the_old_files()
    {
        var tokenizer = Tokenizer.Load(Path.Combine(GoldenFolder.Path, "characters"));
        tokenizer.Save(_folder);
        var before = File.ReadAllText(Path.Combine(_folder, "tokenizer.json"));
        var wrong = new Tokenizer(tokenizer.Model) { BatchOptions = new EncodeOptions { Padding = TokenPadding.Longest } };
        Assert.Throws<InvalidOperationException>(() => wrong.Save(_folder));
        Assert.Equal("An empty path names no folder.", Assert.Throws<DirectoryNotFoundException>(() => tokenizer.Save("")).Message);
        Assert.Equal(before, File.ReadAllText(Path.Combine(_folder, "tokenizer.json")));
        Assert.DoesNotContain(Directory.EnumerateFiles(_folder), static f => f.EndsWith(".tmp", StringComparison.Ordinal));
    }

    private static string Padding(string token, int id, int? multipleOf = null, int? fixedLength = null) => $$$"""
        {"padding": {"strategy": {{{(fixedLength is { } length ? $"{{\"Fixed\": {length}}}" : "\"BatchLongest\"")}}}, "direction": "Right", "pad_to_multiple_of": {{{multipleOf?.ToString() ?? "null"}}}, "pad_id": {{{id}}}, "pad_type_id": 0, "pad_token": "{{{token}}}"}}
        """;

    private static string Truncation(int length, int stride) => $$$"""{"truncation": {"direction": "Right", "max_length": {{{length}}}, "strategy": "LongestFirst", "stride": {{{stride}}}}}""";

    private static string Special(int cls, int sep) => """{"special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [CLS], "tokens": ["[CLS]"]}, "[SEP]": {"id": "[SEP]", "ids": [SEP], "tokens": ["[SEP]"]}}}"""
        .Replace(": [CLS]", $": [{cls}]", StringComparison.Ordinal).Replace(": [SEP]", $": [{sep}]", StringComparison.Ordinal);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
