using static ModelCompiler.Generators.Tests.Harness.Models;

namespace ModelCompiler.Generators.Tests.Diagnostics;

/// <summary>Models that the chosen checkpoint format cannot hold: a row for each kind of value, and for each sentence.</summary>
internal static class CheckpointRows
{
    private const string End = "change it, or store the model as CheckpointFormat.Native";

    private const string ClipPictures = "EmbeddingNorm = true, PoolNorm = true, FinalNorm = Toggle.Off, Biases = Biases.All & ~Biases.Patch";

    public static IReadOnlyList<Row> All { get; } =
    [
        new("MC1008", Vit(attributes: ", Checkpoint([|(CheckpointFormat)99|])"), "format (99) is no value of CheckpointFormat; legal: Native, HuggingFaceBert, HuggingFaceRoberta, HuggingFaceGpt2, HuggingFaceVit, TimmVit, NanoGpt, HuggingFaceDistilBert, HuggingFaceOpt, HuggingFaceLlama, HuggingFaceDeit, HuggingFaceDinov2, HuggingFaceClip, HuggingFaceSiglip, HuggingFaceClipText, HuggingFaceClipVision, HuggingFaceChineseClip, HuggingFaceVisionTextDual, OpenAiClip, OpenClip, OpenClipCustomText, HuggingFaceBart, HuggingFaceMarian, TorchTransformer, HuggingFaceVisionEncoderDecoder, HuggingFaceBlip2, LavisBlip2, HuggingFaceBlip2Retrieval, HuggingFaceBlip2QFormer; nearest: HuggingFaceBlip2QFormer"),
        new("MC1007", Gpt(attributes: ", Checkpoint([|CheckpointFormat.HuggingFaceBert|])"), "HuggingFaceBert checkpoints hold a TransformerEncoder: change the architecture or use CheckpointFormat.Native"),
        new("MC1007", Vit(attributes: ", Checkpoint([|CheckpointFormat.HuggingFaceRoberta|])"), "HuggingFaceRoberta checkpoints hold a TransformerEncoder: change the architecture or use CheckpointFormat.Native"),
        new("MC1007", Vit(attributes: ", Checkpoint([|CheckpointFormat.HuggingFaceGpt2|])"), "HuggingFaceGpt2 checkpoints hold a TransformerDecoder: change the architecture or use CheckpointFormat.Native"),
        new("MC1007", Gpt(attributes: ", Checkpoint(format: [|CheckpointFormat.HuggingFaceVit|])"), "HuggingFaceVit checkpoints hold a VisionTransformer: change the architecture or use CheckpointFormat.Native"),
        new("MC1007", Gpt(attributes: ", Checkpoint([|CheckpointFormat.TimmVit|])"), "TimmVit checkpoints hold a VisionTransformer: change the architecture or use CheckpointFormat.Native"),
        new("MC1007", Gpt(attributes: ", Checkpoint([|CheckpointFormat.NanoGpt|])"), "NanoGpt checkpoints are causal language models: add [CausalLanguageModel] or use another format"),
        new("MC1007", Gpt("Norm = [|Norm.Rms|]", ", Checkpoint(CheckpointFormat.HuggingFaceGpt2)"), $"Norm is Rms, but HuggingFaceGpt2 checkpoints have Layer: {End}"),
        new("MC1007", Gpt("FinalNorm = [|Toggle.Off|]", ", Checkpoint(CheckpointFormat.HuggingFaceGpt2)"), $"FinalNorm is Off, but HuggingFaceGpt2 checkpoints have Auto or On: {End}"),
        new("MC1007", Gpt("Gated = [|true|]", ", Checkpoint(CheckpointFormat.HuggingFaceGpt2)"), $"Gated is true, but HuggingFaceGpt2 checkpoints have false: {End}"),
        new("MC1007", Gpt("Norm = Norm.Rms, Gated = true, Positions = Positions.Rotary, Biases = [|Biases.Query|]", ", Checkpoint(CheckpointFormat.HuggingFaceLlama)"), $"Biases is Query, but HuggingFaceLlama checkpoints have None or QueryKeyValue | Output or FeedForward or QueryKeyValue | Output | FeedForward: {End}"),
        new("MC1007", Gpt("PositionOffset = [|1|], Activation = Activation.Relu", ", Checkpoint(CheckpointFormat.HuggingFaceOpt)"), $"PositionOffset is 1, but HuggingFaceOpt checkpoints have 2: {End}"),
        new("MC1007", Bert("NormPlacement = NormPlacement.Post, EmbeddingNorm = true, NormEpsilon = [|1e-5|]", ", Checkpoint(CheckpointFormat.HuggingFaceDistilBert)"), $"NormEpsilon is 1E-05, but HuggingFaceDistilBert checkpoints have 1E-12: {End}"),
        new("MC1007", Vit("LayerScale = 1, FeedForward = [|12|]", ", Checkpoint(CheckpointFormat.HuggingFaceDinov2)"), $"FeedForward is 12, but HuggingFaceDinov2 checkpoints have a whole multiple of Width: {End}"),
        new("MC1007", Vit("LayerScale = [|0|]", ", Checkpoint(CheckpointFormat.HuggingFaceDinov2)"), "LayerScale is 0, but HuggingFaceDinov2 checkpoints have a scale on every sub-layer: set it to 1, or store the model as CheckpointFormat.Native"),
        new("MC1007", Vit("DistillationToken = [|false|]", ", Checkpoint(CheckpointFormat.HuggingFaceDeit)"), $"DistillationToken is false, but HuggingFaceDeit checkpoints have true: {End}"),
        new("MC1007", Gpt("LayerScale = [|1e-5|]", ", Checkpoint(CheckpointFormat.HuggingFaceGpt2)"), $"LayerScale is 1E-05, but HuggingFaceGpt2 checkpoints have 0: {End}"),
        new("MC1007", Gpt(attributes: ", CausalLanguageModel(Bias = [|true|]), Checkpoint(CheckpointFormat.HuggingFaceGpt2)"), $"Bias is true, but HuggingFaceGpt2 checkpoints have false: {End}"),
        new("MC1007", Gpt("FeedForward = [|8|]", ", CausalLanguageModel, Checkpoint(CheckpointFormat.NanoGpt)"), $"FeedForward is 8, but NanoGpt checkpoints have 32: {End}"),
        new("MC1007", Bert("NormPlacement = NormPlacement.Post, EmbeddingNorm = true", ", Checkpoint(CheckpointFormat.HuggingFaceBert)").Replace("TransformerEncoder", "[|TransformerEncoder|]"), $"Segments is 0, but HuggingFaceBert checkpoints have 1 or 2: {End}"),
        new("MC1007", Vit("Biases = [|Biases.Norm | Biases.Patch|]", ", Checkpoint(CheckpointFormat.HuggingFaceVit)"), $"Biases is Norm | Patch, but HuggingFaceVit checkpoints have All or Output | Norm | Patch | FeedForward: {End}"),
        new("MC1007", Vit("Pooling = Pooling.Mean, PoolNorm = true, FinalNorm = [|Toggle.On|]", ", Checkpoint(CheckpointFormat.TimmVit)"), $"FinalNorm is On, but TimmVit checkpoints have Off: {End}"),
        new("MC1007", Gpt(attributes: ", Checkpoint([|CheckpointFormat.HuggingFaceClipVision|])"), "HuggingFaceClipVision checkpoints hold a VisionTransformer: change the architecture or use CheckpointFormat.Native"),
        new("MC1007", Bert(attributes: ", Checkpoint([|CheckpointFormat.HuggingFaceClipText|])"), "HuggingFaceClipText checkpoints hold a TransformerDecoder: change the architecture or use CheckpointFormat.Native"),
        new("MC1007", Gpt("Pooling = Pooling.End, EndToken = [|2|]", ", Checkpoint(CheckpointFormat.HuggingFaceClipText)"), "EndToken is 2, which HuggingFaceClipText checkpoints take for the greatest id of a row: change it, or store the model as CheckpointFormat.Native"),
        new("MC1007", Gpt("Pooling = Pooling.HighestId, Pooler = [|Pooler.Tanh|]", ", Checkpoint(CheckpointFormat.HuggingFaceClipText)"), $"Pooler is Tanh, but HuggingFaceClipText checkpoints have None or Linear: {End}"),
        new("MC1007", Vit($"{ClipPictures}, Pooler = Pooler.Linear, PoolerBias = [|true|]", ", Checkpoint(CheckpointFormat.HuggingFaceClipVision)"), $"PoolerBias is true, but HuggingFaceClipVision checkpoints have false: {End}"),
        new("MC1007", Vit("EmbeddingNorm = true, FinalNorm = Toggle.Off, Biases = Biases.All & ~Biases.Patch, PoolNorm = [|false|]", ", Checkpoint(CheckpointFormat.HuggingFaceClipVision)"), $"PoolNorm is false, but HuggingFaceClipVision checkpoints have true: {End}"),
    ];
}
