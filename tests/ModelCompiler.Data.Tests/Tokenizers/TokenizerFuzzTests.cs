using System.IO.Compression;
using System.Text;
using CsCheck;

namespace ModelCompiler.Data.Tests;

/// <summary>Whatever the bytes of a tokenizer's files: a refusal that names the file, or a tokenizer that encodes.</summary>
public sealed class TokenizerFuzzTests : IDisposable
{
    private static readonly string[] s_texts = ["", "a", " ab  c\n", "the King's [MASK] d\u00e9j\u00e0 \U0001F600<|endoftext|>", new string('a', 300)];
    private static readonly string[] s_values =
        ["null", "true", "-1", "0", "1", "1e400", "2147483648", "\"\"", "\"a\"", "\"\\ud800\"", "[]", "{}", "[[]]", "[[\"a\",\"b\"]]", "{\"type\":\"Sequence\"}", "{\"type\":\"NFC\"}", "\"BPE\"", "\"Unigram\""];

    private readonly string _folder = Directory.CreateTempSubdirectory("tokenizer").FullName;

    public static TheoryData<string> All => ["characters", "trained-bytes", "trained-suffix", "trained-wordpiece", "trained-words", "unigram"];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(All))]
    public void Changed_bytes_of_tokenizer_json(string name)
    {
        var good = Small(name);
        Sample(Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte).Array[1, 3], changes =>
        {
            byte[] bytes = [.. good];
            foreach (var (at, value) in changes)
                bytes[at] = value;
            return bytes;
        });
    }

    // Somewhere behind a colon, so that most files stay JSON.
    [Theory]
    [MemberData(nameof(All))]
    public void Values_of_tokenizer_json_that_are_others(string name)
    {
        var text = Encoding.UTF8.GetString(Small(name));
        int[] places = [.. Enumerable.Range(0, text.Length).Where(i => text[i] == ':' && i > 0 && text[i - 1] == '"')];
        Sample(Gen.Select(Gen.Int[0, places.Length - 1], Gen.Int[0, s_values.Length - 1]), change =>
        {
            var start = places[change.Item1] + 1;
            var end = Math.Max(start, text.AsSpan(start).IndexOfAny(",}]\n") + start);
            return Encoding.UTF8.GetBytes(string.Concat(text.AsSpan(0, start), s_values[change.Item2], text.AsSpan(end)));
        });
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Truncated_files(string name)
    {
        var good = Small(name);
        Sample(Gen.Int[0, good.Length - 1], length => good[..length]);
    }

    [Fact]
    public void Merge_lists_and_vocabularies_of_any_lines()
    {
        var line = Gen.OneOf(Gen.String[Gen.Char["ab \u0120\r"], 0, 5], Gen.Const("#version: 0.2"), Gen.Const("a b"), AnyText.Gen);
        Gen.Select(line.Array[0, 6], line.Array[0, 6], Gen.Bool).Sample((merges, tokens, isPacked) =>
        {
            var (vocabulary, list, lines) = (Path.Combine(_folder, "vocab.json"), Path.Combine(_folder, "merges.txt"), Path.Combine(_folder, "vocab.txt"));
            File.WriteAllText(vocabulary, """{"a": 0, "b": 1, "ab": 2, "<|endoftext|>": 3}""");
            File.WriteAllBytes(list, isPacked ? Packed(string.Join('\n', merges)) : Encoding.UTF8.GetBytes(string.Join('\n', merges)));
            File.WriteAllText(lines, string.Join('\n', tokens.Concat(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])));
            Encodes(list, () => Tokenizers.Gpt2(vocabulary, list));
            Encodes(lines, () => Tokenizers.Bert(lines));
        }, iter: FuzzRuns.Of(3_000), threads: 1);
    }

    // Any keys with any values, beside each of the three kinds of files.
    [Fact]
    public void Settings_of_any_keys_and_values()
    {
        string[] keys =
        [
            "tokenizer_class", "add_prefix_space", "add_bos_token", "add_eos_token", "do_lower_case", "strip_accents", "never_split", "model_max_length", "padding_side", "bos_token", "pad_token", "mask_token",
            "cls_token", "unk_token", "additional_special_tokens", "added_tokens_decoder", "legacy", "any",
        ];
        string[] values = [.. s_values, "\"GPT2Tokenizer\"", "\"BartTokenizer\"", "\"CLIPTokenizer\"", "\"BertTokenizer\"", "\"left\"", "[\"b\"]", """{"content": "b"}""", """{"content": "c", "lstrip": 1}""", """{"9": {"content": "b", "rstrip": true}}"""];
        Write("merges.txt", "a b\n");
        var settings = Gen.Select(Gen.Int[0, keys.Length - 1], Gen.Int[0, values.Length - 1]).Array[0, 4].Select(pairs => $"{{{string.Join(',', pairs.Select(p => $"\"{keys[p.Item1]}\": {values[p.Item2]}"))}}}");
        Gen.Select(settings, settings, Gen.Int[0, 2]).Sample((config, map, kind) =>
        {
            foreach (var old in new[] { "tokenizer.json", "vocab.json", "vocab.txt" })
                File.Delete(Path.Combine(_folder, old));
            Write(kind == 0 ? "vocab.txt" : kind == 1 ? "vocab.json" : "tokenizer.json", kind switch
            {
                0 => "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nb\n",
                1 => """{"<s>": 0, "</s>": 1, "a": 2, "b": 3, "ab": 4, "<|startoftext|>": 5, "<|endoftext|>": 6}""",
                _ => Encoding.UTF8.GetString(Small("trained-words")),
            });
            Write("tokenizer_config.json", config);
            Write("special_tokens_map.json", map);
            Encodes(_folder, () => Tokenizer.Load(_folder));
        }, iter: FuzzRuns.Of(3_000), threads: 1);
    }

    [Fact]
    public void Packed_lists_with_changed_bytes()
    {
        var good = Packed("#version: 0.2\na b\n");
        var vocabulary = Path.Combine(_folder, "vocab.json");
        File.WriteAllText(vocabulary, """{"a": 0, "b": 1, "ab": 2, "<|endoftext|>": 3}""");
        Gen.Select(Gen.Int[2, good.Length - 1], Gen.Byte, Gen.Int[2, good.Length]).Sample((at, value, length) =>
        {
            byte[] bytes = [.. good];
            bytes[at] = value;
            var list = Path.Combine(_folder, "merges.txt");
            File.WriteAllBytes(list, bytes[..length]);
            Encodes(list, () => Tokenizers.Gpt2(vocabulary, list));
        }, iter: FuzzRuns.Of(3_000), threads: 1);
    }

    // The JSON with at most a few dozen tokens, so that changes meet all of it.
    private static byte[] Small(string name)
    {
        var tokenizer = Tokenizer.Load(Path.Combine(GoldenFolder.Path, name));
        TokenModel model = tokenizer.Model switch
        {
            BytePairModel m => new BytePairModel(new Vocabulary(["<unk>", "<pad>", "a", "b", "ab", "\u0120", "a</w>", "<|endoftext|>"]), [("a", "b")]) { UnknownToken = m.UnknownToken, EndOfWordSuffix = m.EndOfWordSuffix },
            WordPieceModel => new WordPieceModel(new Vocabulary(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "##b"])),
            WordLevelModel m => new WordLevelModel(new Vocabulary(["[PAD]", "[UNK]", "<unk>", "a", "b"])) { UnknownToken = m.UnknownToken },
            _ => new UnigramModel([("<pad>", 0), ("</s>", 0), ("<unk>", 0), ("\u2581", -1), ("\u2581a", -2), ("b", -3.5)], 2),
        };
        using var stream = new MemoryStream();
        TokenizerWriter.Write(new Tokenizer(model, tokenizer.AddedTokens.Select(static t => t with { Id = null }))
        {
            Normalizer = tokenizer.Normalizer,
            PreTokenizer = tokenizer.PreTokenizer,
            PostProcessor = tokenizer.PostProcessor,
            Decoder = tokenizer.Decoder,
            PadToken = tokenizer.PadToken,
        }, stream);
        return stream.ToArray();
    }

    private void Sample<T>(Gen<T> gen, Func<T, byte[]> change) => gen.Sample(value =>
    {
        var bytes = change(value);
        Encodes("any.json", () => TokenizerJson.Read(bytes, "any.json"));
    }, iter: FuzzRuns.Of(3_000));

    private static void Encodes(string path, Func<Tokenizer> load)
    {
        Tokenizer tokenizer;
        try
        {
            tokenizer = load();
        }
        catch (InvalidDataException e)
        {
            Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
            return;
        }

        foreach (var text in s_texts)
        {
            try
            {
                tokenizer.Decode(tokenizer.Encode(text).Ids);
            }
            catch (ArgumentException e) when (e.Message.Contains("unknown token", StringComparison.Ordinal))
            {
                // A vocabulary that lacks a piece and what stands for it.
            }
        }
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);

    private static byte[] Packed(string text)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return stream.ToArray();
    }
}
