using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Architectures;

/// <summary>The rules that every transformer shares.</summary>
internal static class TransformerRules
{
    public static void Validate(BoundModel model, TransformerAttribute o, ProblemList p)
    {
        var hasWidth = p.Required(o, nameof(o.Width), o.Width);
        p.Required(o, nameof(o.Depth), o.Depth, 4096);
        var hasHeads = p.Required(o, nameof(o.Heads), o.Heads);
        if (hasHeads && hasWidth && o.HeadWidth == 0)
        {
            p.Multiple(o, nameof(o.Width), o.Width, o.Heads, $"Heads ({o.Heads})");
        }

        p.Between(o, nameof(o.HeadWidth), o.HeadWidth, 0, 1 << 12);
        if (hasHeads && p.Between(o, nameof(o.KeyHeads), o.KeyHeads, 0, o.Heads) && o.KeyHeads > 0)
        {
            p.Divisor(o, nameof(o.KeyHeads), o.KeyHeads, o.Heads, $"Heads ({o.Heads})");
        }

        p.Between(o, nameof(o.FeedForward), o.FeedForward, 0, 1 << 24);
        p.Between(o, nameof(o.NormEpsilon), o.NormEpsilon, 0, 1, 1e-5, open: true);
        p.Between(o, nameof(o.FinalNormEpsilon), o.FinalNormEpsilon, 0, 1, 1e-5);
        if (o.FinalNormEpsilon > 0 && !NormLayer.IsFinal(o))
        {
            p.Add(Rules.NeedsOption, o, nameof(o.FinalNormEpsilon), "FinalNormEpsilon is of a norm behind the last block, and there is none: set FinalNorm to On, or leave FinalNormEpsilon out");
        }

        p.Between(o, nameof(o.LayerScale), o.LayerScale, 0, 1e6, 1e-5);
        p.Between(o, nameof(o.EmbeddingDropout), o.EmbeddingDropout, 0, 1, 0.1);
        p.Between(o, nameof(o.AttentionDropout), o.AttentionDropout, 0, 1, 0.1);
        p.Between(o, nameof(o.ResidualDropout), o.ResidualDropout, 0, 1, 0.1);
        p.Between(o, nameof(o.HeadDropout), o.HeadDropout, 0, 1, 0.1);
        p.Between(o, nameof(o.InitialDeviation), o.InitialDeviation, 0, 1e3, 0.02, open: true);
        if (o is { Attentions: true, AttentionScale: AttentionScale.Layer or AttentionScale.HeadWidthAndLayer })
        {
            p.Add(Rules.Conflict, o, nameof(o.Attentions), $"Attentions is of scores that are scaled alike in all blocks, and AttentionScale.{o.AttentionScale} divides them by the number of the block: leave Attentions out, or set AttentionScale to HeadWidth or None");
        }

        if (o.Pooling == Pooling.None && o.PoolNorm)
        {
            p.Add(Rules.NeedsOption, o, nameof(o.PoolNorm), $"PoolNorm needs a pooled vector, but Pooling is None: set Pooling to {Poolings(o)}, or leave PoolNorm out");
        }

        if (o.Pooling == Pooling.None && o.Pooler != Pooler.None)
        {
            p.Add(Rules.NeedsOption, o, nameof(o.Pooler), $"Pooler.{o.Pooler} needs a pooled vector, but Pooling is None: set Pooling to {Poolings(o)}, or leave Pooler out");
        }

        p.Between(o, nameof(o.PoolerWidth), o.PoolerWidth, 0, 1 << 24);
        if (o.PoolerWidth > 0 && o.Pooler == Pooler.None)
        {
            p.Add(Rules.NeedsOption, o, nameof(o.PoolerWidth), $"PoolerWidth ({o.PoolerWidth}) needs a pooler, but Pooler is None: set Pooler to Tanh, Relu, Gelu or Linear, or leave PoolerWidth out");
        }

        if (!o.PoolerBias && o.Pooler == Pooler.None)
        {
            p.Add(Rules.NeedsOption, o, nameof(o.PoolerBias), "PoolerBias is false, but Pooler is None, so there is no bias to leave out: set Pooler to Tanh, Relu, Gelu or Linear, or leave PoolerBias out");
        }

        ObjectiveRules.Validate(model, o, p);
        TrainingRules.Validate(model, p);
    }

    /// <summary>The ways to pool that an architecture has, as a message lists them.</summary>
    public static string Poolings(TowerAttribute o) => o switch
    {
        QFormerAttribute<object> => "Cls, Mean or ClsAndMean",
        PrecomputedFeaturesAttribute => "Cls or Mean",
        VisionTransformerAttribute => "Cls, Mean, ClsAndMean or Attention",
        _ => "Cls, Mean, Last, End, HighestId or ClsAndMean",
    };
}
