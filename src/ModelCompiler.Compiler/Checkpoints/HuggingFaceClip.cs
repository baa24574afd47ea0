using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>CLIP as Hugging Face transformers stores it (CLIPModel): both towers with a configuration of their own, projections without biases, a learned scale.</summary>
internal sealed class HuggingFaceClip : HuggingFaceClipTowers
{
    private const double Scale = 2.6592;

    private static readonly IReadOnlyList<ConfigRow> s_rows =
    [
        ConfigRow.Fixed("model_type", "clip"),
        ConfigRow.Written("architectures", static _ => new object?[] { "CLIPModel" }),
        ConfigRow.Size("projection_dim", "Embedding", 512),
        ConfigRow.Real("logit_scale_init_value", static m => m.Architecture is CompositionAttribute { Temperature: 0.07 } ? Scale : -Math.Log(((CompositionAttribute)m.Architecture).Temperature),
            static (v, s) => s.Set("Temperature", v == Scale ? 0.07 : Math.Exp(-v))) with { Default = Scale, IsCompared = false },
        .. ((ConfigRow[])[ConfigRow.Written("vision_config.model_type", static _ => "clip_vision_model"), .. ImageRows("vision_config.")]).Select(static r => r.Of("image")),
        .. ((ConfigRow[])[ConfigRow.Written("text_config.model_type", static _ => "clip_text_model"), .. TextRows("text_config.")]).Select(static r => r.Of("text")),
    ];

    public override CheckpointFormat Format => CheckpointFormat.HuggingFaceClip;

    public override IReadOnlyList<ConfigRow> Rows => s_rows;

    // A tower's own projection_dim is that of the tower alone.
    public override IReadOnlyList<string> Neutral => [.. HuggingFaceConfig.Neutral, "projection_dim", "pad_token_id"];

    public override bool Recognises(ConfigFile config) => config.Text("model_type") == "clip";

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        s.Add("Clip");
        ScaffoldImage(s.AddSide("image", "VisionTransformer"));
        s.AddSide("text", "TransformerDecoder");
        s.Add("Contrastive");
        if (HuggingFaceConfig.Class(config) is not ("" or "CLIPModel") and var name)
        {
            s.Fail<object>("architectures", name, "CLIPModel");
        }

        FailUnknown(config);
    }

    public override void Validate(BoundModel model, ProblemList p)
    {
        if (HoldsClip(model, p) is not { } o)
        {
            return;
        }

        Require(p, o, nameof(o.Projection), o.Projection, Projection.Linear);
        Require(p, o, nameof(o.Scale), o.Scale, SimilarityScale.Learned);
        var sides = Side.Of(model);
        Within(p, o, sides[0], "TImage", x => Image(x, (VisionTransformerAttribute)sides[0].Options!));
        Within(p, o, sides[1], "TText", x => Decoder(x, (TextTransformerAttribute)sides[1].Options!, model));
    }

    protected override IEnumerable<TensorRule> Tensors(BoundModel model) =>
    [
        new("logit_scale", JointSpace.LogitScale) { Stored = static _ => [] },
        new("visual_projection.weight", "image_projection.weight"),
        new("text_projection.weight", "text_projection.weight"),
        .. TextTensors("text."),
        .. ImageTensors("image.", (VisionTransformerAttribute)Side.Of(model)[0].Options!),
    ];

    private void Decoder(ProblemList p, TextTransformerAttribute o, BoundModel model)
    {
        if (o is TransformerDecoderAttribute)
        {
            Text(p, o);
        }
        else
        {
            p.Add(Rules.FormatCannotExpress, model.Get<CheckpointAttribute>()!, "format", $"{Format} checkpoints hold a TransformerDecoder: change the architecture or use CheckpointFormat.Native");
        }
    }
}
