namespace ModelCompiler.Data.Tests;

/// <summary>The rule of byte-pair training in full, slowly: all pairs are counted anew for every merge.</summary>
internal static class PlainTrainer
{
    public static (List<string> Tokens, List<(string Left, string Right)> Merges) Run((string Word, int Count)[] words, int size, int minFrequency)
    {
        List<string> tokens = ["a", "b", "c"];
        var merges = new List<(string, string)>();
        var pieces = words.Select(static w => (Symbols: w.Word.Select(static c => c.ToString()).ToList(), w.Count)).ToList();
        while (tokens.Count < size)
        {
            var best = pieces.SelectMany(static p => p.Symbols.Zip(p.Symbols.Skip(1)).Select(pair => (Pair: pair, p.Count)))
                .GroupBy(static p => p.Pair).Select(static g => (g.Key, Count: g.Sum(static p => p.Count)))
                .OrderByDescending(static g => g.Count).ThenBy(g => tokens.IndexOf(g.Key.First)).ThenBy(g => tokens.IndexOf(g.Key.Second)).FirstOrDefault();
            if (best.Count < Math.Max(1, minFrequency))
                break;
            var (left, right) = best.Key;
            merges.Add((left, right));
            if (!tokens.Contains(left + right))
                tokens.Add(left + right);
            foreach (var (symbols, _) in pieces)
            {
                for (var i = 0; i + 1 < symbols.Count; i++)
                {
                    if (symbols[i] != left || symbols[i + 1] != right)
                        continue;
                    symbols[i] = left + right;
                    symbols.RemoveAt(i + 1);
                }
            }
        }

        return (tokens, merges);
    }
}
