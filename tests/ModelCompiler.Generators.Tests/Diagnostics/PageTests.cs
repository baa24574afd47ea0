using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using ModelCompiler.Compiler;
using ModelCompiler.Compiler.Spec;
using ModelCompiler.Generators.Tests.Harness;
using ModelCompiler.Testing;

namespace ModelCompiler.Generators.Tests.Diagnostics;

/// <summary>docs/diagnostics.md has every rule, and quotes what is really said.</summary>
public sealed partial class PageTests
{
    private static readonly string[] s_sections = Section().Split(File.ReadAllText(Path.Combine(Folders.Root, "docs", "diagnostics.md")).ReplaceLineEndings("\n"))[1..];

    public static TheoryData<string> Ids => new(Rules.All.Except([Rules.InternalError]).Select(static r => r.Id));

    [Fact]
    public void The_page_has_a_section_for_each_rule_with_its_title() => Assert.Equal(
        Rules.All.Select(static r => $"{r.Id}\n\n**{r.Title}.** "),
        s_sections.Select(static s => Title().Match(s).Value));

    [Theory, MemberData(nameof(Ids))]
    public async Task An_example_says_what_the_page_quotes(string id)
    {
        var section = s_sections.Single(s => s.StartsWith(id, StringComparison.Ordinal));
        var (code, quoted) = (Assert.Single(Block("csharp").Matches(section)).Groups[1].Value, Assert.Single(Block("text").Matches(section)).Groups[1].Value);
        var project = InMemory.Project(code);
        project = id switch
        {
            "MC3004" => project.WithOptions(project.Options.WithAllowUnsafe(false)),
            "MC3006" => project.ReplaceSyntaxTree(project.SyntaxTrees[0], InMemory.Tree(code, version: LanguageVersion.CSharp12)),
            _ => project,
        };
        ProjectFile[] files = id is "MC1010" or "MC1011" ? [ProjectFile.Words(28_996, "bert/vocab.txt")] : [];
        Assert.Equal(quoted, string.Join("\n", (await InMemory.Say(project, files)).OrderBy(static d => d.Location.SourceSpan.Start).Select(static d => $"{d.Id}: {d.GetMessage()}")) + "\n");
        Assert.Matches(Remedy(), section);
    }

    [Fact]
    public void The_page_lists_the_names_that_a_class_may_not_use()
    {
        var section = s_sections.Single(static s => s.StartsWith("MC3003", StringComparison.Ordinal));
        Assert.All(EmittedMembers.OfAny, name => Assert.Contains($"`{name}`", section));
    }

    private static Regex Block(string language) => new($"```{language}\n(.*?)```", RegexOptions.Singleline);

    [GeneratedRegex("^## ", RegexOptions.Multiline)]
    private static partial Regex Section();

    [GeneratedRegex(@"^MC\d+\n\n\*\*.*?\.\*\* ")]
    private static partial Regex Title();

    // What is behind the quoted message.
    [GeneratedRegex(@"```text\n[^`]*```\n\n\S")]
    private static partial Regex Remedy();
}
