using System.Text.Json;
using ModelCompiler.Testing;

namespace ModelCompiler.Data.Tests;

/// <summary>Whole books: as many tokens as the reference's, with the same digest, in one piece and line by line.</summary>
public sealed class DigestTests
{
    public static TheoryData<string> All =>
    [
        "gpt2", "gpt2 add_prefix_space", "roberta", "roberta add_prefix_space", "clip transformers", "bert-uncased", "bert-chinese",
        "characters", "trained-bytes", "trained-mixed", "trained-suffix", "trained-wordpiece", "trained-words", "unigram",
    ];

    [Theory]
    [MemberData(nameof(All))]
    public void Books_have_the_references_tokens(string name)
    {
        using var digests = JsonDocument.Parse(File.ReadAllText(SharedGolden.Find("digests.json")));
        var tokenizer = TokenizerFiles.Load(SharedGolden.Find(name.Split(' ')[0]), SharedData.Find("vocab"), name.EndsWith("add_prefix_space", StringComparison.Ordinal));
        var (books, wrong) = TokenizerDigests.Compare(name, digests.RootElement.GetProperty(name), tokenizer, static file => SharedData.Find($"text/{file}"));
        Assert.Empty(wrong);
        Assert.True(books > 0);
    }
}
