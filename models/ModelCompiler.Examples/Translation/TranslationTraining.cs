using ModelCompiler.Data;
using ModelCompiler.Evaluation;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime.Generation;

namespace ModelCompiler.Examples.Translation;

/// <summary>How <see cref="Translator"/> learns from pairs of texts, and what it makes of others.</summary>
internal sealed class TranslationTraining
{
    /// <summary>As many as the model's schedule has.</summary>
    public const int Steps = 3_600;

    public const int BatchSize = 64;

    /// <summary>Of a search for a translation.</summary>
    public const int Beams = 5;

    private const int Context = Translator.EncoderTokens.MaxLength;

    // Texts that are translated together, and how much longer than the longest of them what is said may be.
    private const int TogetherSize = 32, MoreTokens = 20;

    private readonly Translator _model;
    private readonly EncodedPair[] _pairs;

    /// <summary>Both languages have one vocabulary, learnt from the pairs.</summary>
    public TranslationTraining(Translator model, IReadOnlyList<TranslationPair> pairs)
    {
        _model = model;
        Tokenizer = TokenizerTraining.ByteLevel(
            pairs.SelectMany(static p => new[] { p.Source, p.Target }),
            new VocabularyTraining { Size = Translator.EncoderTokens.VocabularySize, SpecialTokens = ["<pad>", "<s>", "</s>"] }, addPrefixSpace: true);
        _pairs = [.. pairs.Select(Encode).Where(static p => p.Length <= Context)];
    }

    /// <summary>Its first tokens are those that <see cref="EncodedPair"/> numbers.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>Pairs that are not too long to learn from.</summary>
    public int Count => _pairs.Length;

    /// <summary>Pairs of like length together, each batch as long as its longest.</summary>
    public DataBatches<EncodedPair, Translator.Batch> Batches(ulong seed, int rows = BatchSize) => Records.Of(_pairs).ToBatches(
        new DataOptions { Batch = rows, Seed = seed }, static pair => pair.Length,
        static (rows, length) => new Translator.Batch(new Translator.EncoderTokens(rows, length), new Translator.DecoderTokens(rows, length)),
        static (pair, batch, row) => pair.Write(batch, row.Index));

    /// <summary>What the model makes of texts, by beam search.</summary>
    public string[] Translate(IReadOnlyList<string> texts, int beams = Beams)
    {
        int[][] sources = [.. texts.Select(t => EncodedPair.SourceOf(Tokenizer.Encode(t).Ids, Context))];
        var translations = new string[texts.Count];
        foreach (var together in Enumerable.Range(0, texts.Count).OrderBy(i => sources[i].Length).Chunk(TogetherSize))
        {
            var tokens = new Translator.EncoderTokens(together.Length, sources[together[^1]].Length);
            foreach (var (row, i) in together.Index())
            {
                EncodedPair.Write(sources[i], tokens, row);
            }

            var options = new GenerationOptions
            {
                StartToken = EncodedPair.Start,
                StopTokens = [EncodedPair.End],
                PaddingToken = EncodedPair.Padding,
                Beams = beams,
                MaxNewTokens = Math.Min(Context - 1, tokens.Length + MoreTokens),
            };
            foreach (var said in _model.Generate(tokens, options))
            {
                translations[together[said.Prompt]] = Tokenizer.Decode(said.NewIds(promptLength: 1)).Trim();
            }
        }

        return translations;
    }

    /// <summary>BLEU of translations as a corpus, letters as they are.</summary>
    public static SacreBleu Score(IReadOnlyList<string> translations, IEnumerable<TranslationPair> pairs) => SacreBleu.Corpus(translations, [.. pairs.Select(static p => new[] { p.Target })]);

    private EncodedPair Encode(TranslationPair pair) =>
        new(EncodedPair.SourceOf(Tokenizer.Encode(pair.Source).Ids), [EncodedPair.Start, .. Tokenizer.Encode(pair.Target).Ids, EncodedPair.End]);
}
