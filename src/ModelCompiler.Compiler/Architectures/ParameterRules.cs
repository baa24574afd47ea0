using ModelCompiler.Compiler.Checkpoints;
using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Architectures;

/// <summary>The rules that need the model's parameters: frozen parts by name, something to train, a format that holds them all, an arena that can be addressed.</summary>
internal static class ParameterRules
{
    public static void Validate(BoundModel model, ProblemList p)
    {
        var hasLoss = model.Get<ObjectiveAttribute>() is not null;
        var (_, parameters) = ModelPrograms.Build(model, hasLoss ? Pass.Train : Pass.Forward);
        Freeze(model, parameters, p);
        if (hasLoss && p.Items.Count == 0 && !parameters.Any(static x => x.IsTrainable))
        {
            p.Add(Rules.NothingToTrain, model.Get<FreezeAttribute>()!, "", "every parameter is frozen, so there is nothing to train: freeze fewer parts, or leave the objective out");
        }

        CheckpointFamily.Of(model).Validate(model, p);
        if (p.Items.Count == 0 && CheckpointFamily.Of(model).Homeless(model, parameters) is [var homeless, ..])
        {
            p.Add(Rules.FormatCannotExpress, model.Get<CheckpointAttribute>()!, "format", $"{CheckpointFamily.Of(model).Format} checkpoints have no tensor for '{homeless}': change the option that adds it, or use CheckpointFormat.Native");
        }
    }

    /// <summary>Sizes whose product cannot be addressed; checked before anything is built of them.</summary>
    public static void Size(BoundModel model, ProblemList p)
    {
        var o = (TransformerAttribute)model.Architecture;
        var feedForward = ConfigRow.FeedForward(o);
        Check(nameof(o.Width), (double)o.Width * 3 * o.Width, "Width x 3 Width");
        Check(o.FeedForward == 0 ? nameof(o.Width) : nameof(o.FeedForward), (double)o.Width * feedForward, "Width x FeedForward");
        if (o is TextTransformerAttribute t)
        {
            Check(nameof(t.Vocabulary), (double)t.Vocabulary * t.Width, "Vocabulary x Width");
            Check(nameof(t.Context), ((double)t.Context + t.PositionOffset) * t.Width, "Context x Width");
        }

        if (model.Get<ClassificationAttribute>() is { } c && (double)c.Classes * o.Width > int.MaxValue)
        {
            p.Add(Rules.TooLarge, c, nameof(c.Classes), $"Classes x Width is {(double)c.Classes * o.Width:N0} values; one tensor has at most {int.MaxValue:N0}");
        }

        void Check(string argument, double values, string what)
        {
            if (values > int.MaxValue && p.Items.Count == 0)
            {
                p.Add(Rules.TooLarge, o, argument, FormattableString.Invariant($"{what} is {values:N0} values; one tensor has at most {int.MaxValue:N0}"));
            }
        }
    }

    private static void Freeze(BoundModel model, IReadOnlyList<Parameter> parameters, ProblemList p)
    {
        var names = CheckpointFamily.Named(parameters).Select(static x => x.Name).ToArray();
        var freeze = model.Get<FreezeAttribute>();
        if (freeze is { Parts.Length: 0 })
        {
            p.Add(Rules.MissingArgument, freeze, "", "Freeze names no parts: name some, such as \"embeddings\", or remove the attribute");
        }

        foreach (var part in freeze?.Parts ?? [])
        {
            if (!names.Any(n => n == part || n.StartsWith(part + ".", StringComparison.Ordinal)))
            {
                var legal = names.SelectMany(Prefixes).Distinct().ToArray();
                p.Add(Rules.UnknownPart, freeze!, "parts", $"there is no part '{part}'; nearest: '{legal.OrderBy(l => EditDistance.Between(l, part)).First()}', top-level parts: {string.Join(", ", names.Select(static n => n.Split('.')[0]).Distinct())}");
            }
        }
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
