using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>Makes text of tokens. A part of a <see cref="Tokenizer"/>.</summary>
public abstract class TokenDecoder
{
    private protected TokenDecoder()
    {
    }

    /// <summary>The text that tokens stand for.</summary>
    public string Decode(IEnumerable<string> tokens) => string.Concat(Apply([.. tokens]));

    /// <summary>One step: texts that are joined in the end.</summary>
    internal abstract IReadOnlyList<string> Apply(IReadOnlyList<string> tokens);

    internal abstract void Write(Utf8JsonWriter json);
}
