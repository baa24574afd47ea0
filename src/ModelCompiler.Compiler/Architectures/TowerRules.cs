using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Architectures;

/// <summary>The rules of type arguments: each is a class that is a tower, can be compiled itself, and is of the kind that its place is for.</summary>
internal static class TowerRules
{
    /// <summary>The towers; null where one is wrong.</summary>
    /// <param name="kind">What else is wrong with the tower in a place, by the name of the type parameter.</param>
    public static IReadOnlyList<Side>? Validate(BoundModel model, ProblemList p, Func<string, Side, TowerAttribute, (SpecRule Rule, string Message)?> kind)
    {
        var o = model.Architecture;
        var sides = Side.All(model);
        var parameters = o.GetType().GetGenericTypeDefinition().GetGenericArguments().Select(static a => a.Name).ToArray();
        if (sides.Count < parameters.Length)
        {
            // C# says what is wrong with a type argument that is no type.
            p.Add(Rules.NotATower, o, parameters[0], $"a type argument of {AttributeBinder.NameOf(o.GetType())} is no type");
            return null;
        }

        var problems = sides.Select((s, i) => (Parameter: parameters[i], Problem: Problem(parameters[i], s, kind))).Where(static x => x.Problem is not null).ToArray();
        foreach (var (parameter, problem) in problems)
        {
            p.Add(problem!.Value.Rule, o, parameter, problem.Value.Message);
        }

        if (problems.Length > 0)
        {
            return null;
        }

        Lengths(o, parameters[parameters.Length - 1], sides, p);
        return sides;
    }

    /// <summary>The attributes that make a class a tower, as a message lists them.</summary>
    /// <param name="kind">Their base; null: any tower.</param>
    public static string Names(Type? kind) => List(a => (kind ?? typeof(TowerAttribute)).IsAssignableFrom(a));

    /// <summary>Those for a place of pictures.</summary>
    public static string Pictures => List(static a => a == typeof(VisionTransformerAttribute) || a == typeof(PrecomputedFeaturesAttribute));

    /// <summary>Those for a place of texts that are not said.</summary>
    public static string Texts => List(static a => typeof(TextTransformerAttribute).IsAssignableFrom(a) || a == typeof(PrecomputedFeaturesAttribute));

    private static string List(Func<Type, bool> which) => string.Join(", ", AttributeBinder.Architectures.Where(a => !a.IsGenericType && which(a)).Select(static a => $"[{AttributeBinder.NameOf(a)}]"));

    private static (SpecRule Rule, string Message)? Problem(string parameter, Side side, Func<string, Side, TowerAttribute, (SpecRule, string)?> kind)
    {
        var name = side.Model.Spec.Type.Name;
        if (Open(side.Model.Spec) is { } open)
        {
            var through = open.Type.Name == name ? "" : $"'{open.Type.Name}', and so of ";
            return (Rules.CircularTowers, $"'{name}' is made of {through}itself: name a class that says what the tower is, one of {Names(null)}");
        }

        if (side.Options is not { } tower)
        {
            return (Rules.NotATower, $"'{name}' is no tower: it needs one of {Names(null)}");
        }

        if (tower is QFormerAttribute<object> && side.Name != Side.BridgeName)
        {
            return (Rules.NotATower, $"'{name}' reads a tower of its own, for which Blip2 and Blip2Pretraining alone have a place: name a class with one of {Names(null)}");
        }

        return kind(parameter, side, tower)
            ?? (SpecChecker.Run(side.Model.Spec).Problems is [var problem, ..] ? (Rules.NotATower, $"'{name}' cannot be compiled itself ({problem.Rule.Id}): {problem.Message}") : null);
    }

    // The class below a tower, or the tower itself, that is being read already.
    private static ModelSpec? Open(ModelSpec spec) => spec.IsOpen ? spec : spec.Attributes.SelectMany(static a => a.TypeArguments).Select(Open).FirstOrDefault(static s => s is not null);

    private static void Lengths(Attribute o, string parameter, IReadOnlyList<Side> sides, ProblemList p)
    {
        if (o is not CompositionAttribute && sides[0].Options is TextTransformerAttribute first && sides[sides.Count - 1].Options is TextTransformerAttribute second && sides.Count == 2 && first.Context != second.Context)
        {
            p.Add(Rules.Conflict, o, parameter, $"'{sides[sides.Count - 1].Model.Spec.Type.Name}' has a Context of {second.Context} and '{sides[0].Model.Spec.Type.Name}' one of {first.Context}, but both sides of a batch have one length: set both to {Math.Max(first.Context, second.Context)}");
        }
    }
}
