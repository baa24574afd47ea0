using Microsoft.CodeAnalysis;
using ModelCompiler.Compiler;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Generators;

/// <summary>What the generator reads of an annotated class.</summary>
/// <param name="Spec">Its attributes; null where nothing can be emitted.</param>
/// <param name="Names">Names that are taken where its emitted code stands.</param>
/// <param name="Complaints">What the generator itself must say, because the analyzer may not come to it.</param>
internal sealed record Reading(ModelSpec? Spec, EquatableArray<string> Names, EquatableArray<Complaint> Complaints)
{
    public static Reading Of(INamedTypeSymbol type, Compilation compilation)
    {
        var spec = SpecReader.Read(type)!;
        var obstacles = Obstacles.Of(type, spec, compilation).ToArray();
        var complaints = obstacles.Concat(MemberRules.OfAny(type)).Select(static c => Complaint.Of(c.Rule, c.Location, c.Message));
        var names = MemberRules.Names(type).Concat(HiddenTypes.By(type, compilation).Select(static s => s.Name)).Distinct().OrderBy(static n => n, StringComparer.Ordinal);
        return obstacles.Length > 0 ? new(null, default, new(complaints)) : new(spec, new(names), new(complaints));
    }

    /// <summary>What emitted code depends on: names that it does not need are forgotten, so that other members compile nothing again.</summary>
    public ModelSpec Narrowed() => Spec! with { Type = Spec.Type with { Taken = new(EmittedMembers.Taken(Spec, Names)) } };
}
