namespace ModelCompiler.Data;

/// <summary>The files of a model's folder that make its tokenizer: <c>tokenizer.json</c>, or what there was before it.</summary>
internal static class TokenizerFolder
{
    public const string FileName = "tokenizer.json";

    // CLIP's merge list, as it is published and unpacked.
    private static readonly string[] s_clip = ["bpe_simple_vocab_16e6.txt.gz", "bpe_simple_vocab_16e6.txt"];

    /// <param name="path">A folder, vocab.txt, vocab.json with its merges.txt beside it, CLIP's merge list, or a file in the format of <see cref="FileName"/>.</param>
    public static Tokenizer Read(string path)
    {
        if (File.Exists(path))
        {
            return Path.GetFileName(path) switch
            {
                "vocab.txt" => OlderFiles.ReadWordPieces(path),
                "vocab.json" => OlderFiles.ReadBytePairs(path),
                var name when s_clip.Contains(name) => OlderFiles.ReadClip(path),
                _ => OfJson(path),
            };
        }

        if (!Directory.Exists(path))
            throw Found.Missing(path, "file or folder");
        var file = Path.Combine(path, FileName);
        if (File.Exists(file))
            return TokenizerJson.Read(File.ReadAllBytes(file), file, TokenizerSettings.Read(path));
        if (Has("vocab.txt"))
            return OlderFiles.ReadWordPieces(At("vocab.txt"));
        if (Has("vocab.json") && Has("merges.txt"))
            return OlderFiles.ReadBytePairs(At("vocab.json"));
        if (s_clip.FirstOrDefault(Has) is { } clip)
            return OlderFiles.ReadClip(At(clip));
        if (Has("source.spm") && Has("target.spm"))
            throw new InvalidDataException($"{path} has two vocabularies, source.spm and target.spm, as Marian's models do: they have no counterpart; legal is one tokenizer in {FileName}.");
        var found = Directory.EnumerateFiles(path).Select(static f => Path.GetFileName(f)).Order(StringComparer.Ordinal);
        throw new InvalidDataException($"{path} has no tokenizer: legal are {FileName}, vocab.txt, vocab.json and merges.txt, or {s_clip[0]}; it has {Found.Names(found)}.");

        string At(string name) => Path.Combine(path, name);

        bool Has(string name) => File.Exists(At(name));
    }

    // A list of tokens or merges under another name would be told to be broken JSON.
    private static Tokenizer OfJson(string path)
    {
        var bytes = File.ReadAllBytes(path);
        return bytes.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'{', ..]
            ? TokenizerJson.Read(bytes, path)
            : throw new InvalidDataException($"{path} is no {FileName}; vocab.txt, vocab.json with merges.txt beside it, and CLIP's {s_clip[0]} are known by these names.");
    }
}
