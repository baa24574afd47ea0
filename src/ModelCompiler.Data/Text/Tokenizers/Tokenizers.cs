using System.Text;

namespace ModelCompiler.Data;

/// <summary>Tokenizers of published models, of the files that they came with before there was <c>tokenizer.json</c>.</summary>
public static class Tokenizers
{
    /// <summary>GPT-2: byte-level BPE, no special tokens around texts.</summary>
    /// <param name="vocabulary">vocab.json, which holds <c>&lt;|endoftext|&gt;</c>.</param>
    /// <param name="merges">merges.txt.</param>
    /// <param name="addPrefixSpace">A first word is like any other.</param>
    public static Tokenizer Gpt2(string vocabulary, string merges, bool addPrefixSpace = false) => Gpt2(VocabularyFiles.ReadBytePairs(vocabulary, merges), addPrefixSpace);

    /// <summary>RoBERTa and BART: GPT-2's pieces between <c>&lt;s&gt;</c> and <c>&lt;/s&gt;</c>. Special tokens that the vocabulary lacks come behind it.</summary>
    /// <inheritdoc cref="Gpt2(string, string, bool)"/>
    public static Tokenizer Roberta(string vocabulary, string merges, bool addPrefixSpace = false) => Roberta(VocabularyFiles.ReadBytePairs(vocabulary, merges), addPrefixSpace);

    /// <summary>CLIP: letters with their word's end, between start and end of text; padded with the end.</summary>
    /// <param name="merges">The merge list as published, packed with gzip or not: its lines 2 to 48,895 are the merges.</param>
    public static Tokenizer Clip(string merges)
    {
        string[] letters = [.. ByteAlphabet.InOrder.Select(static b => ByteAlphabet.Letter(b).ToString())];
        (string Left, string Right)[] pairs = [.. VocabularyFiles.ReadMerges(merges, ClipMerges)];
        return Clip(new BytePairModel(new Vocabulary([.. letters, .. letters.Select(static l => l + ClipSuffix), .. pairs.Select(static p => p.Left + p.Right), ClipStart, EndOfText]), pairs)
        {
            UnknownToken = EndOfText,
            EndOfWordSuffix = ClipSuffix,
        });
    }

    /// <summary>BERT: words and their pieces, between <c>[CLS]</c> and <c>[SEP]</c>.</summary>
    /// <param name="vocabulary">vocab.txt: a token a line, the line's number its id.</param>
    /// <param name="lowercase">Letters become small and lose their accents.</param>
    /// <param name="stripAccents">Null: as <paramref name="lowercase"/>.</param>
    /// <param name="handleChineseCharacters">Ideographs are words by themselves.</param>
    public static Tokenizer Bert(string vocabulary, bool lowercase = true, bool? stripAccents = null, bool handleChineseCharacters = true) =>
        VocabularyFiles.Named(vocabulary, () => Bert(VocabularyFiles.ReadLines(vocabulary), lowercase, stripAccents, handleChineseCharacters));

    /// <summary>A character a token.</summary>
    /// <param name="unknownToken">Stands for all other characters; null: they are an error.</param>
    public static Tokenizer Characters(CharacterVocabulary vocabulary, string? unknownToken = null)
    {
        var tokens = vocabulary.Characters.Select(static c => c.ToString());
        return new Tokenizer(new WordLevelModel(new Vocabulary(unknownToken is null ? tokens : tokens.Append(unknownToken))) { UnknownToken = unknownToken ?? "" })
        {
            PreTokenizer = new SplitPreTokenizer(TextPattern.OfExpression(@"[\s\S]"), SplitBehavior.Isolated),
            Decoder = new FuseDecoder(),
        };
    }

    internal const string EndOfText = "<|endoftext|>";
    private const string ClipStart = "<|startoftext|>", ClipSuffix = "</w>";
    private const int ClipMerges = 48_894;

    internal static Tokenizer Gpt2(BytePairModel model, bool addPrefixSpace) => Ready(new Tokenizer(model, [new AddedToken(EndOfText)])
    {
        PreTokenizer = new ByteLevelPreTokenizer { AddPrefixSpace = addPrefixSpace },
        PostProcessor = new ByteLevelPostProcessor { AddPrefixSpace = addPrefixSpace, TrimOffsets = false },
        Decoder = new ByteLevelDecoder(),
        PadToken = EndOfText,
    });

    internal static Tokenizer Roberta(BytePairModel model, bool addPrefixSpace)
    {
        var added = new[] { "<s>", "<pad>", "</s>", "<unk>", "<mask>" }.Select(static t => new AddedToken(t) { StripsLeft = t == "<mask>" });
        var ids = new Tokenizer(model, added).Vocabulary;
        return Ready(new Tokenizer(model, added)
        {
            PreTokenizer = new ByteLevelPreTokenizer { AddPrefixSpace = addPrefixSpace },
            PostProcessor = new RobertaPostProcessor(("<s>", ids["<s>"]), ("</s>", ids["</s>"])) { AddPrefixSpace = addPrefixSpace },
            Decoder = new ByteLevelDecoder(),
            PadToken = "<pad>",
        });
    }

    internal static Tokenizer Clip(BytePairModel model)
    {
        var (start, end) = ((ClipStart, model.Vocabulary[ClipStart]), (EndOfText, model.Vocabulary[EndOfText]));
        return Ready(new Tokenizer(model, [new AddedToken(ClipStart), new AddedToken(EndOfText)])
        {
            Normalizer = new NormalizerSequence(
                new UnicodeNormalizer(NormalizationForm.FormC), new ReplaceNormalizer(TextPattern.OfExpression(@"\s+"), " "), new LowercaseNormalizer()),
            PreTokenizer = new PreTokenizerSequence(
                new SplitPreTokenizer(new ClipPattern(hasMarkers: false), SplitBehavior.Removed, invert: true), new ByteLevelPreTokenizer { UseExpression = false }),
            PostProcessor = new RobertaPostProcessor(start, end) { TrimOffsets = false, AddPrefixSpace = false },
            Decoder = new ByteLevelDecoder { EndOfWordSuffix = model.EndOfWordSuffix },
            PadToken = EndOfText,
        });
    }

    internal static Tokenizer Bert(Vocabulary vocabulary, bool lowercase, bool? stripAccents, bool handleChineseCharacters) =>
        Ready(new Tokenizer(new WordPieceModel(vocabulary), new[] { "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]" }.Select(static t => new AddedToken(t)))
        {
            Normalizer = new BertNormalizer { Lowercase = lowercase, StripAccents = stripAccents, HandleChineseCharacters = handleChineseCharacters },
            PreTokenizer = new BertPreTokenizer(),
            PostProcessor = new BertPostProcessor(("[CLS]", vocabulary["[CLS]"]), ("[SEP]", vocabulary["[SEP]"])),
            Decoder = new WordPieceDecoder(),
            PadToken = "[PAD]",
        });

    private static Tokenizer Ready(Tokenizer tokenizer)
    {
        tokenizer.Prepare();
        return tokenizer;
    }
}
