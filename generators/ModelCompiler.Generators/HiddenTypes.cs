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
            foreach (var member in EmittedTypes.Names.Concat(EmittedTypes.OfGpu).SelectMany(n => Whole(at, compilation).SelectMany(s => s.GetMembers(n).Where(m => IsInSight(m, at)))).Where(static m => !IsMeant(m)))
            {
                yield return member;
            }
        }
    }

    // Of a namespace also what other assemblies have in it, of a type also what it inherits.
    private static IEnumerable<INamespaceOrTypeSymbol> Whole(INamespaceOrTypeSymbol at, Compilation compilation)
    {
        yield return at is INamespaceSymbol space ? compilation.GetCompilationNamespace(space) ?? at : at;
        for (var b = (at as INamedTypeSymbol)?.BaseType; b is not null; b = b.BaseType)
        {
            yield return b;
        }
    }

    private static bool IsInSight(ISymbol symbol, INamespaceOrTypeSymbol from) =>
        symbol.DeclaredAccessibility != Accessibility.Private || SymbolEqualityComparer.Default.Equals(symbol.ContainingSymbol, from);

    private static bool IsMeant(ISymbol symbol) => symbol.ContainingAssembly?.Name is "ModelCompiler.Runtime" or "ModelCompiler.Gpu" or "ILGPU" || s_meant.Contains(symbol.ContainingNamespace.ToDisplayString());
}
