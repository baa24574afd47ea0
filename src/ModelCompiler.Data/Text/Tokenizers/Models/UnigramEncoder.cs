namespace ModelCompiler.Data;

/// <summary>Viterbi's search over all tokens that fit anywhere in a piece.</summary>
internal sealed class UnigramEncoder(UnigramModel model) : PieceEncoder
{
    // What an unknown character costs more than the rarest token.
    private const double Penalty = 10;

    private readonly PrefixTree _tree = new(model.Vocabulary.Entries);
    private readonly double[] _scores = [.. model.Scores];
    private readonly double _unknownScore = model.Scores.Min() - Penalty;
    private readonly int _unknown = model.UnknownId ?? -1;

    public override void Encode(AlignedText text, int start, int end, EncodeScratch scratch, TokenList tokens)
    {
        var piece = text.Text[start..end];
        var path = scratch.Path;
        Search(piece, path);
        for (var at = 0; at < piece.Length;)
        {
            // Unknown characters side by side are one token, and may be one that the vocabulary has after all.
            var (to, id) = (path.End(at), path.Token(at));
            while (id == _unknown && to < piece.Length && path.Token(to) == _unknown)
                to = path.End(to);
            if (id == _unknown && model.Vocabulary.TryGetId(piece[at..to], out var known))
                id = known;
            if (id == _unknown && tokens.HasSpans)
                tokens.Surfaces[tokens.Count] = new string(piece[at..to]);
            tokens.Add(id, start + at, start + to);
            at = to;
        }
    }

    private void Search(ReadOnlySpan<char> piece, BestPath path)
    {
        path.Clear(piece.Length);
        for (int start = 0, units; start < piece.Length; start += units)
        {
            units = char.IsHighSurrogate(piece[start]) ? 2 : 1;
            var (sum, node, isCovered) = (path.Score(start), PrefixTree.Root, false);
            for (var at = start; at < piece.Length && (node = _tree.Step(node, piece[at])) >= 0; at++)
            {
                if (_tree.Id(node) is var id and >= 0)
                {
                    path.Offer(start, at + 1, id, sum + _scores[id]);
                    isCovered |= at + 1 == start + units;
                }
            }

            if (isCovered)
                continue;
            if (_unknown < 0)
                throw new ArgumentException($"No token covers '{piece.Slice(start, units)}', and the model has no unknown token.");
            path.Offer(start, start + units, _unknown, sum + _unknownScore);
        }

        path.Follow(piece.Length);
    }
}
