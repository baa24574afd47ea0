namespace ModelCompiler;

/// <summary>Any two towers that meet: text and text, pictures and pictures, or both.</summary>
/// <typeparam name="TFirst">A model with a pooled vector.</typeparam>
/// <typeparam name="TSecond">A model with a pooled vector; where both read text, each has a <c>Context</c> and a batch a length of its own.</typeparam>
[AttributeUsage(AttributeTargets.Class)]
public sealed class DualEncoderAttribute<TFirst, TSecond> : CompositionAttribute
    where TFirst : class
    where TSecond : class;
