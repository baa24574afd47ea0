using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Architectures;

/// <summary>The rules of encoder-decoders: what their type arguments are, and what trains them.</summary>
internal static class EncoderDecoderRules
{
    public static void Validate(BoundModel model, ProblemList p)
    {
        foreach (var objective in model.Attributes.OfType<ObjectiveAttribute>().Where(static a => a is not CausalLanguageModelAttribute))
        {
            p.Add(Rules.ObjectiveNotSupported, objective, "", $"an EncoderDecoder learns what its decoder says next, and [{AttributeBinder.NameOf(objective.GetType())}] asks for something else; legal: [CausalLanguageModel]");
        }

        ObjectiveRules.LanguageModel(model, p);
        TrainingRules.Validate(model, p);
        TowerRules.Validate(model, p, Tower);
    }

    private static (SpecRule Rule, string Message)? Tower(string parameter, Side side, TransformerAttribute tower) => side.Name == "decoder" && tower is not TransformerDecoderAttribute
        ? (Rules.NotATower, $"'{side.Model.Spec.Type.Name}' sees its tokens from both sides, and {parameter} says one after the other: name a class with [TransformerDecoder]")
        : null;
}
