using Microsoft.Extensions.AI;
using ModelCompiler.Data;
using ModelCompiler.Extensions.AI;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime;
using ModelCompiler.Testing;

namespace ModelCompiler.Models.Tests;

/// <summary>The examples of docs/evaluation.md compile and run: they are this file's, line by line.</summary>
public sealed class EvaluationPageTests
{
    [Fact]
    public async Task The_examples_run()
    {
        using var model = new ShapesClip(new CpuDevice(2), seed: 1);
        var (pictures, picture, query) = (new ShapesClip.Pictures(6), new ShapesClip.Pictures(1), Tokens(["find"]));
        for (var i = 0; i < pictures.Values.Length; i++)
        {
            pictures.Values[i] = i % 7;
        }

        string[] fileNames = ["a", "b", "c", "d", "e", "f"];
        var path = Path.GetTempFileName();
        {
            using var index = new VectorIndex(model.EncodeImages(pictures).Values, ShapesClip.Embeddings.Width, fileNames);
            index.Save(path);

            using var opened = VectorIndex.Open(path);        // mapped, not read
            foreach (var found in opened.Search(model.EncodeTexts(query).Values, k: 5))
                Console.WriteLine($"{found.Name} {found.Score:F3}");
        }

        File.Delete(path);

        var zeroShot = new ZeroShot(["cat", "dog"], ["a photo of a {}.", "a drawing of a {}."], sentences => Encode(sentences));
        var best = zeroShot.Classes[zeroShot.Classify(model.EncodeImages(picture)[0])];
        Assert.Contains(best, zeroShot.Classes);

        IEmbeddingGenerator<string, Embedding<float>> generator = new EmbeddingGenerator<string>(Encode, ShapesClip.Embeddings.Width, "shapes-clip");
        Assert.Equal(Encode(["cat"]).ToArray(), (await generator.GenerateVectorAsync("cat")).ToArray());

        ReadOnlyMemory<float> Encode(IReadOnlyList<string> sentences) => model.EncodeTexts(Tokens(sentences)).Values;
    }

    [Fact]
    public void Every_line_of_an_example_is_tested()
    {
        var tested = File.ReadLines(Path.Combine(Folders.Root, "tests", "ModelCompiler.Models.Tests", "EvaluationPageTests.cs")).Select(static l => l.Trim()).ToHashSet();
        var isCode = false;
        foreach (var line in File.ReadLines(Path.Combine(Folders.Root, "docs", "evaluation.md")))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
                isCode = line == "```csharp";
            else if (isCode && line.Length > 0)
                Assert.Contains(line.Trim(), tested);
        }
    }

    // One token a word, by its length.
    private static ShapesClip.Tokens Tokens(IReadOnlyList<string> sentences)
    {
        var tokens = new ShapesClip.Tokens(sentences.Count, ShapesClip.Tokens.MaxLength);
        for (var i = 0; i < sentences.Count; i++)
        {
            var words = sentences[i].Split(' ');
            for (var t = 0; t < tokens.Length; t++)
            {
                tokens.Ids[(i * tokens.Length) + t] = t < words.Length ? words[t].Length + 4 : t == words.Length ? 3 : 0;
                tokens.Mask[(i * tokens.Length) + t] = t <= words.Length ? 1 : 0;
            }
        }

        return tokens;
    }
}
