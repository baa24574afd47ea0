namespace ModelCompiler.Runtime;

/// <content>Tokens that come one at a time, with keys and values of those before them in the engine's cache.</content>
public sealed partial class ModelCore
{
    private long _decoding;

    /// <summary>Forgets all tokens and makes room for rows of so many: <see cref="Decode"/> begins anew.</summary>
    /// <returns>What <see cref="Decode"/> and <see cref="RearrangeRows"/> are given: what was begun before has ended.</returns>
    internal long BeginDecoding(int rows, int tokens)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _engine.BeginCache(rows, tokens);
        return ++_decoding;
    }

    /// <summary>The same for tokens that were begun already: what they read of another tower stays.</summary>
    internal void RestartDecoding(long decoding, int rows, int tokens)
    {
        RequireCurrent(decoding);
        _engine.BeginCache(rows, tokens);
    }

    /// <summary>What decoding begins with, from the sources that are set: keys and values of what is read, or a prompt that begins with a picture.</summary>
    /// <param name="logits">[batch, vocabulary] behind the prompt; empty: what is read has no prompt.</param>
    internal void Prime(long decoding, int batch, int length, Span<float> logits)
    {
        RequireCurrent(decoding);
        Run(Pass.Prime, batch, length, false);
        if (!logits.IsEmpty)
        {
            _engine.Read(Pass.Prime, "next_logits", batch, length, logits);
        }
    }

    /// <summary>Logits [batch, vocabulary] of the tokens behind those that are set, which stand behind what was decoded since <see cref="BeginDecoding"/>: at first any number of them, then one at a time.</summary>
    internal void Decode(long decoding, int batch, int length, Span<float> logits)
    {
        RequireCurrent(decoding);
        Run(Pass.Decode, batch, length, false);
        _engine.Read(Pass.Decode, "next_logits", batch, length, logits);
    }

    /// <summary>Rows go on as others, whose tokens before <paramref name="since"/> are the same.</summary>
    internal void RearrangeRows(long decoding, ReadOnlySpan<int> parents, int since)
    {
        RequireCurrent(decoding);
        _engine.RearrangeCache(parents, since);
    }

    private void RequireCurrent(long decoding)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (decoding != _decoding)
        {
            throw new InvalidOperationException($"{Description.Name} has begun to generate something else, and keeps keys and values of one call at a time: end a Generate or Stream before the next, or take a model for each.");
        }
    }
}
