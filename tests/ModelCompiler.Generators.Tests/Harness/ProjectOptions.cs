using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace ModelCompiler.Generators.Tests.Harness;

/// <summary>What the SDK tells analyzers of a project: where it is.</summary>
internal sealed class ProjectOptions : AnalyzerConfigOptionsProvider
{
    /// <summary>The folder of projects in memory.</summary>
    public const string Folder = "/demo/";

    public override AnalyzerConfigOptions GlobalOptions { get; } = new Properties();

    public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

    public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;

    private sealed class Properties : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value) => (value = key == "build_property.ProjectDir" ? Folder : null) is not null;
    }
}
