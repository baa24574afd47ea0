namespace ModelCompiler;

/// <summary>Scale all gradients together so that their norm is at most <see cref="Norm"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ClipGradientsAttribute(double norm) : Attribute
{
    /// <summary>Greatest norm of all gradients together, above 0.</summary>
    public double Norm { get; } = norm;
}

/// <summary>
/// Each optimizer step sums the gradients of several batches, weighted by their numbers of targets. Where two towers meet, all pairs of the batches are compared with each other,
/// exactly as if they were one batch: each batch runs twice, with the same dropout, first for its vectors alone (Gao et al. 2021, arXiv:2101.06983). Not with
/// <see cref="SupervisedContrastiveAttribute"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class AccumulateAttribute(int batches) : Attribute
{
    /// <summary>Batches a step, 1 or more.</summary>
    public int Batches { get; } = batches;
}

/// <summary>Keep a moving average of the weights: after each step, average = decay x average + (1 - decay) x weights.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class AverageWeightsAttribute(double decay) : Attribute
{
    /// <summary>0 up to below 1.</summary>
    public double Decay { get; } = decay;
}

/// <summary>How the numbers between layers are stored.</summary>
public enum Precision
{
    /// <summary>16 bits: the exponents of a float, and 8 bits of precision.</summary>
    BFloat16 = 1,
}

/// <summary>
/// Store activations and their gradients in 16 bits, and multiply matrices of such numbers. Sums, weights and their gradients, optimizer
/// state, statistics of norms, what attention makes and losses stay floats, and so do checkpoints, inputs and outputs.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class MixedPrecisionAttribute(Precision activations) : Attribute
{
    /// <summary>How activations are stored.</summary>
    public Precision Activations { get; } = activations;
}

/// <summary>
/// Parts that training leaves as they are: no gradient is computed or stored for them. In one of several towers that is frozen by its name dropout does not act, so that what it gives for an
/// input is the same in every step.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class FreezeAttribute(params string[] parts) : Attribute
{
    /// <summary>
    /// Names of parts: "embeddings", "blocks.0", "blocks.0.attention.query.weight"; everything below a name is frozen. In a model of two towers a part of one begins with its name
    /// ("image.blocks.0", "image_projection"), and a name within a tower, as <see cref="ShareAttribute"/> has it, is of both ("blocks.0", "projection").
    /// </summary>
    public string[] Parts { get; } = parts;
}

/// <summary>The names and layouts under which weights are stored.</summary>
public enum CheckpointFormat
{
    /// <summary>This project's own names; any model can be stored.</summary>
    Native,
    HuggingFaceBert,
    HuggingFaceRoberta,
    HuggingFaceGpt2,
    HuggingFaceVit,
    TimmVit,
    NanoGpt,
    HuggingFaceDistilBert,
    HuggingFaceOpt,
    HuggingFaceLlama,
    HuggingFaceDeit,
    HuggingFaceDinov2,
    HuggingFaceClip,
    HuggingFaceSiglip,

    /// <summary>The tower of text of a CLIP, alone.</summary>
    HuggingFaceClipText,

    /// <summary>The tower of pictures of a CLIP, alone.</summary>
    HuggingFaceClipVision,
    HuggingFaceChineseClip,

    /// <summary>Two towers of other models, each in the format of its own <see cref="CheckpointAttribute"/>.</summary>
    HuggingFaceVisionTextDual,

    /// <summary>OpenAI's own names of CLIP, with the arguments of its class as <c>config.json</c>.</summary>
    OpenAiClip,

    /// <summary>open_clip's <c>CLIP</c>, with its <c>model_cfg</c> as <c>config.json</c>.</summary>
    OpenClip,

    /// <summary>open_clip's <c>CustomTextCLIP</c>, whose tower of text has names of its own.</summary>
    OpenClipCustomText,

    /// <summary>An encoder-decoder with one token table for both and the head: BART.</summary>
    HuggingFaceBart,

    /// <summary>An encoder-decoder of Marian, with sinusoidal positions.</summary>
    HuggingFaceMarian,

    /// <summary>PyTorch's <c>nn.Transformer</c> beside one token table for both sides and the head.</summary>
    TorchTransformer,

    /// <summary>A ViT as encoder and a GPT-2 as decoder.</summary>
    HuggingFaceVisionEncoderDecoder,

    /// <summary>BLIP-2's second stage, with OPT as decoder.</summary>
    HuggingFaceBlip2,

    /// <summary>BLIP-2's first stage under the names of LAVIS, with its EVA or CLIP tower of pictures.</summary>
    LavisBlip2,

    /// <summary>BLIP-2's first stage as Hugging Face keeps it, for retrieval: without the head that says texts.</summary>
    HuggingFaceBlip2Retrieval,

    /// <summary>BLIP-2's Q-Former by itself, which reads vectors of pictures that another model has computed.</summary>
    HuggingFaceBlip2QFormer,
}

/// <summary>The checkpoint format that the model loads and saves.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CheckpointAttribute(CheckpointFormat format) : Attribute
{
    public CheckpointFormat Format { get; } = format;
}
