using System.Text;

namespace ModelCompiler.Data;

/// <summary>The pairs that canonical composition makes one scalar of, found by taking every scalar apart; Hangul by its arithmetic.</summary>
internal static class Compositions
{
    private const int Leading = 0x1100, Vowel = 0x1161, Trailing = 0x11A7, Syllable = 0xAC00;
    private const int Leadings = 19, Vowels = 21, Trailings = 28;

    // Planes without composed characters are not walked.
    private static readonly (int From, int To)[] s_ranges = [(0xC0, 0xABFF), (0xF900, 0xFFFD), (0x10000, 0x1FFFF)];

    private static readonly Lazy<Dictionary<(Rune, Rune), Rune>> s_pairs = new(Find);

    /// <summary>What two scalars become; false where they stay two.</summary>
    public static bool TryCompose(Rune first, Rune second, out Rune composed)
    {
        var (a, b) = (first.Value, second.Value);
        if (a - Leading is >= 0 and < Leadings && b - Vowel is >= 0 and < Vowels)
        {
            composed = new Rune(Syllable + ((((a - Leading) * Vowels) + b - Vowel) * Trailings));
            return true;
        }

        if (a - Syllable is >= 0 and < Leadings * Vowels * Trailings && (a - Syllable) % Trailings == 0 && b - Trailing is > 0 and < Trailings)
        {
            composed = new Rune(a + b - Trailing);
            return true;
        }

        return s_pairs.Value.TryGetValue((first, second), out composed);
    }

    // A composed scalar is the composition of all but the last of its parts, with that last part.
    private static Dictionary<(Rune, Rune), Rune> Find()
    {
        var pairs = new Dictionary<(Rune, Rune), Rune>();
        foreach (var (from, to) in s_ranges)
        {
            for (var value = from; value <= to; value++)
            {
                if (!Rune.TryCreate(value, out var scalar))
                    continue;
                var text = scalar.ToString();
                if (text.IsNormalized(NormalizationForm.FormD) || !text.IsNormalized(NormalizationForm.FormC))
                    continue;
                Rune[] parts = [.. text.Normalize(NormalizationForm.FormD).EnumerateRunes()];
                Rune[] first = [.. string.Concat(parts[..^1]).Normalize(NormalizationForm.FormC).EnumerateRunes()];
                if (first.Length == 1)
                    pairs.TryAdd((first[0], parts[^1]), scalar);
            }
        }

        return pairs;
    }
}
