using ModelCompiler.Data;

namespace ModelCompiler.Examples.Translation;

/// <summary>A text in two languages.</summary>
internal sealed record TranslationPair(string Source, string Target)
{
    /// <summary>The English and German descriptions of Multi30k.</summary>
    /// <param name="folder">Where <c>multi30k.train.en-de.tsv.gz</c> and its like lie: number of a picture, English, German, with tabs between them.</param>
    /// <param name="split"><c>train</c>, <c>val</c> or <c>test</c>.</param>
    public static TranslationPair[] Read(string folder, string split)
    {
        using var lines = TextLines.Open(Path.Combine(folder, $"multi30k.{split}.en-de.tsv.gz"));
        return [.. Enumerable.Range(0, (int)lines.Count).Select(i => lines.Read(i).Split('\t')).Select(static f => new TranslationPair(f[1], f[2]))];
    }
}
