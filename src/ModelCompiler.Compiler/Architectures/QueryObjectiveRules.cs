using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Architectures;

/// <summary>The rules of what trains a Q-Former beside texts.</summary>
internal static class QueryObjectiveRules
{
    public static void Validate(BoundModel model, ProblemList p)
    {
        foreach (var objective in model.Attributes.OfType<ObjectiveAttribute>().Where(static a => a is not QueryObjectiveAttribute))
        {
            p.Add(Rules.ObjectiveNotSupported, objective, "", $"[Blip2Pretraining] learns of queries and texts, and [{AttributeBinder.NameOf(objective.GetType())}] asks for something else; legal: {ObjectiveRules.Names<QueryObjectiveAttribute>()}");
        }

        ObjectiveRules.Weights(model, p);

        if (model.Get<QueryContrastiveAttribute>() is { } c)
        {
            p.Between(c, nameof(c.LabelSmoothing), c.LabelSmoothing, 0, 1, 0.1);
            if (model.Get<AccumulateAttribute>() is { Batches: > 1 } accumulate)
            {
                p.Add(Rules.Conflict, accumulate, "batches", "[QueryContrastive] tells the pairs of one batch from each other, and those of several batches never meet: make batches larger instead, and leave [Accumulate] out");
            }
        }

        if (model.Get<ImageGroundedTextAttribute>() is { } g)
        {
            p.Between(g, nameof(g.LabelSmoothing), g.LabelSmoothing, 0, 1, 0.1);
            if (Side.All(model) is [_, _, { Options: TextTransformerAttribute { Vocabulary: > 0 } text }] && p.Items.Count == 0)
            {
                StartToken(g, text, p);
            }
        }

        if (model.Get<ImageTextMatchingAttribute>() is { Negatives: not HardNegatives.Given } m && model.Get<QueryContrastiveAttribute>() is null)
        {
            p.Add(Rules.NeedsOption, m, "", "[ImageTextMatching] shows pairs beside what is most like them and none, and [QueryContrastive] alone trains what is like what: add it");
        }
    }

    private static void StartToken(ImageGroundedTextAttribute g, TextTransformerAttribute text, ProblemList p)
    {
        if (g.StartToken < 0)
        {
            p.Add(Rules.MissingArgument, g, nameof(g.StartToken), $"StartToken is missing: set it to the id that a text to be said begins with, 0 to {text.Vocabulary - 1}");
        }
        else
        {
            p.Between(g, nameof(g.StartToken), g.StartToken, 0, text.Vocabulary - 1);
        }
    }
}
