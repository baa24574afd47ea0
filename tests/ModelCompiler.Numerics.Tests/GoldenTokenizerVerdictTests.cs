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
        Assert.Contains("unsupported (There is no gpt2-vocab.json", Assert.Single(GoldenTokenizers.Run(_root, _root)).Verdict);
    }

    // The field of the last case gets one more item, or letter.
    private static string Changed(string cases, string field)
    {
        var at = cases.LastIndexOf($"\"{field}\":", StringComparison.Ordinal) + field.Length + 3;
        var added = field switch { "ids" => "0,", "tokens" => "\"x\",", "decoded" or "decoded_skip_special" => "x", _ => "[0,0]," };
        return cases.Insert(at + 1, added);
    }
}
