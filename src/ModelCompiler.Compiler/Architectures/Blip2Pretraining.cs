using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Architectures;

/// <summary>A tower of pictures, and a Q-Former that reads it with texts beside its queries.</summary>
internal sealed class Blip2Pretraining : Architecture
{
    public override Type Attribute => typeof(Blip2PretrainingAttribute<,,>);

    public override void Validate(BoundModel model, ProblemList p)
    {
        var o = (Blip2PretrainingAttribute<object, object, object>)model.Architecture;
        p.Required(o, nameof(o.Embedding), o.Embedding, 1 << 16);
        p.Between(o, nameof(o.Temperature), o.Temperature, 0, 1e3, 0.07, open: true);
        QueryObjectiveRules.Validate(model, p);
        TrainingRules.Validate(model, p);
        if (TowerRules.Validate(model, p, Tower) is null)
        {
            return;
        }

        var (image, bridge, text) = (Side.All(model)[0], Side.All(model)[1], Side.All(model)[2]);
        Blip2.RequireRead(model, image, bridge, p);
        Meet(o, bridge, text, p);
        if (o.DecayScale && !JointSpace.LearnsScale(o.Scale))
        {
            p.Add(Rules.NeedsOption, o, nameof(o.DecayScale), $"DecayScale decays a learned scale, and Scale is {o.Scale}: set Scale to LearnedTemperature, or leave DecayScale out");
        }
    }

    public override void Build(ModelBuilder m, BoundModel model, Pass pass) => new QueryPretraining(m, model, QFormer.Pictures(m, Side.All(model)[0]) with { Every = ((QFormerAttribute<object>)Side.All(model)[1].Options!).CrossEvery }, pass).Build();

    private static (SpecRule Rule, string Message)? Tower(string parameter, Side side, TowerAttribute tower) => side.Name switch
    {
        "image" => QFormer.Tower(parameter, side, tower),
        Side.BridgeName => Blip2.Bridge(parameter, side, tower),
        _ => tower is TransformerEncoderAttribute ? null : (Rules.NotATower, $"'{side.Model.Spec.Type.Name}' does not see its tokens from both sides, and {parameter} says how texts that queries meet are embedded: name a class with [TransformerEncoder]"),
    };

    // Queries and texts go through one self-attention, whose weights, norms and heads are the Q-Former's.
    private static void Meet(Attribute at, Side bridge, Side text, ProblemList p)
    {
        var (o, t) = (bridge.Transformer, (TextTransformerAttribute)text.Options!);
        (string Name, object Queries, object Texts)[] shared =
        [
            (nameof(o.Width), o.Width, t.Width), (nameof(o.Depth), o.Depth, t.Depth), (nameof(o.Heads), o.Heads, t.Heads), (nameof(o.HeadWidth), o.HeadWidth, t.HeadWidth), (nameof(o.KeyHeads), o.KeyHeads, t.KeyHeads),
            (nameof(o.NormPlacement), o.NormPlacement, t.NormPlacement), (nameof(o.Norm), o.Norm, t.Norm), (nameof(o.NormEpsilon), o.NormEpsilon, t.NormEpsilon), (nameof(o.EmbeddingNorm), o.EmbeddingNorm, t.EmbeddingNorm),
            (nameof(o.AttentionScale), o.AttentionScale, t.AttentionScale), (nameof(o.QueryKeyNorm), o.QueryKeyNorm, t.QueryKeyNorm), (nameof(o.Biases), o.Biases, t.Biases),
        ];
        if (shared.FirstOrDefault(static s => !Equals(s.Queries, s.Texts)) is { Name: { } name } unequal)
        {
            p.Add(Rules.Conflict, at, "TText", FormattableString.Invariant($"'{text.Model.Spec.Type.Name}' has {name} {unequal.Texts} and '{bridge.Model.Spec.Type.Name}' {unequal.Queries}, but queries and texts go through one self-attention: give both the same"));
        }
        else if (o.NormPlacement != NormPlacement.Post || o.FinalNorm == Toggle.On || t.FinalNorm == Toggle.On)
        {
            p.Add(Rules.Conflict, at, "TQFormer", $"'{bridge.Model.Spec.Type.Name}' and '{text.Model.Spec.Type.Name}' have norms before their sub-layers or behind the last block, and a Q-Former that reads texts has BERT's: leave NormPlacement of the Q-Former and FinalNorm out, and set NormPlacement of the text to Post");
        }
        else if (t.EmbeddingWidth > 0 || t.Segments > 0 || t.Positions == Positions.Rotary)
        {
            p.Add(Rules.Conflict, at, "TText", $"'{text.Model.Spec.Type.Name}' has EmbeddingWidth, Segments or Positions.Rotary, which queries beside it have not: leave them out");
        }
    }
}
