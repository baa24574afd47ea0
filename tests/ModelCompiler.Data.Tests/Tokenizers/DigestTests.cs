using System.Runtime.InteropServices;
using System.Security.Cryptography;
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
        foreach (var file in digests.RootElement.GetProperty(name).EnumerateObject())
        {
            var text = TrainingTexts.Whole(SharedData.Find($"text/{file.Name}"));
            Assert.Equal((file.Name, file.Value.GetProperty("whole").ToString()), (file.Name, Digest(file.Value.GetProperty("whole"), tokenizer.EncodeToIds(text, addSpecialTokens: false))));
            if (file.Value.TryGetProperty("by_line", out var lines))
                Assert.Equal((file.Name, lines.ToString()), (file.Name, Digest(lines, [.. text.Split('\n').SelectMany(l => tokenizer.EncodeToIds(l, addSpecialTokens: false))])));
        }
    }

    // Written as the stored one is, so that the two can be compared as they stand.
    private static string Digest(JsonElement expected, int[] ids)
    {
        var (tokens, sha) = (expected.GetProperty("tokens").GetInt32(), expected.GetProperty("sha256").GetString()!);
        return expected.ToString().Replace(sha, Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<int>(ids))), StringComparison.Ordinal)
            .Replace($": {tokens}", $": {ids.Length}", StringComparison.Ordinal);
    }
}
