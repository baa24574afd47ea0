using System.Text.Json;
using ModelCompiler.Testing;

namespace ModelCompiler.Data.Tests;

/// <summary>A hundred hard lines through every published tokenizer: what has to hold of any text holds of them.</summary>
public sealed class HardTextTests
{
    public static TheoryData<string> Published => GoldenTokenizerTests.Published;

    [Theory]
    [MemberData(nameof(Published))]
    public void Hard_lines_have_spans_that_cover_them_and_tokens_that_tell_them(string name)
    {
        var tokenizer = TokenizerFiles.Load(SharedGolden.Find(name), SharedData.Find("vocab"), isPrefixed: false);
        string[] texts = [.. File.ReadAllText(SharedData.Find("text/hard.txt")).Split('\n'), .. JsonSerializer.Deserialize<string[]>(File.ReadAllText(SharedData.Find("text/hard-multiline.json")))!];
        Assert.True(texts.Length > 100);
        foreach (var text in texts)
        {
            var row = tokenizer.Encode(text);
            Assert.Equal(row.Ids, tokenizer.EncodeToIds(text));
            Assert.All(row.Ids, id => Assert.NotNull(tokenizer.Vocabulary[id]));
            if (name is "gpt2" or "roberta")
                Assert.Equal(text, tokenizer.Decode(row.Ids));
            if (name != "gpt2")
                continue;
            var covered = new bool[text.Length];
            foreach (var span in row.Spans)
                covered.AsSpan(span.Start..span.End).Fill(true);
            Assert.DoesNotContain(false, covered);
        }
    }
}
