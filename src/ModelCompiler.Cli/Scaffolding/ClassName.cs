using Microsoft.CodeAnalysis.CSharp;

namespace ModelCompiler.Cli.Scaffolding;

/// <summary>Names of classes.</summary>
internal static class ClassName
{
    /// <summary>What is wrong with a name, with its namespace or without; null: nothing.</summary>
    public static string? Problem(string name)
    {
        var parts = name.Split('.');
        if (parts.FirstOrDefault(static p => !SyntaxFacts.IsValidIdentifier(p)) is { } part)
        {
            return $"'{part}' in --name {name} is no C# identifier: use letters, digits and '_', as in MyBert or My.Models.Bert.";
        }

        return parts.FirstOrDefault(static p => SyntaxFacts.GetKeywordKind(p) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(p) != SyntaxKind.None) is { } keyword
            ? $"'{keyword}' in --name {name} is a word of C#: use another name, as MyBert or My.Models.Bert." : null;
    }

    /// <summary>A folder's name as a class: all-MiniLM-L6-v2 becomes AllMiniLML6V2.</summary>
    public static string Of(string folder)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        var words = new string([.. name.Select(static c => char.IsAsciiLetterOrDigit(c) ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var pascal = string.Concat(words.Select(static w => char.ToUpperInvariant(w[0]) + w[1..]));
        return pascal.Length > 0 && char.IsLetter(pascal[0]) ? pascal : "Model" + pascal;
    }
}
