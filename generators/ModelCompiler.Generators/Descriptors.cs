using Microsoft.CodeAnalysis;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Generators;

/// <summary>The compiler's rules as Roslyn knows them.</summary>
internal static class Descriptors
{
    private const string Page = "docs/diagnostics.md";

    private static readonly IReadOnlyDictionary<string, DiagnosticDescriptor> s_byId = Rules.All.ToDictionary(
        static r => r.Id,
#pragma warning disable RS2008 // The rules' table and docs/diagnostics.md are compared by a test; a third list would only repeat them.
        static r => new DiagnosticDescriptor(r.Id, r.Title, "{0}", "ModelCompiler", DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: $"{Page}#{r.Id.ToLowerInvariant()}"));
#pragma warning restore RS2008

    public static IEnumerable<DiagnosticDescriptor> All => s_byId.Values;

    public static DiagnosticDescriptor Of(SpecRule rule) => s_byId[rule.Id];
}
