using ModelCompiler.Compiler.Checkpoints;
using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Architectures;

/// <summary>The rules that need the model's parameters: frozen parts by name, something to train, a format that holds them all.</summary>
internal static class ParameterRules
{
    public static void Validate(BoundModel model, ProblemList p)
    {
        SharingRules.Validate(model, p);
        if (p.Items.Count > 0)
        {
            return;
        }

        var hasLoss = model.Get<ObjectiveAttribute>() is not null;
        var (_, parameters) = ArchitectureCatalogue.Build(model, hasLoss ? Pass.Train : Pass.Forward);
        Freeze(model, parameters, p);
        if (hasLoss && p.Items.Count == 0 && !parameters.Any(static x => x.IsTrainable))
        {
            var (at, why, instead) = model.Get<FreezeAttribute>() is { } freeze ? ((Attribute)freeze, "every parameter is frozen", "freeze fewer parts") : (model.Architecture, "no part has parameters that learn", "project what is compared");
            p.Add(Rules.NothingToTrain, at, "", $"{why}, so there is nothing to train: {instead}, or leave the objective out");
        }

        if (p.Items.Count == 0 && GatheredPairs.Of(model) && !Side.Of(model).Any(s => Composition.Learns(model, s)))
        {
            p.Add(Rules.Conflict, model.Get<AccumulateAttribute>()!, "batches", "both towers and their projections are frozen, so the pairs of several batches have nothing to go back to: leave [Accumulate] out, or freeze fewer parts");
        }

        CheckpointFamily.Of(model).Validate(model, p);
        if (p.Items.Count == 0 && CheckpointFamily.Of(model).Homeless(model, parameters) is [var homeless, ..])
        {
            p.Add(Rules.FormatCannotExpress, model.Get<CheckpointAttribute>()!, "format", $"{CheckpointFamily.Of(model).Format} checkpoints have no tensor for '{homeless}': change the option that adds it, or use CheckpointFormat.Native");
        }
    }

    private static void Freeze(BoundModel model, IReadOnlyList<Parameter> parameters, ProblemList p)
    {
        var freeze = model.Get<FreezeAttribute>();

        // What is shared goes by the names of both towers.
        var named = CheckpointFamily.Named(parameters).Concat(freeze is not null && Sharing.Of(model) is not null ? CheckpointFamily.Named(ArchitectureCatalogue.Unshared(model)) : []);
        var names = named.Select(static x => x.Name).Distinct().ToArray();
        if (freeze is { Parts.Length: 0 })
        {
            p.Add(Rules.MissingArgument, freeze, "parts", "Freeze names no parts: name some, such as \"embeddings\", or remove the attribute");
        }

        var parts = freeze?.Parts ?? [];
        for (var i = 0; i < parts.Length; i++)
        {
            var part = parts[i];
            if (!names.Any(n => Sharing.OfBoth(model, part).Prepend(part).Any(p => PartNames.Is(n, p))))
            {
                p.Add(Rules.UnknownPart, freeze!, "parts", $"there is no part '{part}'; nearest: '{Nearest(part, names)}'; the model has {string.Join(", ", Stems(names))} and what is below them", i);
            }
            else if (PartNames.Is(part, PartNames.Copies))
            {
                var followed = part == PartNames.Copies ? "the towers" : $"'{PartNames.Original(part)}'";
                p.Add(Rules.Conflict, freeze!, "parts", $"'{part}' is a copy that has no gradient and follows {followed} behind each step, frozen or not: freeze {followed} instead, or leave it out", i);
            }
            else if (PartNames.Is(part, MomentumState.Queue))
            {
                p.Add(Rules.Conflict, freeze!, "parts", $"'{part}' has no gradient and takes the vectors of each step, frozen or not: leave it out", i);
            }
        }
    }

    // Of names that are equally near the last: a layer beyond the end means the last one.
    public static string Nearest(string part, string[] names) => names.SelectMany(Prefixes).Distinct().Reverse()
        .OrderBy(n => EditDistance.Between(n, part)).ThenBy(n => Math.Abs(n.Length - part.Length)).First();

    // Top-level parts; layers as the first and the last of them.
    private static IEnumerable<string> Stems(string[] names)
    {
        var layers = names.Where(static n => n.StartsWith("blocks.", StringComparison.Ordinal)).Select(static n => n.Split('.')[1]).ToArray();
        return names.Select(static n => n.Split('.')[0]).Distinct()
            .Select(s => s != "blocks" ? s : layers[0] == layers[layers.Length - 1] ? "blocks.0" : $"blocks.0 to blocks.{layers[layers.Length - 1]}");
    }

    private static IEnumerable<string> Prefixes(string name)
    {
        for (var dot = name.IndexOf('.'); dot >= 0; dot = name.IndexOf('.', dot + 1))
        {
            yield return name.Substring(0, dot);
        }

        yield return name;
    }
}
