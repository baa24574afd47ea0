using System.Buffers;

namespace ModelCompiler.Data;

/// <summary>
/// Hides tokens for a model to find again (Devlin et al., 2018): of the tokens that are not special a share is chosen, always as many, at
/// least one; most of them become the mask, some another token, and some stay. Which ones is drawn anew each time.
/// </summary>
public sealed class Masking
{
    // Of shares in decimals that make 1.
    private const double Rounding = 1e-9;

    private readonly int _mask;
    private readonly bool[] _isSpecial;
    private readonly bool[] _continues;
    private readonly int[] _others;

    /// <summary>Of a tokenizer: its added special tokens are never chosen, and tokens that start with the prefix of its continuations, as WordPiece's ##, belong to the word before.</summary>
    /// <exception cref="KeyNotFoundException">The vocabulary does not have the mask.</exception>
    public Masking(ITokenizer tokenizer, string maskToken = "[MASK]")
        : this(tokenizer.Vocabulary.Size, tokenizer.Vocabulary[maskToken], tokenizer.AddedTokens.Where(static t => t.IsSpecial).Select(static t => t.Id!.Value),
            id => tokenizer.Vocabulary[id] is not { } token || token.StartsWith((tokenizer as Tokenizer)?.Model is WordPieceModel model ? model.ContinuingPrefix : "##", StringComparison.Ordinal),
            id => tokenizer.Vocabulary[id] is null)
    {
    }

    /// <summary>Of ids.</summary>
    /// <param name="vocabulary">Number of ids; one more than the largest.</param>
    /// <param name="mask">The id that hides another.</param>
    /// <param name="special">Ids that are never chosen, and put in no other's place.</param>
    /// <param name="continues">Whether an id belongs to the word before; null: each is a word.</param>
    /// <exception cref="ArgumentException">An id is outside the vocabulary, or all are special.</exception>
    public Masking(int vocabulary, int mask, IEnumerable<int> special, Func<int, bool>? continues = null)
        : this(vocabulary, mask, special, continues, static _ => false)
    {
    }

    private Masking(int vocabulary, int mask, IEnumerable<int> special, Func<int, bool>? continues, Func<int, bool> isGap)
    {
        (_mask, _isSpecial) = (mask, new bool[vocabulary]);
        foreach (var id in special.Append(mask))
        {
            if ((uint)id >= (uint)vocabulary)
                throw new ArgumentException($"Id {id} is special; legal is 0..{vocabulary - 1}.", nameof(special));
            _isSpecial[id] = true;
        }

        _continues = [.. Enumerable.Range(0, vocabulary).Select(continues ?? (static _ => false))];
        _others = [.. Enumerable.Range(0, vocabulary).Where(id => !_isSpecial[id] && !isGap(id))];
        if (_others.Length == 0)
            throw new ArgumentException($"All of the {vocabulary} ids are special; legal is that one is not.", nameof(special));
    }

    /// <summary>Share of the tokens that are chosen, above 0 and at most 1.</summary>
    public double Share { get; init => field = Probability(value, least: double.Epsilon); } = 0.15;

    /// <summary>Share of the chosen that become the mask.</summary>
    public double MaskShare { get; init => field = Probability(value, least: 0); } = 0.8;

    /// <summary>Share of the chosen that become another token, any that is not special; the rest stay: with <see cref="MaskShare"/> at most 1.</summary>
    public double RandomShare { get; init => field = Probability(value, least: 0); } = 0.1;

    /// <summary>Chooses all tokens of a word, or none: words that would be too many are passed over.</summary>
    public bool WholeWords { get; init; }

    /// <summary>Hides tokens of a row.</summary>
    /// <param name="ids">Tokens; those that are hidden are replaced.</param>
    /// <param name="mask">0 for padding.</param>
    /// <param name="targets">What was there where a token was chosen, -1 elsewhere.</param>
    /// <param name="random">Decides everything.</param>
    /// <exception cref="ArgumentException">The spans differ in length, an id is outside the vocabulary, or the shares of masks and of other tokens are more than all.</exception>
    public void Apply(Span<int> ids, ReadOnlySpan<int> mask, Span<int> targets, RandomStream random)
    {
        if (mask.Length != ids.Length || targets.Length != ids.Length)
            throw new ArgumentException($"{ids.Length} ids, {mask.Length} of the mask and {targets.Length} targets; legal are as many of each.");
        if (MaskShare + RandomShare > 1 + Rounding)
            throw new ArgumentException(FormattableString.Invariant($"MaskShare is {MaskShare} and RandomShare {RandomShare}, together {MaskShare + RandomShare}; legal is up to 1."));
        targets.Fill(-1);
        var spans = ArrayPool<(int Start, int End)>.Shared.Rent(ids.Length);
        var (words, tokens) = Words(ids, mask, spans);
        var wanted = Math.Max(1, (int)Math.Round(Share * tokens, MidpointRounding.AwayFromZero));
        for (var (left, chosen) = (words, 0); left > 0 && chosen < wanted; left--)
        {
            var drawn = (int)random.Below((uint)left);
            var (start, end) = spans[drawn];
            spans[drawn] = spans[left - 1];
            if (chosen > 0 && chosen + end - start > wanted)
                continue;
            for (var at = start; at < end; at++)
            {
                targets[at] = ids[at];
                ids[at] = Hidden(ids[at], ref random);
            }

            chosen += end - start;
        }

        ArrayPool<(int Start, int End)>.Shared.Return(spans);
    }

    // Where the words are that may be chosen, before any token is replaced, and how many tokens they have.
    private (int Words, int Tokens) Words(ReadOnlySpan<int> ids, ReadOnlySpan<int> mask, (int Start, int End)[] spans)
    {
        var (words, tokens) = (0, 0);
        for (var at = 0; at < ids.Length;)
        {
            if (mask[at] == 0 || IsSpecial(ids[at]))
            {
                at++;
                continue;
            }

            var end = End(ids, mask, at);
            spans[words++] = (at, end);
            tokens += end - at;
            at = end;
        }

        return (words, tokens);
    }

    private int End(ReadOnlySpan<int> ids, ReadOnlySpan<int> mask, int start)
    {
        var end = start + 1;
        while (WholeWords && end < ids.Length && mask[end] != 0 && !IsSpecial(ids[end]) && _continues[ids[end]])
            end++;
        return end;
    }

    private bool IsSpecial(int id) => (uint)id < (uint)_isSpecial.Length
        ? _isSpecial[id]
        : throw new ArgumentException($"Id {id} is outside the vocabulary; legal is 0..{_isSpecial.Length - 1}.");

    private int Hidden(int id, ref RandomStream random)
    {
        var chance = random.Word() / (double)(1L << 32);
        return chance < MaskShare ? _mask : chance < MaskShare + RandomShare ? _others[random.Below((uint)_others.Length)] : id;
    }

    private static double Probability(double value, double least) => value >= least && value <= 1
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, "A share is a number of 0..1, and that of chosen tokens above 0.");
}
