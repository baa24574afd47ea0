namespace ModelCompiler;

/// <summary>A bidirectional transformer over token ids (BERT, RoBERTa).</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TransformerEncoderAttribute : TextTransformerAttribute;
