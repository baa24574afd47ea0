using Microsoft.CodeAnalysis;
using ModelCompiler.Compiler;

namespace ModelCompiler.Generators;

/// <summary>Finds what is nearer to a class than a type of the same name that its emitted code means.</summary>
internal static class HiddenTypes
{
    private static readonly HashSet<string> s_meant = ["System", "System.Collections.Generic", "System.Linq", "System.Runtime.CompilerServices"];

    /// <summary>Members of the class and of all that is around it, from the inside out.</summary>
    public static IEnumerable<ISymbol> By(INamedTypeSymbol type, Compilation compilation)
    {
        for (INamespaceOrTypeSymbol? at = type; at is not null; at = at.ContainingSymbol as INamespaceOrTypeSymbol)
        {
            // Of a namespace also what other assemblies have in it.
            var whole = at is INamespaceSymbol space ? compilation.GetCompilationNamespace(space) ?? at : at;
            foreach (var member in EmittedTypes.Names.SelectMany(n => whole.GetMembers(n)).Where(static m => !IsMeant(m)))
            {
                yield return member;
            }
        }
    }

    private static bool IsMeant(ISymbol symbol) => symbol.ContainingAssembly?.Name == "ModelCompiler.Runtime" || s_meant.Contains(symbol.ContainingNamespace.ToDisplayString());
}
