using System.Text.RegularExpressions;

namespace ModelCompiler.Numerics.Tests;

/// <summary>What the OpenCL C of a kernel must not have, so that any device of version 1.2 takes it.</summary>
internal static class OpenClRules
{
    private static readonly (Regex Sight, string Message)[] s_words =
    [
        (new Regex(@"\b(__)?generic\b"), "has a pointer of which nobody knows what it points to"),
        (new Regex(@"\bwork_group_|\bsub_group_"), "uses functions of groups that version 1.2 lacks"),
        (new Regex(@"\bbarrier\s*\((?!\s*CLK_LOCAL_MEM_FENCE)"), "has a barrier that does not order local memory"),
        (new Regex(@"^(__)?local\b", RegexOptions.Multiline), "declares local memory outside the kernel"),
        (new Regex(@"\batomic_"), "uses atomics, whose order nobody knows"),
        (new Regex(@"\((int|long)\) ?\w+ +[*+] +\(\1\)(3\d{9}|2[2-9]\d{8}|[4-9]\d{9}|\d{11,})\b"), "computes with unsigned numbers as if they had signs"),
        (new Regex(@"\bdouble\b"), "computes in double"),
        (new Regex(@"\bhalf\b"), "computes in half precision"),
        (new Regex(@"\b(native_|half_)?(exp|exp2|log|log2|tanh|pow|sin|cos|erf|erfc|rsqrt|fma|mad|fmax|fmin)\s*\("), "uses the device's own function"),
    ];

    /// <summary>What is wrong with a kernel; nothing: all is well.</summary>
    public static IReadOnlyList<string> Broken(string source) => [.. s_words.Where(w => w.Sight.IsMatch(source)).Select(static w => w.Message)];
}
