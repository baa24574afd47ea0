using System.Text;
using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>
/// One of Unicode's four normal forms. Text that has it already is left alone. Else every scalar is taken apart, marks are put in order, and for
/// the composed forms put together again; a composed scalar has the source of the first scalar that went into it.
/// </summary>
public sealed class UnicodeNormalizer : TextNormalizer
{
    /// <exception cref="InvalidOperationException">Normalization does not work in this process.</exception>
    public UnicodeNormalizer(NormalizationForm form)
    {
        UnicodeGuard.Require();
        Form = form;
    }

    public NormalizationForm Form { get; }

    internal override void Apply(AlignedText text)
    {
        if (!Ascii.IsValid(text.Text) && !((ReadOnlySpan<char>)text.Text).IsNormalized(Form))
            Change(text, Form);
    }

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", Form switch { NormalizationForm.FormC => "NFC", NormalizationForm.FormD => "NFD", NormalizationForm.FormKC => "NFKC", _ => "NFKD" });
        json.WriteEndObject();
    }

    private static void Change(AlignedText text, NormalizationForm form)
    {
        var changes = Decompose(text.Text, form is NormalizationForm.FormC or NormalizationForm.FormD ? Decompositions.Canonical : Decompositions.Compatible);
        if (form is NormalizationForm.FormC or NormalizationForm.FormKC)
            changes = Compose(changes);
        text.Rewrite();
        foreach (var (scalar, surplus) in changes)
        {
            if (surplus > 0)
            {
                text.Insert(scalar);
            }
            else
            {
                text.Replace(scalar);
                text.Drop(-surplus);
            }
        }

        text.Commit();
    }

    // Scalars with how many more there are than before: 0 for one that takes the place of another, 1 for one more, -n for one instead of n + 1.
    private static List<(Rune Scalar, int Surplus)> Decompose(ReadOnlySpan<char> text, Decompositions decompositions)
    {
        var changes = new List<(Rune Scalar, int Surplus)>(text.Length);
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
        return changes;
    }

    private static void Sort(List<(Rune Scalar, int Surplus)> changes, ref int marks)
    {
        if (marks > 1)
        {
            var from = changes.Count - marks;
            (Rune, int)[] sorted = [.. changes.GetRange(from, marks).OrderBy(static c => c.Scalar, CombiningOrder.Instance)];
            changes.RemoveRange(from, marks);
            changes.AddRange(sorted);
        }

        marks = 0;
    }

    private static List<(Rune Scalar, int Surplus)> Compose(List<(Rune Scalar, int Surplus)> changes)
    {
        var result = new List<(Rune Scalar, int Surplus)>(changes.Count);
        var starter = -1; // place in the result of the scalar that others may join
        Rune? blocking = null; // the last mark that could not
        foreach (var change in changes)
        {
            var isStarter = CombiningOrder.IsStarter(change.Scalar);
            var isBlocked = blocking is { } mark && (isStarter || CombiningOrder.Instance.Compare(mark, change.Scalar) >= 0);
            if (starter >= 0 && !isBlocked && Compositions.TryCompose(result[starter].Scalar, change.Scalar, out var composed))
            {
                result[starter] = (composed, result[starter].Surplus + change.Surplus - 1);
                continue;
            }

            result.Add(change);
            if (isStarter)
                (starter, blocking) = (result.Count - 1, null);
            else if (starter >= 0)
                blocking = change.Scalar;
        }

        return result;
    }
}
