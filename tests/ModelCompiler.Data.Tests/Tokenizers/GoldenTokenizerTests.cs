using ModelCompiler.Testing;

namespace ModelCompiler.Data.Tests;

/// <summary>The reference's answers on hard strings and batches: the same ids, tokens, spans and texts.</summary>
public sealed class GoldenTokenizerTests
{
    public static TheoryData<string> Own => [.. Directory.EnumerateDirectories(GoldenFolder.Path).Where(static f => File.Exists(Path.Combine(f, "cases.jsonl"))).Select(static f => Path.GetFileName(f)).Order()];

    public static TheoryData<string> Published => ["gpt2", "roberta", "clip", "bert-uncased", "bert-chinese"];

    [Theory]
    [MemberData(nameof(Own))]
    public void Tokenizers_of_the_repository_give_what_the_reference_gives(string name)
    {
        var folder = Path.Combine(GoldenFolder.Path, name);
        var (cases, wrong, _) = TokenizerCases.Strings(Tokenizer.Load(folder), Path.Combine(folder, "cases.jsonl"));
        Assert.Empty(wrong);
        Assert.True(cases >= 50);
    }

    [Theory]
    [MemberData(nameof(Published))]
    public void Published_tokenizers_give_what_the_reference_gives(string name)
    {
        var folder = SharedGolden.Find(name);
        foreach (var cases in Directory.EnumerateFiles(folder, "cases*.jsonl"))
        {
            var tokenizer = TokenizerFiles.Load(folder, SharedData.Find("vocab"), Path.GetFileName(cases) == "cases-prefix-space.jsonl");
            var (count, wrong, _) = TokenizerCases.Strings(tokenizer, cases);
            Assert.Empty(wrong);
            Assert.True(count >= 200);
        }
    }

    [Theory]
    [MemberData(nameof(Published))]
    public void Batches_are_padded_and_cut_as_the_reference_does_it(string name)
    {
        var folder = SharedGolden.Find(name);
        var (count, wrong) = TokenizerCases.Batches(TokenizerFiles.Load(folder, SharedData.Find("vocab"), isPrefixed: false), Path.Combine(folder, "batches.jsonl"));
        Assert.Empty(wrong);
        Assert.True(count >= 4);
    }
}
