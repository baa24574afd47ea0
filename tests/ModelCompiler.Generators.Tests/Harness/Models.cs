using System.Text.RegularExpressions;

namespace ModelCompiler.Generators.Tests.Harness;

/// <summary>Sources of small models without problems, into which tests put theirs.</summary>
internal static partial class Models
{
    /// <summary>A vision transformer.</summary>
    /// <param name="arguments">Arguments that replace those of the same names.</param>
    /// <param name="attributes">More attributes, after a comma.</param>
    public static string Vit(string arguments = "", string attributes = ", Classification(Classes = 2)", string name = "M") =>
        Model("VisionTransformer", "ImageSize = 8, PatchSize = 4, Width = 8, Depth = 1, Heads = 2", arguments, attributes, name);

    /// <summary>A causal transformer over tokens.</summary>
    public static string Gpt(string arguments = "", string attributes = ", CausalLanguageModel", string name = "M") =>
        Model("TransformerDecoder", "Vocabulary = 11, Context = 6, Width = 8, Depth = 1, Heads = 2", arguments, attributes, name);

    /// <summary>A transformer over tokens that sees the whole row.</summary>
    public static string Bert(string arguments = "", string attributes = ", MaskedLanguageModel", string name = "M") =>
        Model("TransformerEncoder", "Vocabulary = 11, Context = 6, Width = 8, Depth = 1, Heads = 2", arguments, attributes, name);

    private static string Model(string architecture, string defaults, string arguments, string attributes, string name)
    {
        var replaced = Names().Matches(arguments).Select(static m => m.Groups[1].Value).ToArray();
        var kept = defaults.Split(", ").Where(d => !replaced.Contains(d.Split(' ')[0]));
        return $"[{architecture}({string.Join(", ", kept.Append(arguments).Where(static a => a.Length > 0))}){attributes}] public partial class {name};";
    }

    [GeneratedRegex(@"(\w+) = ")]
    private static partial Regex Names();
}
