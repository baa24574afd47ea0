using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>Rewrites text before it is cut into pieces, and keeps where everything comes from. A part of a <see cref="Tokenizer"/>.</summary>
public abstract class TextNormalizer
{
    private protected TextNormalizer()
    {
    }

    /// <summary>The text as the model would see it.</summary>
    public string Normalize(string text)
    {
        var aligned = new AlignedText();
        aligned.Load(text, 0);
        Apply(aligned);
        return new string(aligned.Text);
    }

    internal abstract void Apply(AlignedText text);

    internal abstract void Write(Utf8JsonWriter json);
}
