namespace ModelCompiler.Data;

/// <summary>Longest match along a tree: a walk for each token.</summary>
internal sealed class WordPieceEncoder : PieceEncoder
{
    private readonly PrefixTree _tree;
    private readonly int _unknown, _most, _continuing;

    public WordPieceEncoder(WordPieceModel model)
    {
        _tree = new PrefixTree(model.Vocabulary.Entries);
        (_unknown, _most) = (model.UnknownId, model.MostCharacters);
        _continuing = _tree.Walk(model.ContinuingPrefix);
    }

    public override void Encode(AlignedText text, int start, int end, EncodeScratch scratch, TokenList tokens)
    {
        var before = tokens.Count;
        var word = text.Text[start..end];
        for (var at = 0; at < word.Length;)
        {
            var (id, length) = Longest(word[at..], at == 0 ? PrefixTree.Root : _continuing);
            if (length == 0 || (at == 0 && IsTooLong(word)))
            {
                tokens.RemoveFrom(before);
                tokens.Add(_unknown, start, end);
                return;
            }

            tokens.Add(id, start + at, start + at + length);
            at += length;
        }
    }

    private (int Id, int Length) Longest(ReadOnlySpan<char> text, int node)
    {
        var (id, length) = (-1, 0);
        for (var i = 0; i < text.Length && node >= 0; i++)
        {
            node = _tree.Step(node, text[i]);
            if (node >= 0 && _tree.Id(node) >= 0)
                (id, length) = (_tree.Id(node), i + 1);
        }

        return (id, length);
    }

    // Counts characters, of which pairs are one.
    private bool IsTooLong(ReadOnlySpan<char> word)
    {
        if (word.Length <= _most)
            return false;
        var characters = word.Length;
        foreach (var unit in word)
            characters -= char.IsLowSurrogate(unit) ? 1 : 0;
        return characters > _most;
    }
}
