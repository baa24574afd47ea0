using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace ModelCompiler.Data;

/// <summary>Which marks go before which. .NET does not say a mark's combining class, but how strings normalize shows all that is needed of it.</summary>
internal sealed class CombiningOrder : IComparer<Rune>
{
    private static readonly ConcurrentDictionary<Rune, bool> s_starters = new();
    private static readonly ConcurrentDictionary<(Rune, Rune), bool> s_precedes = new();

    public static CombiningOrder Instance { get; } = new();

    /// <summary>The scalar's combining class is 0: no mark moves across it. U+0345 has the highest class of all, so that every other mark goes before it.</summary>
    public static bool IsStarter(Rune scalar) =>
        Rune.GetUnicodeCategory(scalar) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark)
        || s_starters.GetOrAdd(scalar, static s => s.Value != 0x345 && $"a\u0345{s}".Normalize(NormalizationForm.FormD).StartsWith("a\u0345", StringComparison.Ordinal));

    /// <summary>Compares the combining classes of two scalars that are no starters.</summary>
    public int Compare(Rune x, Rune y) => Precedes(x, y) ? -1 : Precedes(y, x) ? 1 : 0;

    private static bool Precedes(Rune one, Rune other) => one != other && s_precedes.GetOrAdd((one, other), static pair =>
        $"a{pair.Item2}{pair.Item1}".Normalize(NormalizationForm.FormD) == $"a{pair.Item1}{pair.Item2}");
}
