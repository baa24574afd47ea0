namespace ModelCompiler;

/// <summary>
/// An encoder, and a decoder that reads the encoder's tokens by cross-attention in each of its blocks, between self-attention and feed-forward
/// (Vaswani et al. 2017, arXiv:1706.03762): translation, summaries, captions. Cross-attention has the heads, biases, scale and dropout of the decoder's
/// self-attention, without rotary positions and norms of queries and keys. What pools is left out of both towers.
/// </summary>
/// <typeparam name="TEncoder">A model of text or pictures.</typeparam>
/// <typeparam name="TDecoder">A class with <see cref="TransformerDecoderAttribute"/>; where both read text, they have one <c>Context</c>.</typeparam>
[AttributeUsage(AttributeTargets.Class)]
public sealed class EncoderDecoderAttribute<TEncoder, TDecoder> : TowersAttribute
    where TEncoder : class
    where TDecoder : class
{
    /// <summary>The encoder's tokens are projected to the decoder's width first, W x + b, once for all blocks. Off, each block makes keys and values of them as they are.</summary>
    public bool Projection { get; set; }
}
