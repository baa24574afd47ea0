using System.Text;

namespace ModelCompiler.Data;

/// <summary>
/// In globalization-invariant mode <see cref="string.Normalize()"/> can return its input as it is, without a word: every accent would then
/// become other tokens. Whoever normalizes asks here first.
/// </summary>
internal static class UnicodeGuard
{
    private static readonly bool s_works = Works(static (text, form) => text.Normalize(form));

    /// <exception cref="InvalidOperationException">Normalization does nothing in this process.</exception>
    public static void Require() => Require(s_works);

    internal static void Require(bool works)
    {
        if (!works)
        {
            throw new InvalidOperationException(
                "Unicode normalization does nothing in this process, so that tokens would be wrong without a word. "
                + "Set InvariantGlobalization to false (and DOTNET_SYSTEM_GLOBALIZATION_INVARIANT to 0), and install ICU.");
        }
    }

    /// <summary>Whether a normalization composes, decomposes and replaces what is compatible.</summary>
    internal static bool Works(Func<string, NormalizationForm, string> normalize) =>
        normalize("e\u0301", NormalizationForm.FormC) == "\u00e9" && normalize("\u00e9", NormalizationForm.FormD) == "e\u0301" && normalize("\uFB01", NormalizationForm.FormKC) == "fi";
}
