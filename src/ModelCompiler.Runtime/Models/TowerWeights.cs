namespace ModelCompiler.Runtime;

/// <summary>Weights between a tower of a composition and a model that is that tower alone: what emitted <c>CopyFrom</c> and <c>CopyTo</c> do.</summary>
public static class TowerWeights
{
    /// <summary>Replaces a tower's weights by those of a model, and momentum copies of it too; what the model has besides, such as the head of its objective, is left aside.</summary>
    /// <param name="tower">What the tower's parameters begin with: <c>text</c>.</param>
    /// <exception cref="ArgumentException">The model lacks a parameter of the tower, has it in another shape or computes something else with it; the weights stay as they were.</exception>
    public static void CopyFrom(ModelCore composition, string tower, IModel model)
    {
        foreach (var (inner, alone) in Pairs(composition, tower, model))
        {
            inner.Set(alone.ToArray());
        }

        // Copies that follow begin as what they follow.
        foreach (var copy in composition.Description.Parameters.Where(p => p.Source?.StartsWith(tower + ".", StringComparison.Ordinal) == true))
        {
            composition.Parameters[copy.Name].Set(composition.Parameters[copy.Source!].ToArray());
        }

        composition.ResetAverage();
    }

    /// <summary>Replaces a model's weights by those of a tower; what the model has besides keeps its own.</summary>
    /// <inheritdoc cref="CopyFrom"/>
    public static void CopyTo(ModelCore composition, string tower, IModel model)
    {
        foreach (var (inner, alone) in Pairs(composition, tower, model))
        {
            alone.Set(inner.ToArray());
        }

        model.Core.ResetAverage();
    }

    private static (Parameter Inner, Parameter Alone)[] Pairs(ModelCore composition, string tower, IModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var names = composition.Parameters.Keys.Where(n => n.StartsWith(tower + ".", StringComparison.Ordinal)).ToArray();
        string[] problems = [.. names.Select(n => Problem(composition.Parameters[n], model.Core.Parameters.GetValueOrDefault(n[(tower.Length + 1)..]))).OfType<string>(), .. Differences(composition.Description, tower, model.Core.Description)];
        return problems.Length == 0
            ? [.. names.Select(n => (composition.Parameters[n], model.Core.Parameters[n[(tower.Length + 1)..]]))]
            : throw new ArgumentException($"'{model.Core.Description.Name}' is another tower than '{tower}' of '{composition.Description.Name}':\n  {string.Join("\n  ", problems)}", nameof(model));
    }

    private static string? Problem(Parameter inner, Parameter? alone) => alone is null ? $"it lacks {inner}"
        : inner.Shape.SequenceEqual(alone.Shape) ? null : $"it has {alone}, and the composition {inner}";

    // Weights of the same shapes mean something else behind another activation, or in more heads.
    private static IEnumerable<string> Differences(ModelDescription composition, string tower, ModelDescription model)
    {
        if (composition.Towers.FirstOrDefault(t => t.Name == tower) is not { } inner || model.Towers.FirstOrDefault(static t => t.Name.Length == 0) is not { } alone)
        {
            yield break;
        }

        if (alone.Architecture != inner.Architecture)
        {
            yield return $"it is a {alone.Architecture}, and the composition has a {inner.Architecture}";
            yield break;
        }

        foreach (var option in alone.Options.Concat(inner.Options).Select(static o => o.Name).Distinct().Where(o => Value(alone, o) != Value(inner, o)))
        {
            yield return $"it has {option} = {Value(alone, option)}, and the composition {Value(inner, option)}";
        }
    }

    private static string Value(TowerInfo tower, string option) => tower.Options.FirstOrDefault(o => o.Name == option).Value ?? "its default";
}
