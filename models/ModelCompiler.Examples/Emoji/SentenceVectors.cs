using System.Numerics.Tensors;
using ModelCompiler.Data;
using ModelCompiler.Models.Presets;

namespace ModelCompiler.Examples.Emoji;

/// <summary>Vectors of texts by all-MiniLM-L6-v2: means of their tokens, of unit length.</summary>
internal static class SentenceVectors
{
    public const int Width = 384;

    private const int Rows = 128, MostTokens = 256;

    /// <param name="folder">The published checkpoint.</param>
    /// <returns>[texts, <see cref="Width"/>].</returns>
    public static float[] Of(string folder, IEnumerable<string> texts)
    {
        var tokenizer = Tokenizer.Load(folder);
        using var model = new MiniLm();
        model.LoadPretrained(folder);
        return [.. texts.Chunk(Rows).SelectMany(chunk =>
        {
            var vectors = model.Forward(tokenizer.Fill(new MiniLm.Tokens(chunk.Length, tokenizer.LengthOf(chunk, MostTokens)), chunk, truncate: true)).Pooled;
            for (var i = 0; i < chunk.Length; i++)
            {
                var vector = vectors.AsSpan(i * Width, Width);
                TensorPrimitives.Divide(vector, TensorPrimitives.Norm<float>(vector), vector);
            }

            return vectors;
        })];
    }
}
