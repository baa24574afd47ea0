namespace ModelCompiler;

/// <summary>
/// A decoder whose rows begin with what a Q-Former's queries found in a picture, projected to the decoder's width (second stage of BLIP-2; Li et al. 2023,
/// arXiv:2301.12597). The first tokens of a row stand for the queries: their ids are not read. The tower of pictures and the decoder are usually frozen:
/// <c>[Freeze("image", "text")]</c>.
/// </summary>
/// <typeparam name="TImage">A class with <see cref="VisionTransformerAttribute"/>.</typeparam>
/// <typeparam name="TQFormer">A class with <see cref="QFormerAttribute{TImage}"/> that reads <typeparamref name="TImage"/>.</typeparam>
/// <typeparam name="TText">A class with <see cref="TransformerDecoderAttribute"/>, whose <c>Context</c> is more than the number of queries.</typeparam>
[AttributeUsage(AttributeTargets.Class)]
public sealed class Blip2Attribute<TImage, TQFormer, TText> : TowersAttribute
    where TImage : class
    where TQFormer : class
    where TText : class;
