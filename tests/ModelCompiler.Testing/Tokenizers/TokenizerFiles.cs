using ModelCompiler.Data;

namespace ModelCompiler.Testing;

/// <summary>The tokenizer of a folder of golden cases: its own files, or a published vocabulary that lies elsewhere.</summary>
internal static class TokenizerFiles
{
    /// <param name="folder">Named after its tokenizer where it holds none of its own.</param>
    /// <param name="isPrefixed">A space is put before texts.</param>
    /// <param name="vocabularies">Where the published files are.</param>
    /// <exception cref="FileNotFoundException">They are not there.</exception>
    public static Tokenizer Load(string folder, string? vocabularies, bool isPrefixed)
    {
        if (File.Exists(Path.Combine(folder, "tokenizer.json")))
            return Tokenizer.Load(folder);
        return Path.GetFileName(folder) switch
        {
            "gpt2" => Tokenizers.Gpt2(Published("gpt2-vocab.json"), Published("gpt2-merges.txt"), isPrefixed),
            "roberta" => Tokenizers.Roberta(Published("gpt2-vocab.json"), Published("gpt2-merges.txt"), isPrefixed),
            "clip" => Tokenizers.Clip(Published("bpe_simple_vocab_16e6.txt.gz")),
            "bert-uncased" => Tokenizers.Bert(Published("bert-base-uncased-vocab.txt")),
            "bert-chinese" => Tokenizers.Bert(Published("bert-base-chinese-vocab.txt"), lowercase: false, stripAccents: false),
            var other => throw new FileNotFoundException($"{folder} has no tokenizer.json, and '{other}' is no published tokenizer."),
        };

        string Published(string name) => vocabularies is not null && File.Exists(Path.Combine(vocabularies, name))
            ? Path.Combine(vocabularies, name)
            : throw new FileNotFoundException($"There is no {name} in {vocabularies ?? "any folder of vocabularies"}.", name);
    }
}
