using ModelCompiler.Golden;
using ModelCompiler.Testing;

namespace ModelCompiler.Numerics.Tests;

/// <summary>The runner of golden folders says of tokenizers what is so: all right, another answer, or a vocabulary that is not there.</summary>
public sealed class GoldenTokenizerVerdictTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("golden").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Stored_answers_are_all_right_and_changed_ones_are_not()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, "trained-words")).FullName;
        var source = Path.Combine(Folders.Root, "tests", "Golden", "tokenizers", "trained-words");
        File.Copy(Path.Combine(source, "tokenizer.json"), Path.Combine(folder, "tokenizer.json"));
        var cases = Path.Combine(folder, "cases.jsonl");
        File.Copy(Path.Combine(source, "cases.jsonl"), cases);
        Assert.Equal("trained-words/cases.jsonl\t86\t0\tok", Assert.Single(GoldenTokenizers.Run(_root, null)).ToString());
        foreach (var field in new[] { "ids", "tokens", "offsets_utf16", "offsets_code_points", "decoded", "decoded_skip_special" })
        {
            File.WriteAllText(cases, Changed(File.ReadAllText(Path.Combine(source, "cases.jsonl")), field));
            var result = Assert.Single(GoldenTokenizers.Run(_root, null));
            Assert.Equal((1, false), (result.Wrong, result.IsOk));
            Assert.StartsWith("off (", result.Verdict, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_vocabulary_that_is_not_there_is_named()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, "gpt2")).FullName;
        File.WriteAllText(Path.Combine(folder, "cases.jsonl"), """{"text":"a","ids":[64]}""");
        Assert.Contains($"gpt2 has no tokenizer, and {_root} no vocabulary: no vocab.json", Assert.Single(GoldenTokenizers.Run(_root, _root)).Verdict);
    }

    // Strings that nobody has seen lie in folders of any name, their vocabularies under any other.
    [Theory]
    [InlineData("trained-wordpiece", "mine-vocab.txt")]
    [InlineData("trained-bytes", "mine-vocab.json", "mine-merges.txt")]
    [InlineData("trained-words", "tokenizer.json")]
    public void A_vocabulary_is_found_by_what_it_holds(string source, params string[] files)
    {
        var (answers, vocabularies) = (Directory.CreateDirectory(Path.Combine(_root, "strings of mine")).FullName, Directory.CreateDirectory(Path.Combine(_root, "lists")).FullName);
        var golden = Path.Combine(Folders.Root, "tests", "Golden", "tokenizers", source);
        foreach (var file in files)
            File.Copy(Path.Combine(golden, file.Replace("mine-", "", StringComparison.Ordinal)), Path.Combine(vocabularies, file));
        File.WriteAllLines(Path.Combine(answers, "cases.jsonl"), File.ReadLines(Path.Combine(golden, "cases.jsonl")).Where(l => source != "trained-wordpiece" || l.Contains("[CLS]", StringComparison.Ordinal)).Take(5));
        var result = Assert.Single(GoldenTokenizers.Run(answers, vocabularies));
        Assert.Equal("strings of mine/cases.jsonl\t5\t0\tok", result.ToString());
    }

    // Every answer that is stored is run, or said not to be.
    [Fact]
    public void What_is_passed_over_is_said_with_its_reason()
    {
        var (words, unigram) = (Directory.CreateDirectory(Path.Combine(_root, "trained-words")).FullName, Directory.CreateDirectory(Path.Combine(_root, "unigram")).FullName);
        foreach (var (folder, name) in new[] { (words, "trained-words"), (unigram, "unigram") })
            File.Copy(Path.Combine(Folders.Root, "tests", "Golden", "tokenizers", name, "tokenizer.json"), Path.Combine(folder, "tokenizer.json"));
        File.WriteAllText(Path.Combine(unigram, "training.json"), """{"kind": "Unigram", "reproducible": false}""");
        File.WriteAllLines(Path.Combine(words, "cases.jsonl"), File.ReadLines(Path.Combine(Folders.Root, "tests", "Golden", "tokenizers", "trained-words", "cases.jsonl")).Take(2).Select(static l => l.Insert(1, "\"same\": false, ")));
        File.WriteAllText(Path.Combine(_root, "digests.json"), """{"trained-words": {"a.txt": {"whole": {"tokens": 3, "sha256": "0000000000"}}}, "clip open_clip": {}}""");
        var texts = Directory.CreateDirectory(Path.Combine(_root, "data", "text")).FullName;
        File.WriteAllText(Path.Combine(texts, "a.txt"), "the king");
        var results = GoldenTokenizers.Run(_root, Directory.CreateDirectory(Path.Combine(_root, "data", "vocab")).FullName).ToDictionary(static r => r.Name);
        Assert.Equal("passed over (the reference's own training gives other scores each time)", results["unigram/training.json"].Verdict);
        Assert.Equal("ok (passed over: 2 answers of open_clip that differ from transformers', as it repairs texts first)", results["trained-words/cases.jsonl"].Verdict);
        Assert.Equal("passed over (open_clip repairs texts first)", results["digests.json/clip open_clip"].Verdict);
        Assert.StartsWith("off (trained-words: a.txt: 2 tokens, ", results["digests.json/trained-words"].Verdict, StringComparison.Ordinal);
        Assert.Equal((4, 3), (results.Count, results.Values.Count(static r => r.IsOk)));
    }

    // The field of the last case gets one more item, or letter.
    private static string Changed(string cases, string field)
    {
        var at = cases.LastIndexOf($"\"{field}\":", StringComparison.Ordinal) + field.Length + 3;
        var added = field switch { "ids" => "0,", "tokens" => "\"x\",", "decoded" or "decoded_skip_special" => "x", _ => "[0,0]," };
        return cases.Insert(at + 1, added);
    }
}
