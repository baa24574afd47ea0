using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Generators;

/// <summary>A diagnostic as data, because a place of Roslyn's would keep a compilation in memory.</summary>
/// <param name="Path">The file; empty for none.</param>
internal sealed record Complaint(SpecRule Rule, string Message, string Path, TextSpan Span)
{
    public static Complaint Of(SpecRule rule, Location? location, string message) => new(rule, message, location?.SourceTree?.FilePath ?? "", location?.SourceSpan ?? default);

    /// <summary>Within the compilation's own file again, so that its pragmas and settings hold.</summary>
    public Diagnostic In(Compilation compilation)
    {
        var file = compilation.SyntaxTrees.FirstOrDefault(t => t.FilePath == Path && t.Length >= Span.End);
        return Diagnostic.Create(Descriptors.Of(Rule), file is null ? Location.None : Location.Create(file, Span), Message);
    }
}
