using System.Text.RegularExpressions;
using ModelCompiler.Compiler;
using ModelCompiler.Compiler.Checkpoints;

namespace ModelCompiler.Cli.Scaffolding;

/// <summary>What a folder asks for must be legal: the checker's problems, with the keys that the options came from.</summary>
internal static partial class SpecCheck
{
    public static ScaffoldResult Apply(ConfigFile config, ScaffoldResult result)
    {
        if (result.Spec is not { } spec || CompilerPipeline.Check(spec) is not { Count: > 0 } problems)
        {
            return result;
        }

        return result with { Spec = null, Unsupported = [.. problems.Select(p => $"{Origin(config, result, [p.Attribute, spec.Attributes[0].Name], p.Argument, p.Message)}{p.Message}")] };
    }

    // The option that is wrong, and those that the message compares it with: of the same attribute or of the architecture.
    private static string Origin(ConfigFile config, ScaffoldResult result, string[] attributes, string argument, string message)
    {
        var options = Word().Matches(message).Select(static w => w.Value).Prepend(argument).Distinct();
        var keys = options.SelectMany(o => attributes.Select(a => result.Keys.GetValueOrDefault($"{a}.{o}"))).OfType<string>().Distinct().Select(k => config.Contains(k) ? $"{k} = {ConfigFile.Json(config.Get(k))}" : k).ToArray();
        return keys.Length == 0 ? "" : string.Join(", ", keys) + ": ";
    }

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
