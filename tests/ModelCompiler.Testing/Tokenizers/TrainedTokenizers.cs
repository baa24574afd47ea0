using System.Text;
using System.Text.Json;
using ModelCompiler.Data;

namespace ModelCompiler.Testing;

/// <summary>Trains a stored vocabulary again, as its <c>training.json</c> says, and compares it with the folder's <c>tokenizer.json</c>.</summary>
internal static class TrainedTokenizers
{
    /// <param name="texts">Where texts lie.</param>
    /// <exception cref="FileNotFoundException">A text is not there.</exception>
    /// <exception cref="NotSupportedException">It is not one that can be trained to the same again.</exception>
    public static Tokenizer Train(string folder, string? texts)
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "training.json")));
        var json = file.RootElement;
        var lines = TrainingTexts.Read(Text("text")!, texts);
        var training = new VocabularyTraining
        {
            Size = Has("vocab_size") ? json.GetProperty("vocab_size").GetInt32() : int.MaxValue,
            MinFrequency = Has("min_frequency") ? json.GetProperty("min_frequency").GetInt64() : 0,
            SpecialTokens = Has("special_tokens") ? [.. json.GetProperty("special_tokens").EnumerateArray().Select(static t => t.GetString()!)] : [],
        };
        return Text("kind") switch
        {
            "byte-level BPE" => TokenizerTraining.ByteLevel(lines, training, Flag("add_prefix_space") ?? false, Flag("trim_offsets") ?? false, Text("initial_alphabet") != "only the byte letters seen"),
            "BPE of characters with </w>" => TokenizerTraining.BytePairs(lines, training, Normalizer(), Text("unk_token")!),
            "WordPiece" => TokenizerTraining.WordPiece(lines, training, Flag("lowercase") ?? true, Flag("strip_accents")),
            "WordLevel" => TokenizerTraining.Words(lines, training, Normalizer(), Text("unk_token")!),
            "characters" => Tokenizers.Characters(new CharacterVocabulary(string.Concat(lines)), "<unk>"),
            var kind => throw new NotSupportedException($"training of {kind}"),
        };

        bool Has(string name) => json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

        string? Text(string name) => Has(name) ? json.GetProperty(name).GetString() : null;

        bool? Flag(string name) => Has(name) ? json.GetProperty(name).GetBoolean() : null;

        TextNormalizer? Normalizer()
        {
            TextNormalizer[] steps = [.. (Text("normalizer") ?? "").Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(Step)];
            return steps switch { [] => null, [var only] => only, _ => new NormalizerSequence(steps) };
        }

        static TextNormalizer Step(string name) => name switch
        {
            "NFC" => new UnicodeNormalizer(NormalizationForm.FormC),
            "NFKC" => new UnicodeNormalizer(NormalizationForm.FormKC),
            "Lowercase" => new LowercaseNormalizer(),
            _ => throw new NotSupportedException($"the normalizer {name}"),
        };
    }

    /// <summary>What differs first in tokens and merges; null where nothing does.</summary>
    public static string? Difference(Tokenizer trained, Tokenizer stored)
    {
        string[] found = [.. trained.Model.Vocabulary.Entries.Select(Show)], expected = [.. stored.Model.Vocabulary.Entries.Select(Show)];
        if (First(found, expected) is { } token)
            return "token " + token;
        return trained.Model is BytePairModel a && stored.Model is BytePairModel b
            && First([.. a.Merges.Select(static m => $"{m.Left} {m.Right}")], [.. b.Merges.Select(static m => $"{m.Left} {m.Right}")]) is { } merge ? "merge " + merge : null;
    }

    private static string Show(KeyValuePair<string, int> token) => $"{token.Value}: {token.Key}";

    private static string? First(string[] found, string[] expected)
    {
        var at = found.AsSpan().CommonPrefixLength(expected);
        return at == found.Length && at == expected.Length ? null : $"{at} is '{(at < found.Length ? found[at] : "")}' instead of '{(at < expected.Length ? expected[at] : "")}'";
    }
}
