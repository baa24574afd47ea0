using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Architectures;

/// <summary>The rules of models whose decoder says something of what another tower gives: what trains them, and what the decoder is.</summary>
internal static class DecoderRules
{
    /// <summary>The rules of objectives and of training.</summary>
    public static void Validate(BoundModel model, ProblemList p)
    {
        var name = AttributeBinder.NameOf(model.Architecture.GetType());
        foreach (var objective in model.Attributes.OfType<ObjectiveAttribute>().Where(static a => a is not CausalLanguageModelAttribute))
        {
            p.Add(Rules.ObjectiveNotSupported, objective, "", $"[{name}] learns what its decoder says next, and [{AttributeBinder.NameOf(objective.GetType())}] asks for something else; legal: [CausalLanguageModel]");
        }

        ObjectiveRules.LanguageModel(model, p);
        ObjectiveRules.Weights(model, p);
        TrainingRules.Validate(model, p);
    }

    /// <summary>What is wrong with the tower in a place that is a decoder's.</summary>
    public static (SpecRule Rule, string Message)? Tower(string parameter, Side side, TowerAttribute tower) => tower is TransformerDecoderAttribute ? null
        : (Rules.NotATower, $"'{side.Model.Spec.Type.Name}' {(side.Inputs == InputKind.Vectors ? "has no tokens of its own" : "sees its tokens from both sides")}, and {parameter} says one after the other: name a class with [TransformerDecoder]");
}
