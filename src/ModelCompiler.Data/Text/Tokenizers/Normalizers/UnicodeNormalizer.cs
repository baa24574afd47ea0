using System.Buffers;
using System.Text;
using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>
/// One of Unicode's four normal forms. Text that has it already is left alone. Else every scalar is taken apart, marks are put in order, and for
/// the composed forms put together again; a composed scalar has the source of the first scalar that went into it.
/// </summary>
public sealed class UnicodeNormalizer : TextNormalizer
{
    // No character, and the same in every form; the platform throws where it meets it.
    private const char Refused = '\uFFFE';

    private static readonly SearchValues<char> s_fixed = SearchValues.Create([.. Enumerable.Range(0, 128).Select(static c => (char)c), Refused]);

    /// <exception cref="InvalidOperationException">Normalization does not work in this process.</exception>
    public UnicodeNormalizer(NormalizationForm form)
    {
        UnicodeGuard.Require();
        Form = form;
    }

    public NormalizationForm Form { get; }

    internal override void Apply(AlignedText text)
    {
        var units = (ReadOnlySpan<char>)text.Text;
        if (!Ascii.IsValid(units) && (units.Contains(Refused) || !IsKnownNormal(units, Form)))
            Change(text, Form);
    }

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", Form switch { NormalizationForm.FormC => "NFC", NormalizationForm.FormD => "NFD", NormalizationForm.FormKC => "NFKC", _ => "NFKD" });
        json.WriteEndObject();
    }

    // The platform sorts marks by inserting them one by one: it is not asked about more than a few in a row.
    private static bool IsKnownNormal(ReadOnlySpan<char> text, NormalizationForm form) => !MarkRuns.HasLong(text) && text.IsNormalized(form);

    // ASCII is as it is in every form, and can only begin what changes: an accent may join the letter before it.
    private static void Change(AlignedText text, NormalizationForm form)
    {
        var changes = new List<(Rune Scalar, int Surplus)>();
        text.Rewrite();
        while (text.Cursor < text.Length)
        {
            var rest = (ReadOnlySpan<char>)text.Text[text.Cursor..];
            var first = rest.IndexOfAnyExcept(s_fixed);
            if (first < 0)
                break;
            var start = Math.Max(first - 1, 0) + (first > 0 && rest[first - 1] == Refused ? 1 : 0);
            var end = rest[first..].IndexOfAny(s_fixed) is var next and >= 0 ? first + next : rest.Length;
            text.KeepTo(text.Cursor + start);
            if (IsKnownNormal(rest[start..end], form))
                text.KeepTo(text.Cursor + end - start);
            else
                Change(text, rest[start..end], form, changes);
        }

        text.KeepTo(text.Length);
        text.Commit();
    }

    private static void Change(AlignedText text, ReadOnlySpan<char> part, NormalizationForm form, List<(Rune Scalar, int Surplus)> changes)
    {
        changes.Clear();
        Decompose(part, form is NormalizationForm.FormC or NormalizationForm.FormD ? Decompositions.Canonical : Decompositions.Compatible, changes);
        if (form is NormalizationForm.FormC or NormalizationForm.FormKC)
            Compose(changes);
        text.Put(changes);
    }

    // Scalars with how many more there are than before: 0 for one that takes the place of another, 1 for one more, -n for one instead of n + 1.
    private static void Decompose(ReadOnlySpan<char> text, Decompositions decompositions, List<(Rune Scalar, int Surplus)> changes)
    {
        var marks = 0;
        foreach (var scalar in text.EnumerateRunes())
        {
            var surplus = 0;
            foreach (var part in decompositions.Of(scalar).EnumerateRunes())
            {
                if (CombiningOrder.IsStarter(part))
                    Sort(changes, ref marks);
                else
                    marks++;
                changes.Add((part, surplus));
                surplus = 1;
            }
        }

        Sort(changes, ref marks);
    }

    private static void Sort(List<(Rune Scalar, int Surplus)> changes, ref int marks)
    {
        if (marks > 1)
        {
            var from = changes.Count - marks;
            (Rune, int)[] sorted = [.. changes.GetRange(from, marks).OrderBy(static c => CombiningOrder.RankOf(c.Scalar))];
            changes.RemoveRange(from, marks);
            changes.AddRange(sorted);
        }

        marks = 0;
    }

    private static void Compose(List<(Rune Scalar, int Surplus)> changes)
    {
        var (count, starter) = (0, -1); // what is kept, and the place in it of the scalar that others may join
        Rune? blocking = null; // the last mark that could not
        for (var i = 0; i < changes.Count; i++)
        {
            var change = changes[i];
            var isStarter = CombiningOrder.IsStarter(change.Scalar);
            var isBlocked = blocking is { } mark && (isStarter || CombiningOrder.RankOf(mark) >= CombiningOrder.RankOf(change.Scalar));
            if (starter >= 0 && !isBlocked && Compositions.TryCompose(changes[starter].Scalar, change.Scalar, out var composed))
            {
                changes[starter] = (composed, changes[starter].Surplus + change.Surplus - 1);
                continue;
            }

            changes[count++] = change;
            if (isStarter)
                (starter, blocking) = (count - 1, null);
            else if (starter >= 0)
                blocking = change.Scalar;
        }

        changes.RemoveRange(count, changes.Count - count);
    }
}
