using System.Globalization;
using System.Text;

namespace ModelCompiler.Compiler.Emit;

/// <summary>Identifiers and literals of emitted code.</summary>
internal static class Names
{
    // Keywords, and what emitted kernels call their own parameters and locals: a tensor may have any of these names.
    private static readonly HashSet<string> s_taken =
    [
        "in", "out", "base", "float", "int", "long", "double", "params", "ref", "this", "value", "lock", "checked", "fixed", "operator",
        "context", "batch", "length", "secondLength", "rows", "chunks", "groups", "a", "g", "product", "epilogue",
    ];

    /// <summary>The field that has one of an optimizer's own numbers on a device.</summary>
    public static string StepNumber(int number) => number switch
    {
        0 => "First",
        1 => "Second",
        _ => throw new ArgumentOutOfRangeException(nameof(number), number, "a device has room for two"),
    };

    /// <summary>blocks.attention_norm -> BlocksAttentionNorm.</summary>
    public static string Pascal(string name)
    {
        var text = new StringBuilder();
        foreach (var word in name.Split(['.', '_', ' ', '-'], StringSplitOptions.RemoveEmptyEntries))
        {
            text.Append(char.ToUpperInvariant(word[0])).Append(word, 1, word.Length - 1);
        }

        return text.Length > 0 && char.IsDigit(text[0]) ? "_" + text : text.ToString();
    }

    /// <summary>log_sum -> logSum.</summary>
    public static string Camel(string name)
    {
        var pascal = Pascal(name);
        var camel = char.ToLowerInvariant(pascal[0]) + pascal.Substring(1);
        return s_taken.Contains(camel) ? camel + "_" : camel;
    }

    public static string Float(double value) => double.IsNegativeInfinity(value) ? "float.NegativeInfinity" : ((float)value).ToString("G9", CultureInfo.InvariantCulture) + "f";

    public static string Double(double value) => value.ToString("G17", CultureInfo.InvariantCulture) + "d";

    public static string Text(string value) => "\"" + value.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\"";

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
