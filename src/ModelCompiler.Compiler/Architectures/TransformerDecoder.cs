using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Architectures;

/// <summary>Token embeddings, blocks that see earlier tokens only, norm, heads.</summary>
internal sealed class TransformerDecoder : TowerArchitecture
{
    public override Type Attribute => typeof(TransformerDecoderAttribute);

    public override void Validate(BoundModel model, ProblemList p)
    {
        TextRules.Validate(model, (TextTransformerAttribute)model.Architecture, p);
        if (model.Get<MaskedLanguageModelAttribute>() is { } objective)
        {
            p.Add(Rules.ObjectiveNotSupported, objective, "", "[MaskedLanguageModel] reads the tokens on both sides, and a TransformerDecoder sees only earlier ones; legal: [CausalLanguageModel], [Classification], [FeatureRegression], [SupervisedContrastive]; nearest: [CausalLanguageModel]");
        }
    }

    public override Features Features(ModelBuilder m, TowerAttribute options, Reading reading)
    {
        var o = (TextTransformerAttribute)options;
        RotaryTable.Add(m, o);
        var embedded = TextEmbedding.Apply(m, o, reading.Prefix);
        return Tower.Apply(m, o, embedded, new Sight(TextEmbedding.Mask(m, o), IsCausal: true, reading.Memory), prefix: 0);
    }
}
