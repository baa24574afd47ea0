using System.Globalization;
using System.Text;

namespace ModelCompiler.Data;

/// <summary>Which marks go before which. .NET does not say a mark's combining class, but how strings normalize shows all that is needed of it.</summary>
internal static class CombiningOrder
{
    // The highest class of all, and alone in it: every other mark goes before it.
    private const int Last = 0x345;

    private static readonly Lazy<Dictionary<Rune, int>> s_ranks = new(Find);

    /// <summary>The scalar's combining class is 0: no mark moves across it.</summary>
    public static bool IsStarter(Rune scalar) => RankOf(scalar) == 0;

    /// <summary>0 for starters; of marks the lower goes before the higher, and equal ones stay as they are.</summary>
    public static int RankOf(Rune scalar) => IsMark(scalar) ? s_ranks.Value.GetValueOrDefault(scalar) : 0;

    /// <summary>Only marks can have a class.</summary>
    public static bool IsMark(Rune scalar) =>
        Rune.GetUnicodeCategory(scalar) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    // One mark of each class by rising class, found by where strings put the others.
    private static Dictionary<Rune, int> Find()
    {
        var ranks = new Dictionary<Rune, int>();
        var classes = new List<List<Rune>>();
        for (var value = 0; value <= 0x10FFFF; value++)
        {
            if (!Rune.TryCreate(value, out var scalar) || !IsMark(scalar) || (value != Last && !Precedes(scalar, new Rune(Last))))
                continue;
            var (low, high) = (0, classes.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = Precedes(classes[middle][0], scalar) ? (middle + 1, high) : (low, middle);
            }

            if (low == classes.Count || Precedes(scalar, classes[low][0]))
                classes.Insert(low, []);
            classes[low].Add(scalar);
        }

        for (var i = 0; i < classes.Count; i++)
        {
            foreach (var mark in classes[i])
                ranks.Add(mark, i + 1);
        }

        return ranks;
    }

    // Of two marks that do not decompose.
    private static bool Precedes(Rune one, Rune other) => one != other && $"a{other}{one}".Normalize(NormalizationForm.FormD) == $"a{one}{other}";
}
