namespace ModelCompiler;

/// <summary>Any two towers that meet: text and text, pictures and pictures, or both.</summary>
/// <typeparam name="TFirst">A model with a pooled vector.</typeparam>
/// <typeparam name="TSecond">A model with a pooled vector; where both read text, they have one <c>Context</c>.</typeparam>
[AttributeUsage(AttributeTargets.Class)]
public sealed class DualEncoderAttribute<TFirst, TSecond> : CompositionAttribute
    where TFirst : class
    where TSecond : class;
