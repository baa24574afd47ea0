namespace ModelCompiler.Runtime.Generation;

/// <summary>What a model of several towers speaks of: the rows of one tower. Emitted models make it of their own types.</summary>
/// <param name="Count">Texts or pictures.</param>
/// <param name="Length">Tokens of each; 1 for pictures.</param>
/// <param name="Set">Hands them to the model; the next pass reads them.</param>
public sealed record GenerationSource(int Count, int Length, Action Set);
