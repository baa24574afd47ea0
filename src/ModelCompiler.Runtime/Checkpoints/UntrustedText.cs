namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>Text from files that need not be trusted, fit for a message: short, on one line, without control characters.</summary>
internal static class UntrustedText
{
    private const int Longest = 100;

    public static string Show(string text)
    {
        var end = text.Length <= Longest ? "" : "...";
        return string.Create(Math.Min(text.Length, Longest) + end.Length, (text, end), static (shown, from) =>
        {
            for (var i = 0; i < shown.Length - from.end.Length; i++)
            {
                shown[i] = char.IsControl(from.text[i]) || char.IsSurrogate(from.text[i]) ? '?' : from.text[i];
            }

            from.end.CopyTo(shown[^from.end.Length..]);
        });
    }
}
