using ModelCompiler.Generators.Tests.Harness;
using static ModelCompiler.Generators.Tests.Harness.Models;

namespace ModelCompiler.Generators.Tests.Diagnostics;

/// <summary>Tokenizers of other sizes than the model, that are not there, or that are none.</summary>
internal static class TokenizerRows
{
    public static IReadOnlyList<Row> All { get; } =
    [
        .. new[]
        {
            (Written: 30_522, Tokens: 28_996, Most: 29_902, Nearest: 29_902),
            (Written: 11, Tokens: 12, Most: 64, Nearest: 12),
            (Written: 65, Tokens: 12, Most: 64, Nearest: 64),
            (Written: 64, Tokens: 65, Most: 128, Nearest: 65),
            (Written: 51_828, Tokens: 50_257, Most: 51_827, Nearest: 51_827),
        }.Select(static x => new Row("MC1010", Bert($"Vocabulary = [|{x.Written}|], Tokenizer = \"vocab.txt\""),
            $"Vocabulary ({x.Written}) does not fit the tokenizer \"vocab.txt\", whose ids need {x.Tokens} rows; legal: {x.Tokens} to {x.Most}; nearest: {x.Nearest}") { Files = [ProjectFile.Words(x.Tokens)] }),
        new("MC1010", Gpt("Vocabulary = [|11|], Tokenizer = \"gpt\""), "Vocabulary (11) does not fit the tokenizer \"gpt/tokenizer.json\", whose ids need 12 rows; legal: 12 to 64; nearest: 12")
        {
            Files = [ProjectFile.Words(11, "gpt/vocab.txt"), new("gpt/tokenizer.json", """{"model": {"vocab": {"a": 3}}, "added_tokens": [{"id": 11}]}"""), new("gpt/vocab.json", "{}")],
        },
        new("MC1011", Bert("Tokenizer = [|\"vocab.txt\"|]"), "Tokenizer \"vocab.txt\" is not there, and the project has no tokenizer: put one of tokenizer.json, vocab.txt, vocab.json into its folder"),
        .. new[]
        {
            (Named: "vocb.txt", Nearest: "vocab.txt"),
            (Named: "Vocab.txt", Nearest: "vocab.txt"),
            (Named: "words.txt", Nearest: "vocab.txt"),
            (Named: "bert", Nearest: "brt"),
            (Named: "../vocab.txt", Nearest: "brt/vocab.txt"),
            (Named: "/demo/vocab.txt", Nearest: "brt/vocab.txt"),
        }.Select(static x => new Row("MC1011", Bert($"Tokenizer = [|\"{x.Named}\"|]"),
            $"Tokenizer \"{x.Named}\" is no file or folder of a tokenizer in the project; legal are tokenizer.json, vocab.txt, vocab.json, or a folder with one; nearest: \"{x.Nearest}\"")
        { Files = [ProjectFile.Words(11), ProjectFile.Words(11, "brt/vocab.txt"), ProjectFile.Words(11, "words.txt")] }),
        new("MC1011", Bert("Tokenizer = [|\"sealed/vocab.txt\"|]"), "Tokenizer \"sealed/vocab.txt\" cannot be read") { Files = [new("sealed/vocab.txt", null)] },
        new("MC1011", Bert("Tokenizer = [|\"gaps/vocab.txt\"|]"), "Tokenizer \"gaps/vocab.txt\" is no vocab.txt: line 2 is empty; legal is a token a line") { Files = [new("gaps/vocab.txt", "a\n\nb\n")] },
        new("MC1011", Bert("Tokenizer = [|\"none/vocab.txt\"|]"), "Tokenizer \"none/vocab.txt\" is no vocab.txt: it has 0 tokens; legal are 1 to 16777216") { Files = [new("none/vocab.txt", "\n")] },
        new("MC1011", Gpt("Tokenizer = [|\"vocab.json\"|]"), "Tokenizer \"vocab.json\" is no vocab.json: '-1' is no id; legal are 0 to 16777215 (line 2, character 9)") { Files = [new("vocab.json", "{\"a\": 0,\n \"b\": -1}")] },
        new("MC1011", Gpt("Tokenizer = [|\"tokenizer.json\"|]"), "Tokenizer \"tokenizer.json\" is no tokenizer.json: it has no model.vocab") { Files = [new("tokenizer.json", "{}")] },
    ];
}
