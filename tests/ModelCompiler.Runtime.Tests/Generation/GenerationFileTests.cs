using ModelCompiler.Runtime.Checkpoints;
using ModelCompiler.Runtime.Generation;

namespace ModelCompiler.Runtime.Tests.Generation;

/// <summary>Options as checkpoint folders say them.</summary>
public sealed class GenerationFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Every_key_becomes_its_option()
    {
        Write("generation_config.json", """
            {"decoder_start_token_id": 5, "eos_token_id": [2, 7], "pad_token_id": 1, "forced_bos_token_id": 3, "forced_eos_token_id": 2, "max_new_tokens": 9, "max_length": 30,
             "min_new_tokens": 1, "min_length": 4, "num_beams": 4, "num_return_sequences": 2, "length_penalty": 0.5, "early_stopping": "never", "do_sample": true, "temperature": 0.7,
             "top_k": 50, "top_p": 0.9, "repetition_penalty": 1.2, "no_repeat_ngram_size": 3, "bad_words_ids": [[4], [5, 6]], "transformers_version": "4.99"}
            """);
        var o = GenerationOptions.Load(_folder.Path);
        Assert.Equal((5, 1, 3, 2, 9, 30), (o.StartToken, o.PaddingToken, o.ForcedFirstToken, o.ForcedLastToken, o.MaxNewTokens, o.MaxLength));
        Assert.Equal((1, 4, 4, 2, 0.5, EarlyStopping.Never), (o.MinNewTokens, o.MinLength, o.Beams, o.Results, o.LengthPenalty, o.EarlyStopping));
        Assert.Equal((true, 0.7, 50, 0.9, 1.2, 3), (o.Sample, o.Temperature, o.TopK, o.TopP, o.RepetitionPenalty, o.NoRepeatNgram));
        Assert.Equal([2, 7], o.StopTokens);
        Assert.Equal(["4", "5 6"], o.BadTokens.Select(static b => string.Join(' ', b)));
    }

    [Fact]
    public void What_a_file_leaves_out_is_in_the_next_then_in_the_part_that_speaks()
    {
        Write("generation_config.json", """{"eos_token_id": 2, "num_beams": null}""");
        Write("config.json", """{"eos_token_id": 9, "num_beams": 3, "decoder": {"decoder_start_token_id": 4, "num_beams": 8, "pad_token_id": 6}, "early_stopping": true}""");
        var o = GenerationOptions.Load(_folder.Path);
        Assert.Equal((4, 3, 6, EarlyStopping.On), (o.StartToken, o.Beams, o.PaddingToken, o.EarlyStopping));
        Assert.Equal([2], o.StopTokens);
        Assert.Equal(new GenerationOptions().Temperature, o.Temperature);
    }

    [Fact]
    public void A_text_begins_behind_a_picture_as_any_other()
    {
        Write("config.json", """{"qformer_config": {}, "text_config": {"bos_token_id": 2, "eos_token_id": 50118}}""");
        Assert.Equal((2, 50118), (GenerationOptions.Load(_folder.Path).StartToken, GenerationOptions.Load(_folder.Path).StopTokens[0]));
        Write("config.json", """{"bos_token_id": 2}""");
        Assert.Null(GenerationOptions.Load(_folder.Path).StartToken);
    }

    [Theory]
    [InlineData("""{"num_beams": "many"}""", "num_beams is many; legal is a whole number")]
    [InlineData("""{"num_beams": 1e99}""", "num_beams is 1e99; legal is a whole number")]
    [InlineData("""{"eos_token_id": [[1]]}""", "eos_token_id is [[1]]; legal is a number or several")]
    [InlineData("""{"early_stopping": "sometimes"}""", "early_stopping is sometimes; legal is true, false or \"never\"")]
    [InlineData("""{"bad_words_ids": 3}""", "bad_words_ids is 3; legal is lists of numbers")]
    [InlineData("""{""", "config.json")]
    public void What_cannot_be_read_is_said(string json, string said)
    {
        Write("config.json", json);
        Assert.Contains(said, Assert.Throws<CheckpointException>(() => GenerationOptions.Load(_folder.Path)).Message);
    }

    [Fact]
    public void A_folder_without_files_is_said() =>
        Assert.Contains("has neither generation_config.json nor config.json", Assert.Throws<CheckpointException>(() => GenerationOptions.Load(_folder.Path)).Message);

    public void Dispose() => _folder.Dispose();

    private void Write(string name, string json) => File.WriteAllText(System.IO.Path.Combine(_folder.Path, name), json);
}
