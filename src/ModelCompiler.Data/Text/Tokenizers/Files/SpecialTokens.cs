namespace ModelCompiler.Data;

/// <summary>The tokens that settings name for a vocabulary, and the usual ones where they name none.</summary>
/// <param name="settings">Null: there are none.</param>
internal sealed class SpecialTokens(Vocabulary vocabulary, TokenizerSettings? settings = null)
{
    private readonly List<AddedToken> _asked = [];

    /// <summary>The token for something, such as <c>pad_token</c>.</summary>
    /// <param name="usual">What it is where nothing names it.</param>
    /// <exception cref="InvalidDataException">The vocabulary lacks the token that is named, and nothing gives it an id.</exception>
    public string For(string role, AddedToken usual)
    {
        var token = settings is null ? usual : Known(settings.Special.GetValueOrDefault(role) ?? new NamedToken(role, usual, false), usual);
        if (_asked.All(t => t.Content != token.Content))
            _asked.Add(token);
        return token.Content;
    }

    /// <inheritdoc cref="For(string, AddedToken)"/>
    public string For(string role, string usual) => For(role, new AddedToken(usual));

    /// <summary>All that were asked for, and what settings name besides.</summary>
    public IReadOnlyList<AddedToken> Added
    {
        get
        {
            var more = settings is null ? [] : settings.Special.Values.Concat(settings.More).Select(n => Known(n, n.Token));
            return [.. _asked.Concat(more).DistinctBy(static t => t.Content)];
        }
    }

    /// <summary>How batches are filled up and cut where a call says no more than that they are.</summary>
    public EncodeOptions Options => new() { PaddingSide = settings?.PaddingSide ?? TokenSide.Right, TruncationSide = settings?.TruncationSide ?? TokenSide.Right };

    // A list with ids says more than a name; a name alone is looked for as the usual token is.
    private AddedToken Known(NamedToken named, AddedToken usual)
    {
        var content = named.Token.Content;
        var numbered = settings!.More.FirstOrDefault(m => m.Token.Content == content && m.Token.Id is not null)?.Token;
        if (numbered is null && content != usual.Content && !vocabulary.Contains(content))
            throw new InvalidDataException($"{named.Path} is '{content}', which is not among the vocabulary's {vocabulary.Count} tokens and has no id");
        return numbered ?? (named.SaysHow ? named.Token : usual with { Content = content });
    }
}
