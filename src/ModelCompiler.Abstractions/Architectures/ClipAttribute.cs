namespace ModelCompiler;

/// <summary>A tower of pictures and a tower of text that meet (Radford et al. 2021, arXiv:2103.00020).</summary>
/// <typeparam name="TImage">A model of pictures, with a pooled vector.</typeparam>
/// <typeparam name="TText">A model of text, with a pooled vector.</typeparam>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ClipAttribute<TImage, TText> : CompositionAttribute
    where TImage : class
    where TText : class;
