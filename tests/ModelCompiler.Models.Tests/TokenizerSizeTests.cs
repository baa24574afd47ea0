using ModelCompiler.Compiler.Spec;
using ModelCompiler.Data;
using ModelCompiler.Testing;

namespace ModelCompiler.Models.Tests;

/// <summary>The size that a build reads of a tokenizer's file is that of the tokenizer which a program loads.</summary>
public sealed class TokenizerSizeTests
{
    private static readonly string s_root = Path.Combine(Folders.Root, "tests", "Golden", "tokenizers");

    public static TheoryData<string> Files => new(Directory.EnumerateFiles(s_root, "*", SearchOption.AllDirectories)
        .Where(static f => TokenizerSize.Files.Contains(Path.GetFileName(f))).Select(static f => Path.GetRelativePath(s_root, f)).Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(Files))]
    public void A_build_counts_what_a_program_loads(string file)
    {
        var path = Path.Combine(s_root, file);
        var size = TokenizerSize.Of(Path.GetFileName(file), File.ReadAllText(path));
        Assert.Equal(Tokenizer.Load(Path.GetDirectoryName(path)!).Vocabulary.Size, size);
    }

    [Theory]
    [InlineData("vocab.txt", "a\r\nb\r\n\r\n\n", 2)]
    [InlineData("vocab.txt", "a\nb", 2)]
    [InlineData("vocab.json", """ {"a": 4, "\"\u0041\\": 9 } """, 10)]
    [InlineData("tokenizer.json", """{"added_tokens": [{"content": "]}", "id": 7}], "model": {"type": "BPE", "vocab": {"a": 0}, "merges": [["a", "b"], -1.5e3, true, null]}}""", 8)]
    [InlineData("tokenizer.json", """{"added_tokens": null, "model": {"vocab": [["a", -1.5], ["b", 0]]}}""", 2)]
    public void A_size_is_one_more_than_the_largest_id(string file, string text, int size) => Assert.Equal(size, TokenizerSize.Of(file, text));

    [Theory]
    [InlineData("vocab.txt", "", "it has 0 tokens; legal are 1 to 16777216")]
    [InlineData("vocab.txt", "a\n\r\n\nb\n", "line 2 is empty; legal is a token a line")]
    [InlineData("vocab.json", "", "the file ends where '{' should stand (line 1, character 1)")]
    [InlineData("vocab.json", "[]", "'[' stands where '{' should (line 1, character 1)")]
    [InlineData("vocab.json", "{\"a\": 1} x", "'x' stands behind the end (line 1, character 10)")]
    [InlineData("vocab.json", "{\"a\": 16777216}", "'16777216' is no id; legal are 0 to 16777215 (line 1, character 15)")]
    [InlineData("vocab.json", "{\"a\": 1.0}", "'1.0' is no id; legal are 0 to 16777215 (line 1, character 10)")]
    [InlineData("vocab.json", "{\"a\n\": 1}", "a text has no end (line 1, character 4)")]
    [InlineData("vocab.json", "{\"a\\", "an escape is no character (line 1, character 5)")]
    [InlineData("vocab.json", "{\"\\u00g0\": 1}", "an escape is no character (line 1, character 8)")]
    [InlineData("tokenizer.json", "{\"model\": {\"vocab\": {}}, \"a\": 01x}", "'01x' is no value (line 1, character 34)")]
    public void What_is_wrong_is_said_with_its_place(string file, string text, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => TokenizerSize.Of(file, text)).Message);

    // The stack of an editor is not the file's to use up.
    [Fact]
    public void Deep_nesting_is_refused() => Assert.StartsWith("values are nested more than 64 deep",
        Assert.Throws<FormatException>(static () => TokenizerSize.Of("tokenizer.json", "{\"a\": " + new string('[', 1_000_000))).Message);

    [Fact]
    public void Bytes_that_are_changed_give_a_size_or_a_format_error()
    {
        foreach (var file in Files.Select(static f => f.Data))
        {
            var text = File.ReadAllText(Path.Combine(s_root, file));
            text = text[..Math.Min(text.Length, 3000)];
            var random = new Random(1);
            for (var run = 0; run < 300; run++)
            {
                var changed = text.ToCharArray();
                for (var i = random.Next(4); i >= 0; i--)
                {
                    changed[random.Next(changed.Length)] = "{}[]\",:\\u0-9.e \n\0x"[random.Next(18)];
                }

                Assert.True(Record.Exception(() => TokenizerSize.Of(Path.GetFileName(file), new string(changed, 0, random.Next(changed.Length + 1)))) is null or FormatException, $"{file}, run {run}");
            }
        }
    }
}
