using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>Cuts normalized text into the pieces that a model makes tokens of; no token crosses from one into another. A part of a <see cref="Tokenizer"/>.</summary>
public abstract class PreTokenizer
{
    private protected PreTokenizer()
    {
    }

    /// <summary>The pieces of a text, and where in it they come from.</summary>
    public IReadOnlyList<(string Piece, TextSpan Span)> Split(string text)
    {
        var scratch = new EncodeScratch();
        scratch.Text.Load(text, 0);
        scratch.Pieces.Add(0, text.Length);
        Apply(scratch.Text, scratch);
        var pieces = new (string, TextSpan)[scratch.Pieces.Count];
        for (var i = 0; i < pieces.Length; i++)
        {
            var (start, end) = (scratch.Pieces.Start(i), scratch.Pieces.End(i));
            pieces[i] = (new string(scratch.Text.Text[start..end]), scratch.Text.Source(start, end));
        }

        return pieces;
    }

    /// <summary>Whether what it makes is read as UTF-8 bytes.</summary>
    internal virtual bool IsByteLevel => false;

    /// <summary>Cuts the scratch's pieces of <paramref name="text"/> further.</summary>
    internal abstract void Apply(AlignedText text, EncodeScratch scratch);

    internal abstract void Write(Utf8JsonWriter json);
}
