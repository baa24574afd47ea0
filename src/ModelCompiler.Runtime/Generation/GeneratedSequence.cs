namespace ModelCompiler.Runtime.Generation;

/// <summary>A prompt with what was generated behind it.</summary>
/// <param name="Prompt">Number of the prompt.</param>
/// <param name="Ids">Prompt, its padding included, and generated tokens, a stop token included; rows that ended before others are filled up behind it.</param>
/// <param name="Generated">Generated tokens.</param>
/// <param name="Score">Sum of the log probabilities of the generated tokens over their number to the power <see cref="GenerationOptions.LengthPenalty"/>; of beams after the filters, else of what the model says.</param>
public sealed record GeneratedSequence(int Prompt, int[] Ids, int Generated, double Score)
{
    /// <summary>The generated tokens alone.</summary>
    public ReadOnlySpan<int> NewIds(int promptLength) => Ids.AsSpan(promptLength, Generated);
}

/// <summary>A token as soon as it is known.</summary>
/// <param name="Row">Number of the result: prompt times results of each, and on.</param>
/// <param name="IsLast">The row ends with it.</param>
/// <param name="LogProbability">By what the model says, before filters.</param>
public readonly record struct GeneratedToken(int Row, int Id, bool IsLast, double LogProbability);
