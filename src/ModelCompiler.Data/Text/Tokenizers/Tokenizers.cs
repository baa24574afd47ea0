using System.Text;

namespace ModelCompiler.Data;

/// <summary>Tokenizers of published models, of the files that they came with before there was <c>tokenizer.json</c>.</summary>
public static class Tokenizers
{
    /// <summary>GPT-2: byte-level BPE, no special tokens around texts.</summary>
    /// <param name="vocabulary">vocab.json, which holds <c>&lt;|endoftext|&gt;</c>.</param>
    /// <param name="merges">merges.txt.</param>
    /// <param name="addPrefixSpace">A first word is like any other.</param>
    public static Tokenizer Gpt2(string vocabulary, string merges, bool addPrefixSpace = false)
    {
        var model = VocabularyFiles.ReadBytePairs(vocabulary, merges);
        return Gpt2(model, addPrefixSpace, new SpecialTokens(model.Vocabulary), begins: false);
    }

    /// <summary>RoBERTa and BART: GPT-2's pieces between <c>&lt;s&gt;</c> and <c>&lt;/s&gt;</c>. Special tokens that the vocabulary lacks come behind it.</summary>
    /// <inheritdoc cref="Gpt2(string, string, bool)"/>
    public static Tokenizer Roberta(string vocabulary, string merges, bool addPrefixSpace = false)
    {
        var model = VocabularyFiles.ReadBytePairs(vocabulary, merges);
        return Roberta(model, addPrefixSpace, new SpecialTokens(model.Vocabulary));
    }

    /// <summary>CLIP: letters with their word's end, between start and end of text; padded with the end.</summary>
    /// <param name="merges">The merge list as published, packed with gzip or not: its lines 2 to 48,895 are the merges.</param>
    public static Tokenizer Clip(string merges) => Clip(merges, null);

    /// <param name="settings">What is said beside the list; null: nothing.</param>
    internal static Tokenizer Clip(string merges, TokenizerSettings? settings)
    {
        string[] letters = [.. ByteAlphabet.InOrder.Select(static b => ByteAlphabet.Letter(b).ToString())];
        (string Left, string Right)[] pairs = [.. VocabularyFiles.ReadMerges(merges, ClipMerges)];
        var vocabulary = new Vocabulary([.. letters, .. letters.Select(static l => l + ClipSuffix), .. pairs.Select(static p => p.Left + p.Right), ClipStart, EndOfText]);
        return Clip(new BytePairModel(vocabulary, pairs) { UnknownToken = EndOfText, EndOfWordSuffix = ClipSuffix }, new SpecialTokens(vocabulary, settings));
    }

    /// <summary>BERT: words and their pieces, between <c>[CLS]</c> and <c>[SEP]</c>.</summary>
    /// <param name="vocabulary">vocab.txt: a token a line, the line's number its id.</param>
    /// <param name="lowercase">Letters become small and lose their accents.</param>
    /// <param name="stripAccents">Null: as <paramref name="lowercase"/>.</param>
    /// <param name="handleChineseCharacters">Ideographs are words by themselves.</param>
    public static Tokenizer Bert(string vocabulary, bool lowercase = true, bool? stripAccents = null, bool handleChineseCharacters = true) =>
        VocabularyFiles.Named(vocabulary, () =>
        {
            var tokens = VocabularyFiles.ReadLines(vocabulary);
            return Bert(tokens, lowercase, stripAccents, handleChineseCharacters, new SpecialTokens(tokens));
        });

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

    /// <param name="begins">Texts, and first texts of pairs, begin with <c>bos_token</c>: OPT's do.</param>
    internal static Tokenizer Gpt2(BytePairModel model, bool addPrefixSpace, SpecialTokens special, bool begins)
    {
        var (begin, pad) = (special.For("bos_token", EndOfText), special.For("pad_token", EndOfText));
        return Ready(special, model, (added, ids) => new Tokenizer(model, added)
        {
            PreTokenizer = new ByteLevelPreTokenizer { AddPrefixSpace = addPrefixSpace },
            PostProcessor = begins
                ? new TemplatePostProcessor([Piece(ids, begin), TemplatePiece.OfText(0)], [Piece(ids, begin), TemplatePiece.OfText(0), TemplatePiece.OfText(1, 1)])
                : new ByteLevelPostProcessor { AddPrefixSpace = addPrefixSpace, TrimOffsets = false },
            Decoder = new ByteLevelDecoder(),
            PadToken = pad,
            BatchOptions = special.Options,
        });
    }

    internal static Tokenizer Roberta(BytePairModel model, bool addPrefixSpace, SpecialTokens special)
    {
        var (begin, pad, end) = (special.For("cls_token", "<s>"), special.For("pad_token", "<pad>"), special.For("sep_token", "</s>"));
        _ = (special.For("unk_token", "<unk>"), special.For("mask_token", new AddedToken("<mask>") { StripsLeft = true }));
        return Ready(special, model, (added, ids) => new Tokenizer(model, added)
        {
            PreTokenizer = new ByteLevelPreTokenizer { AddPrefixSpace = addPrefixSpace },
            PostProcessor = new RobertaPostProcessor((begin, ids[begin]), (end, ids[end])) { AddPrefixSpace = addPrefixSpace },
            Decoder = new ByteLevelDecoder(),
            PadToken = pad,
            BatchOptions = special.Options,
        });
    }

    internal static Tokenizer Clip(BytePairModel model, SpecialTokens special)
    {
        var (begin, end, pad) = (special.For("bos_token", ClipStart), special.For("eos_token", EndOfText), special.For("pad_token", EndOfText));
        return Ready(special, model, (added, ids) => new Tokenizer(model, added)
        {
            Normalizer = new NormalizerSequence(
                new UnicodeNormalizer(NormalizationForm.FormC), new ReplaceNormalizer(TextPattern.OfExpression(@"\s+"), " "), new LowercaseNormalizer()),
            PreTokenizer = new PreTokenizerSequence(
                new SplitPreTokenizer(new ClipPattern(hasMarkers: false), SplitBehavior.Removed, invert: true), new ByteLevelPreTokenizer { UseExpression = false }),
            PostProcessor = new RobertaPostProcessor((begin, ids[begin]), (end, ids[end])) { TrimOffsets = false, AddPrefixSpace = false },
            Decoder = new ByteLevelDecoder { EndOfWordSuffix = model.EndOfWordSuffix },
            PadToken = pad,
            BatchOptions = special.Options,
        });
    }

    internal static Tokenizer Bert(Vocabulary vocabulary, bool lowercase, bool? stripAccents, bool handleChineseCharacters, SpecialTokens special)
    {
        var (pad, unknown, begin) = (special.For("pad_token", "[PAD]"), special.For("unk_token", "[UNK]"), special.For("cls_token", "[CLS]"));
        var (end, _) = (special.For("sep_token", "[SEP]"), special.For("mask_token", "[MASK]"));
        var model = new WordPieceModel(vocabulary) { UnknownToken = unknown };
        return Ready(special, model, (added, _) => new Tokenizer(model, added)
        {
            Normalizer = new BertNormalizer { Lowercase = lowercase, StripAccents = stripAccents, HandleChineseCharacters = handleChineseCharacters },
            PreTokenizer = new BertPreTokenizer(),
            PostProcessor = new BertPostProcessor((begin, vocabulary[begin]), (end, vocabulary[end])),
            Decoder = new WordPieceDecoder(),
            PadToken = pad,
            BatchOptions = special.Options,
        });
    }

    private static TemplatePiece Piece(Vocabulary ids, string token) => TemplatePiece.OfToken(token, ids[token]);

    // Ids are known when the special tokens that the model lacks have theirs.
    private static Tokenizer Ready(SpecialTokens special, TokenModel model, Func<IReadOnlyList<AddedToken>, Vocabulary, Tokenizer> make)
    {
        var tokenizer = make(special.Added, new Tokenizer(model, special.Added).Vocabulary);
        tokenizer.Prepare();
        return tokenizer;
    }
}
