namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>Text from files that need not be trusted, fit for a message: short, on one line, without control characters.</summary>
internal static class UntrustedText
{
    private const int Longest = 100;

    /// <param name="most">Characters that are shown.</param>
    public static string Show(string text, int most = Longest)
    {
        var end = text.Length <= most ? "" : "...";
        return string.Create(Math.Min(text.Length, most) + end.Length, (text, end), static (shown, from) =>
        {
            for (var i = 0; i < shown.Length - from.end.Length; i++)
            {
                shown[i] = char.IsControl(from.text[i]) || char.IsSurrogate(from.text[i]) ? '?' : from.text[i];
            }

            from.end.CopyTo(shown[^from.end.Length..]);
        });
    }
}
