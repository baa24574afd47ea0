using Microsoft.CodeAnalysis.CSharp;
using ModelCompiler.Generators.Tests.Harness;

namespace ModelCompiler.Generators.Tests.Diagnostics;

/// <summary>A mistake and what is said about it.</summary>
/// <param name="Id">The rule.</param>
/// <param name="Source">A project of one file; <c>[|...|]</c> marks where the complaint points.</param>
/// <param name="Message">All of what is said.</param>
internal sealed record Row(string Id, string Source, string Message)
{
    /// <summary>What is unusual about the project.</summary>
    public Func<CSharpCompilation, CSharpCompilation> Setting { get; init; } = static p => p;

    /// <summary>Files of the project that are no source.</summary>
    public ProjectFile[] Files { get; init; } = [];

    /// <summary>The source without marks.</summary>
    public string Text => Source.Replace("[|", "").Replace("|]", "");

    /// <summary>Where the mark starts, in <see cref="Text"/>.</summary>
    public int Start => Source.IndexOf("[|", StringComparison.Ordinal);

    /// <summary>What is marked.</summary>
    public string Marked => Source[(Start + 2)..Source.IndexOf("|]", StringComparison.Ordinal)];

    /// <summary>Every row.</summary>
    public static IReadOnlyList<Row> All { get; } = [.. SizeRows.All, .. NumberRows.All, .. OptionRows.All, .. TokenizerRows.All, .. TrainingRows.All, .. CompositionRows.All, .. EncoderDecoderRows.All, .. QFormerRows.All, .. FeaturesRows.All, .. CheckpointRows.All, .. ClassRows.All];
}
