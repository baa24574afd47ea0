using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace ModelCompiler.Generators.Tests.Harness;

/// <summary>A file of a project in memory that is no source.</summary>
/// <param name="name">From the project's folder.</param>
/// <param name="text">Null where it cannot be read.</param>
internal sealed class ProjectFile(string name, string? text) : AdditionalText
{
    public override string Path => ProjectOptions.Folder + name;

    public override SourceText? GetText(CancellationToken cancellationToken = default) => text is null ? null : SourceText.From(text);

    /// <summary>A list of so many tokens.</summary>
    public static ProjectFile Words(int count, string name = "vocab.txt") => new(name, string.Concat(Enumerable.Range(0, count).Select(static i => $"t{i}\n")));
}
