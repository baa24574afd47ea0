namespace ModelCompiler;

/// <summary>A causal transformer over token ids (GPT-2, nanoGPT): a token sees itself and the tokens before it.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TransformerDecoderAttribute : TextTransformerAttribute;
