using System.Buffers;
using System.Text;

namespace ModelCompiler.Data;

/// <summary>Vocabularies of texts. A text is a line, with its line feed where the original trainers are to be matched: <see cref="Lines"/>.</summary>
public static class TokenizerTraining
{
    private static readonly string[] s_bertTokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    /// <summary>The lines of a text, each with the line feed that ends it.</summary>
    public static IEnumerable<string> Lines(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf('\n', at) is var feed and >= 0 ? feed + 1 : text.Length;
            yield return text[at..end];
            at = end;
        }
    }

    /// <summary>The lines of a UTF-8 file, each with the line feed that ends it.</summary>
    /// <exception cref="FileNotFoundException">There is no such file; the message says what its folder holds.</exception>
    /// <exception cref="InvalidDataException">A line is no UTF-8; the message has file and number.</exception>
    public static IEnumerable<string> ReadLines(string path)
    {
        using var file = File.Exists(path) ? File.OpenRead(path) : throw Found.Missing(path);
        foreach (var line in ReadLines(file, path))
            yield return line;
    }

    /// <summary>The lines of a UTF-8 text, each with the line feed that ends it.</summary>
    /// <param name="name">What errors call the text.</param>
    /// <exception cref="InvalidDataException">A line is no UTF-8; the message has its number.</exception>
    public static IEnumerable<string> ReadLines(Stream text, string name)
    {
        var (buffer, line) = (new byte[1 << 16], new ArrayBufferWriter<byte>());
        var number = 1L;
        for (int read; (read = text.Read(buffer)) > 0;)
        {
            for (var at = 0; at < read;)
            {
                var length = buffer.AsSpan(at, read - at).IndexOf((byte)'\n') + 1;
                line.Write(buffer.AsSpan(at, length > 0 ? length : read - at));
                if (length == 0)
                    break;
                at += length;
                yield return Decode();
            }
        }

        if (line.WrittenCount > 0)
            yield return Decode();

        string Decode()
        {
            var bytes = line.WrittenSpan;
            var result = LineIndex.Decode(number == 1 && bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[3..] : bytes, $"{name}, line {number}");
            number++;
            line.ResetWrittenCount();
            return result;
        }
    }

    /// <summary>GPT-2's way: all 256 bytes, and pairs of them by frequency. Special tokens are added tokens.</summary>
    /// <param name="addPrefixSpace">A first word is like any other.</param>
    /// <param name="trimOffsets">Spans leave spaces out.</param>
    /// <param name="allBytes">False: bytes that the texts do not have are no tokens, and are left out of whatever is encoded.</param>
    public static Tokenizer ByteLevel(IEnumerable<string> texts, VocabularyTraining training, bool addPrefixSpace = false, bool trimOffsets = false, bool allBytes = true)
    {
        training.Check();
        var preTokenizer = new ByteLevelPreTokenizer { AddPrefixSpace = addPrefixSpace };
        var words = WordCounts.Of(texts, null, preTokenizer, training.Threads).Select(static w => KeyValuePair.Create(ByteAlphabet.Spell(w.Key), w.Value));
        var trainer = Train(words, training, allBytes ? ByteAlphabet.All.ToArray().Select(static l => l.ToString()) : [], "", "");
        return new Tokenizer(new BytePairModel(new Vocabulary(trainer.Tokens), trainer.Merges), Added(training.SpecialTokens))
        {
            PreTokenizer = preTokenizer,
            PostProcessor = new ByteLevelPostProcessor { TrimOffsets = trimOffsets },
            Decoder = new ByteLevelDecoder(),
            PadToken = PadToken(training.SpecialTokens),
        };
    }

    /// <summary>Pairs of characters by frequency, the last one of a word marked.</summary>
    /// <param name="training">Its special tokens hold <paramref name="unknownToken"/>.</param>
    /// <param name="unknownToken">Stands for characters that the texts do not have.</param>
    public static Tokenizer BytePairs(IEnumerable<string> texts, VocabularyTraining training, TextNormalizer? normalizer = null, string unknownToken = "<unk>", string endOfWordSuffix = "</w>")
    {
        training.Check();
        var preTokenizer = new WhitespacePreTokenizer();
        var trainer = Train(WordCounts.Of(texts, normalizer, preTokenizer, training.Threads), training, [], "", endOfWordSuffix);
        var model = new BytePairModel(new Vocabulary(trainer.Tokens), trainer.Merges) { UnknownToken = unknownToken, EndOfWordSuffix = endOfWordSuffix };
        return new Tokenizer(model, Added(training.SpecialTokens))
        {
            Normalizer = normalizer,
            PreTokenizer = preTokenizer,
            Decoder = new BytePairDecoder { Suffix = endOfWordSuffix },
            PadToken = PadToken(training.SpecialTokens),
        };
    }

    /// <summary>BERT's way: pairs by frequency too, of letters that are marked where they continue a word.</summary>
    /// <param name="training">Special tokens: none for BERT's five, else with those among them.</param>
    /// <param name="lowercase">Letters become small and lose their accents.</param>
    /// <param name="stripAccents">Null: as <paramref name="lowercase"/>.</param>
    public static Tokenizer WordPiece(IEnumerable<string> texts, VocabularyTraining training, bool lowercase = true, bool? stripAccents = null)
    {
        training.Check();
        const string Prefix = "##";
        var special = training.SpecialTokens.Count > 0 ? training.SpecialTokens : s_bertTokens;
        var (normalizer, preTokenizer) = (new BertNormalizer { Lowercase = lowercase, StripAccents = stripAccents }, new BertPreTokenizer());
        var trainer = Train(WordCounts.Of(texts, normalizer, preTokenizer, training.Threads), training with { SpecialTokens = special }, [], Prefix, "");
        var vocabulary = new Vocabulary(trainer.Tokens);
        TemplatePiece cls = TemplatePiece.OfToken("[CLS]", vocabulary["[CLS]"]), sep = TemplatePiece.OfToken("[SEP]", vocabulary["[SEP]"]);
        return new Tokenizer(new WordPieceModel(vocabulary), Added(special))
        {
            Normalizer = normalizer,
            PreTokenizer = preTokenizer,
            PostProcessor = new TemplatePostProcessor([cls, TemplatePiece.OfText(0), sep], [cls, TemplatePiece.OfText(0), sep, TemplatePiece.OfText(1, 1), sep with { Segment = 1 }]),
            Decoder = new WordPieceDecoder(),
            PadToken = PadToken(special),
        };
    }

    /// <summary>Words by falling frequency, of equal ones the smaller bytes first.</summary>
    /// <param name="training">Its special tokens hold <paramref name="unknownToken"/>.</param>
    public static Tokenizer Words(IEnumerable<string> texts, VocabularyTraining training, TextNormalizer? normalizer = null, string unknownToken = "[UNK]")
    {
        training.Check();
        var preTokenizer = new WhitespacePreTokenizer();
        var words = WordCounts.Of(texts, normalizer, preTokenizer, training.Threads).Where(w => w.Value >= training.MinFrequency)
            .OrderByDescending(static w => w.Value).ThenBy(static w => w.Key, CodePointOrder.Instance).Select(static w => w.Key);
        var tokens = training.SpecialTokens.Concat(words).Distinct().Take(Math.Max(training.Size, training.SpecialTokens.Count));
        return new Tokenizer(new WordLevelModel(new Vocabulary(tokens)) { UnknownToken = unknownToken }, Added(training.SpecialTokens))
        {
            Normalizer = normalizer,
            PreTokenizer = preTokenizer,
            PadToken = PadToken(training.SpecialTokens),
        };
    }

    private static PairTrainer Train(IEnumerable<KeyValuePair<string, long>> words, VocabularyTraining training, IEnumerable<string> letters, string prefix, string suffix)
    {
        KeyValuePair<string, long>[] all = [.. words];
        var trainer = new PairTrainer(Letters.Numbered(training.SpecialTokens, all.Select(static w => w.Key), letters, prefix, suffix), prefix);
        foreach (var (word, count) in all)
            trainer.Add(Letters.Of(word, prefix, suffix), count);
        trainer.Run(training.Size, training.MinFrequency);
        return trainer;
    }

    private static IEnumerable<AddedToken> Added(IEnumerable<string> tokens) => tokens.Select(static t => new AddedToken(t));

    private static string? PadToken(IEnumerable<string> tokens) => tokens.FirstOrDefault(static t => t is "[PAD]" or "<pad>");
}
