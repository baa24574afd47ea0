namespace ModelCompiler.Data;

/// <summary>Rows of tokens.</summary>
/// <param name="Rows">In the order of the texts, each followed by what was cut off it.</param>
/// <param name="Samples">Which text each row is of.</param>
public sealed record EncodedBatch(IReadOnlyList<EncodedText> Rows, IReadOnlyList<int> Samples);
