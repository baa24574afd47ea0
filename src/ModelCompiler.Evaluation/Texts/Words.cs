namespace ModelCompiler.Evaluation;

internal static class Words
{
    /// <summary>Pieces between white space.</summary>
    public static string[] Of(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <exception cref="ArgumentException">There are no candidates, not as many lists of references, or one of them is empty.</exception>
    public static void Check(IReadOnlyList<string> candidates, IReadOnlyList<IReadOnlyList<string>> references)
    {
        if (candidates.Count == 0 || candidates.Count != references.Count)
        {
            throw new ArgumentException($"{candidates.Count} candidates for {references.Count} lists of references.", nameof(candidates));
        }

        for (var i = 0; i < references.Count; i++)
        {
            if (references[i].Count == 0)
            {
                throw new ArgumentException($"Candidate {i} has no reference.", nameof(references));
            }
        }
    }
}
