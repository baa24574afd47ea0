namespace ModelCompiler.Data.Tests;

/// <summary>What lies beside a vocabulary decides which tokens are put around texts and which are cut out of them.</summary>
public sealed class TokenizerSettingsTests : IDisposable
{
    // Facts of the published folder: GPT-2's merges, another vocabulary, </s> for all but padding.
    private const string OfOpt = """
        {"errors": "replace", "unk_token": {"content": "</s>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": true, "__type": "AddedToken"},
         "bos_token": {"content": "</s>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": true, "__type": "AddedToken"}, "eos_token": "</s>", "pad_token": "<pad>",
         "add_prefix_space": false, "add_bos_token": true, "special_tokens_map_file": null, "name_or_path": "opt", "tokenizer_class": "GPT2Tokenizer"}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("tokenizer").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_same_vocabulary_is_that_of_RoBERTa_BART_or_OPT_as_the_class_says()
    {
        BytePairs();
        Settings(OfOpt);
        Write("special_tokens_map.json", """{"bos_token": "</s>", "eos_token": "</s>", "unk_token": "</s>", "pad_token": "<pad>"}""");
        var opt = Tokenizer.Load(_folder);
        Assert.Equal(["</s>", "a", "\u0120a", "b"], opt.Encode("a ab").Tokens);
        Assert.Equal(["</s>", "a", "b"], opt.Encode("a", "b").Tokens);
        Assert.Equal([0, 0, 1], opt.Encode("a", "b").Segments);
        Assert.Equal(["</s>", "a", "</s>", "b"], opt.Encode("a</s>b").Tokens);
        Assert.Equal("<pad>", opt.PadToken);
        opt.Save(Path.Combine(_folder, "saved"));
        Assert.Equal(opt.Encode("a", "b").Tokens, Tokenizer.Load(Path.Combine(_folder, "saved")).Encode("a", "b").Tokens);

        foreach (var name in new[] { "RobertaTokenizer", "RobertaTokenizerFast", "BartTokenizer" })
        {
            Settings($$"""{"tokenizer_class": "{{name}}"}""");
            Assert.Equal(["<s>", "a", "\u0120a", "b", "</s>"], Tokenizer.Load(_folder).Encode("a ab").Tokens);
        }
    }

    [Fact]
    public void Without_a_class_the_model_says_it_and_without_either_it_is_an_error()
    {
        BytePairs();
        File.Delete(Path.Combine(_folder, "special_tokens_map.json"));
        Assert.Contains("as those of RoBERTa, BART and OPT, which put other tokens around texts", Refusal());
        Write("config.json", """{"model_type": "bart"}""");
        Assert.Equal(["<s>", "a", "</s>"], Tokenizer.Load(_folder).Encode("a").Tokens);
        Write("config.json", """{"model_type": "opt"}""");
        Assert.Contains("tokenizer_config.json.tokenizer_class says which it is, one of RobertaTokenizer", Refusal());
    }

    [Theory]
    [InlineData("""{"tokenizer_class": "MarianTokenizer"}""", "tokenizer_class is 'MarianTokenizer', which has no counterpart without tokenizer.json; legal beside vocab.json and merges.txt are GPT2Tokenizer,")]
    [InlineData("""{"tokenizer_class": "BlenderbotTokenizer"}""", "tokenizer_class is 'BlenderbotTokenizer'")]
    [InlineData("""{"tokenizer_class": 3}""", "tokenizer_config.json.tokenizer_class is 3; legal is a string")]
    [InlineData("""{"tokenizer_class": "GPT2Tokenizer", "add_eos_token": true}""", "add_eos_token is true, which has no counterpart for such a tokenizer")]
    [InlineData("""{"tokenizer_class": "BartTokenizer", "add_bos_token": true}""", "add_bos_token is true, which has no counterpart for such a tokenizer")]
    [InlineData("""{"tokenizer_class": "BartTokenizer", "splits_digits": true}""", "tokenizer_config.json has the field 'splits_digits', which nothing here knows: tokens could be others without a word")]
    [InlineData("""{"tokenizer_class": "BartTokenizer", "split_special_tokens": true}""", "split_special_tokens has no counterpart; legal is false")]
    [InlineData("""{"tokenizer_class": "BartTokenizer", "add_prefix_space": "yes"}""", "add_prefix_space is \"yes\"; legal is true or false")]
    [InlineData("""{"tokenizer_class": "BartTokenizer", "model_max_length": "512"}""", "model_max_length is no number")]
    [InlineData("""{"tokenizer_class": "BartTokenizer", "padding_side": "top"}""", "padding_side is 'top'; legal are Right, Left")]
    [InlineData("""{"tokenizer_class": "BartTokenizer", "pad_token": "[PAD]"}""", "tokenizer_config.json.pad_token is '[PAD]', which is not among the vocabulary's 8 tokens and has no id")]
    [InlineData("""{"tokenizer_class": "BartTokenizer", "pad_token": {"content": "<pad>", "left": true}}""", "tokenizer_config.json.pad_token has the field 'left'")]
    [InlineData("""{"tokenizer_class": "BartTokenizer", "added_tokens_decoder": {"two": {"content": "</s>"}}}""", "added_tokens_decoder.two is no id; legal is a whole number")]
    [InlineData("""{"tokenizer_class": "BartTokenizer", "added_tokens_decoder": {"7": {"content": "</s>"}}}""", "'</s>' has the id 7, and the model's vocabulary gives it 2")]
    [InlineData("""[]""", "tokenizer_config.json is an array; legal is an object")]
    [InlineData("""{"tokenizer_class": }""", "tokenizer_config.json: no JSON from line 1")]
    public void What_would_give_other_ids_is_named(string settings, string message)
    {
        BytePairs();
        Settings(settings);
        Assert.Contains(message, Refusal());
    }

    [Fact]
    public void Tokens_that_settings_name_are_cut_out_of_texts()
    {
        BytePairs();
        Settings("""
            {"tokenizer_class": "BartTokenizer", "mask_token": {"content": "<mask>", "lstrip": false}, "additional_special_tokens": ["b"], "padding_side": "left",
             "added_tokens_decoder": {"9": {"content": "<x>", "rstrip": true, "special": false}, "8": {"content": "<mask>", "lstrip": true, "special": true}}}
            """);
        var tokenizer = Tokenizer.Load(_folder);
        Assert.Equal(["<s>", "a", "<x> ", "b", " <mask>", "</s>"], tokenizer.Encode("a<x> b <mask>").Tokens);
        Assert.Equal([0, 3, 9, 5, 8, 2], tokenizer.EncodeToIds("a<x> b <mask>"));
        Assert.Equal(TokenSide.Left, tokenizer.BatchOptions.PaddingSide);
        Write("special_tokens_map.json", """{"mask_token": "a"}""");
        Assert.Contains("special_tokens_map.json.mask_token is 'a', and '<mask>' in tokenizer_config.json; legal is the same", Refusal());
        File.Delete(Path.Combine(_folder, "special_tokens_map.json"));
        Write("added_tokens.json", """{"<x>": 9}""");
        Assert.Contains("added_tokens.json has no counterpart without tokenizer.json", Refusal());
    }

    [Fact]
    public void BERT_has_the_special_tokens_that_it_names()
    {
        Write("vocab.txt", "<p>\n<u>\n<c>\n<e>\n<m>\na\n");
        Settings("""{"tokenizer_class": "BertTokenizerFast", "pad_token": "<p>", "unk_token": "<u>", "cls_token": "<c>", "sep_token": "<e>", "mask_token": "<m>"}""");
        Assert.Equal(["<c>", "a", "<u>", "<m>", "<e>"], Tokenizer.Load(_folder).Encode("a b<m>").Tokens);
        Settings("""{"tokenizer_class": "MPNetTokenizer"}""");
        Assert.Contains("tokenizer_class is 'MPNetTokenizer', which has no counterpart without tokenizer.json; legal beside vocab.txt are BertTokenizer,", Refusal());
        Settings("""{"never_split": ["a"]}""");
        Assert.Contains("never_split has no counterpart; legal is null or an empty list", Refusal());
    }

    [Theory]
    [InlineData("trained-wordpiece", """{"do_lower_case": false}""", "do_lower_case is false, and tokenizer.json beside it says true; legal is the same")]
    [InlineData("trained-wordpiece", """{"strip_accents": false}""", "strip_accents is false, and tokenizer.json beside it says true")]
    [InlineData("trained-wordpiece", """{"tokenize_chinese_chars": false}""", "tokenize_chinese_chars is false, and tokenizer.json beside it says true")]
    [InlineData("trained-wordpiece", """{"add_bos_token": true, "bos_token": "[CLS]", "eos_token": "[SEP]", "add_eos_token": false}""", "add_eos_token is false, and tokenizer.json beside it says true")]
    [InlineData("trained-wordpiece", """{"mask_token": "<mask>"}""", "mask_token is '<mask>', and tokenizer.json beside it does not cut that out of texts")]
    [InlineData("trained-wordpiece", """{"added_tokens_decoder": {"0": {"content": "[PAD]", "lstrip": true}}}""", "added_tokens_decoder.0 is AddedToken { Content = [PAD], Id = 0,")]
    [InlineData("trained-wordpiece", """{"individual_digits": true}""", "tokenizer_config.json has the field 'individual_digits'")]
    [InlineData("trained-mixed", """{"add_prefix_space": false}""", "add_prefix_space is false, and tokenizer.json beside it says true")]
    public void Settings_beside_tokenizer_json_have_to_say_the_same(string name, string settings, string message)
    {
        File.Copy(Path.Combine(GoldenFolder.Path, name, "tokenizer.json"), Path.Combine(_folder, "tokenizer.json"));
        Settings("""{"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 1000000000000000019884624838656, "clean_up_tokenization_spaces": true, "padding_side": "right"}""");
        Assert.Equal(Tokenizer.Load(Path.Combine(GoldenFolder.Path, name)).EncodeToIds("Speak, speak."), Tokenizer.Load(_folder).EncodeToIds("Speak, speak."));
        Settings(settings);
        Assert.Contains(message, Refusal());
    }

    [Fact]
    public void Truncation_of_tokenizer_json_is_at_the_end_that_the_settings_name()
    {
        var text = File.ReadAllText(Path.Combine(GoldenFolder.Path, "trained-wordpiece", "tokenizer.json"));
        Settings("""{"truncation_side": "left"}""");
        foreach (var (direction, said) in new[] { ("", "Left"), (", \"direction\": \"Left\"", "Left"), (", \"direction\": \"Right\"", "") })
        {
            Write("tokenizer.json", text.Replace("\"truncation\": null", $"\"truncation\": {{\"max_length\": 8, \"strategy\": \"LongestFirst\", \"stride\": 0{direction}}}", StringComparison.Ordinal));
            if (said.Length > 0)
                Assert.Equal(said, Tokenizer.Load(_folder).BatchOptions.TruncationSide.ToString());
            else
                Assert.Contains("tokenizer_config.json.truncation_side is 'Left', and tokenizer.json beside it cuts at 'Right'; legal is the same", Refusal());
        }
    }

    [Fact]
    public void Two_vocabularies_are_refused_by_name()
    {
        foreach (var name in new[] { "vocab.json", "source.spm", "target.spm" })
            Write(name, "{}");
        Assert.Contains("has two vocabularies, source.spm and target.spm, as Marian's models do", Refusal());
    }

    private void BytePairs()
    {
        Write("vocab.json", """{"<s>": 0, "<pad>": 1, "</s>": 2, "a": 3, "\u0120": 4, "b": 5, "\u0120a": 6, "<unk>": 7}""");
        Write("merges.txt", "#version: 0.2\n\u0120 a\n");
    }

    private void Settings(string json) => Write("tokenizer_config.json", json);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);

    private string Refusal() => Assert.Throws<InvalidDataException>(() => Tokenizer.Load(_folder)).Message;
}
