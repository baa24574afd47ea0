using System.Text.RegularExpressions;

namespace ModelCompiler.Gpu.Workarounds;

/// <summary>
/// ILGPU 1.5.3 writes sums and products of unsigned numbers as signed ones in OpenCL C, which leaves open what becomes of them beyond the range: the
/// random words of dropout would be a driver's choice. A constant above the range of int tells that the numbers are unsigned; the source is rewritten.
/// </summary>
internal static partial class UnsignedArithmetic
{
    public static string Mend(string source) => Signed().Replace(source, static m => long.TryParse(m.Groups[4].Value, out var constant) && constant <= int.MaxValue
        ? m.Value
        : $"((u{m.Groups[1].Value}) {m.Groups[2].Value} {m.Groups[3].Value}  (u{m.Groups[1].Value}){m.Groups[4].Value})");

    // ((long) var1 *  (long)3528531795)
    [GeneratedRegex(@"\(\((int|long)\) (\w+) ([+*])  \(\1\)(\d{10,})\)")]
    private static partial Regex Signed();
}
