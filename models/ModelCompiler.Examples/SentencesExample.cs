using ModelCompiler.Data;
using ModelCompiler.Models.Presets;

namespace ModelCompiler.Examples;

/// <summary>Encodes sentences with a published checkpoint and its own tokenizer, and shows for each the one that is nearest.</summary>
internal static class SentencesExample
{
    private const int MostTokens = 256;

    private static readonly string[] s_sentences =
    [
        "A man is playing a guitar on a small stage.",
        "Two dogs run across a field of snow.",
        "The stock market fell sharply after the news.",
        "Someone performs music with a stringed instrument.",
        "Add the flour slowly and stir until it is smooth.",
        "A pair of puppies is chasing each other in winter.",
        "Investors sold their shares when they heard of it.",
        "Mix everything well before it goes into the oven.",
    ];

    public static void Run(string? folder)
    {
        if ((folder ?? SharedFolder.Find("data", "minilm")) is not { } checkpoint)
        {
            Console.WriteLine("There is no shared/data/minilm above this program: name the folder of all-MiniLM-L6-v2, with config.json, model.safetensors and tokenizer.json.");
            return;
        }

        var tokenizer = Tokenizer.Load(checkpoint);
        using var model = new MiniLm();
        model.LoadPretrained(checkpoint);
        var batch = new MiniLm.Tokens(s_sentences.Length, tokenizer.LengthOf(s_sentences, MostTokens));
        tokenizer.Fill(batch, s_sentences);
        Show(model.Forward(batch).Pooled);
    }

    private static void Show(float[] pooled)
    {
        var vectors = pooled.Chunk(pooled.Length / s_sentences.Length).Select(Unit).ToArray();
        var width = s_sentences.Max(static s => s.Length);
        Console.WriteLine($"{"sentence".PadRight(width)}  cosine  nearest");
        for (var i = 0; i < vectors.Length; i++)
        {
            var (nearest, cosine) = Enumerable.Range(0, vectors.Length).Where(other => other != i).Select(other => (Other: other, Cosine: Dot(vectors[i], vectors[other]))).MaxBy(static n => n.Cosine);
            Console.WriteLine($"{s_sentences[i].PadRight(width)}  {cosine,6:F3}  {s_sentences[nearest]}");
        }
    }

    private static double[] Unit(float[] vector)
    {
        var length = Math.Sqrt(vector.Sum(static v => (double)v * v));
        return Array.ConvertAll(vector, v => v / length);
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, static (x, y) => x * y).Sum();
}
