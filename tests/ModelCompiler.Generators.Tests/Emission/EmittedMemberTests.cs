using Microsoft.CodeAnalysis;
using ModelCompiler.Compiler;
using ModelCompiler.Generators.Tests.Harness;
using static ModelCompiler.Generators.Tests.Harness.Models;

namespace ModelCompiler.Generators.Tests.Emission;

/// <summary>The names that a class may not use are those that emitted code adds: none is forgotten, none is invented.</summary>
public sealed class EmittedMemberTests
{
    private static readonly string[] s_sources = [.. SnapshotModels.Sources.Values, Gpt(attributes: "", name: "Silent"), "[PrecomputedFeatures(Width = 4)] public partial class Given;"];

    [Fact]
    public void Emitted_members_are_the_names_that_a_class_may_not_use()
    {
        var (output, _) = InMemory.Generate(InMemory.Project(s_sources));
        var models = output.GetSymbolsWithName(static _ => true, SymbolFilter.Type, TestContext.Current.CancellationToken).OfType<INamedTypeSymbol>().Where(static t => SpecReader.Read(t) is not null).ToArray();
        Assert.Equal(s_sources.Length + 2, models.Length); // a composition stands beside its towers
        var emitted = models.ToDictionary(static m => m.Name, static m => m.GetMembers().Where(static x => !x.IsImplicitlyDeclared && x is not IMethodSymbol { MethodKind: not MethodKind.Ordinary }).Select(static x => x.Name).ToHashSet());
        Assert.All(models, m => Assert.Empty(emitted[m.Name].Except(EmittedMembers.Of(SpecReader.Read(m)!))));
        Assert.All(models, m => Assert.Empty(EmittedMembers.Of(SpecReader.Read(m)!).Except(EmittedMembers.OfAny).Except(emitted[m.Name])));
        Assert.Empty(EmittedMembers.OfAny.Except(emitted.Values.SelectMany(static e => e)));
    }
}
