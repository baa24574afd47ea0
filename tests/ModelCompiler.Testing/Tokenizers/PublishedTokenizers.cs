using ModelCompiler.Data;

namespace ModelCompiler.Testing;

/// <summary>The tokenizers that a folder's answers can be of: its own, or those of the vocabularies that lie elsewhere, in every way in which such files are used. Names of folders say nothing.</summary>
internal static class PublishedTokenizers
{
    /// <param name="folder">Holds answers.</param>
    /// <param name="vocabularies">A folder of a tokenizer, or of vocabulary files under any names; null: there is none.</param>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static IEnumerable<Tokenizer> Of(string folder, string? vocabularies)
    {
        if (IsTokenizer(folder))
            return [Tokenizer.Load(folder)];
        if (vocabularies is null || !Directory.Exists(vocabularies))
            throw new FileNotFoundException($"{folder} has no tokenizer, and there is no folder of vocabularies; say which by --vocabularies.");
        if (IsTokenizer(vocabularies))
            return [Tokenizer.Load(vocabularies)];
        Func<Tokenizer>[] makers = [.. Directory.EnumerateFiles(vocabularies).Order(StringComparer.Ordinal).SelectMany(MadeOf)];
        return makers.Length > 0
            ? makers.Select(static m => m())
            : throw new FileNotFoundException($"{folder} has no tokenizer, and {vocabularies} no vocabulary: no vocab.json with its merges.txt, no vocab.txt, no list of merges packed with gzip.");
    }

    private static bool IsTokenizer(string folder) =>
        File.Exists(Path.Combine(folder, "tokenizer.json")) || File.Exists(Path.Combine(folder, "vocab.txt")) || (File.Exists(Path.Combine(folder, "vocab.json")) && File.Exists(Path.Combine(folder, "merges.txt")));

    // What the end of a name leaves open: RoBERTa's tokens around texts or none, a space before them, cased or not.
    private static IEnumerable<Func<Tokenizer>> MadeOf(string file)
    {
        if (file.EndsWith(".txt.gz", StringComparison.Ordinal))
            return [() => Tokenizers.Clip(file)];
        if (file.EndsWith("vocab.txt", StringComparison.Ordinal))
            return [() => Tokenizers.Bert(file), () => Tokenizers.Bert(file, lowercase: false, stripAccents: false)];
        var merges = file.EndsWith("vocab.json", StringComparison.Ordinal) ? file[..^"vocab.json".Length] + "merges.txt" : "";
        return !File.Exists(merges) ? []
            : new[] { false, true }.SelectMany(prefix => new Func<Tokenizer>[] { () => Tokenizers.Gpt2(file, merges, prefix), () => Tokenizers.Roberta(file, merges, prefix) });
    }
}
