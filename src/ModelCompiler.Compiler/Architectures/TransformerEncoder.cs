using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Architectures;

/// <summary>Token embeddings, blocks that see the whole row, pooling, heads.</summary>
internal sealed class TransformerEncoder : TowerArchitecture
{
    public override Type Attribute => typeof(TransformerEncoderAttribute);

    public override void Validate(BoundModel model, ProblemList p)
    {
        TextRules.Validate(model, (TextTransformerAttribute)model.Architecture, p);
        if (model.Get<CausalLanguageModelAttribute>() is { } objective)
        {
            p.Add(Rules.ObjectiveNotSupported, objective, "", "[CausalLanguageModel] predicts the next token, and a TransformerEncoder sees it; legal: [Classification], [FeatureRegression], [MaskedLanguageModel], [SupervisedContrastive]; nearest: [MaskedLanguageModel]");
        }
    }

    public override Features Features(ModelBuilder m, TowerAttribute options, Reading reading)
    {
        var o = (TextTransformerAttribute)options;
        RotaryTable.Add(m, o);
        var embedded = TextEmbedding.Apply(m, o, reading.Prefix);
        return Tower.Apply(m, o, embedded, new Sight(TextEmbedding.Mask(m, o), IsCausal: false, reading.Memory), prefix: 0);
    }
}
