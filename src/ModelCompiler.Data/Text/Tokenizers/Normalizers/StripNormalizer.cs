using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>White space at the ends goes.</summary>
/// <param name="left">At the start.</param>
/// <param name="right">At the end.</param>
public sealed class StripNormalizer(bool left = true, bool right = true) : TextNormalizer
{
    public bool Left => left;

    public bool Right => right;

    internal override void Apply(AlignedText text)
    {
        var (start, end) = (0, text.Length);
        while (left && start < end && IsSpace(text.Text[start]))
            start++;
        while (right && end > start && IsSpace(text.Text[end - 1]))
            end--;
        if (end - start == text.Length)
            return;
        text.Rewrite();
        text.Drop(start);
        text.KeepTo(end);
        text.Commit();
    }

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "Strip");
        json.WriteBoolean("strip_left", left);
        json.WriteBoolean("strip_right", right);
        json.WriteEndObject();
    }

    // White space is one unit each.
    private static bool IsSpace(char unit) => Scalars.Of(unit).HasFlag(ScalarKind.Space);
}
