using ModelCompiler.Cli.Hosting;
using ModelCompiler.Cli.Scaffolding;
using ModelCompiler.Data;
using ModelCompiler.Runtime;
using ModelCompiler.Testing;

namespace ModelCompiler.Models.Tests;

/// <summary>A published sentence encoder: its folder becomes a class, the class loads the folder, and sentences are as similar as its authors say.</summary>
public sealed class MiniLmTests(ITestOutputHelper output)
{
    private static readonly string? s_folder = Folders.Shared("data", "minilm");

    [Theory]
    [InlineData("A man is playing a guitar on a small stage.", "Someone performs music with a stringed instrument.", 0.580)]
    [InlineData("Two dogs run across a field of snow.", "A pair of puppies is chasing each other in winter.", 0.631)]
    public void Sentences_are_as_similar_as_published(string first, string second, double similarity)
    {
        Assert.SkipUnless(s_folder is not null, "there is no folder shared/data/minilm");
        var scaffold = CheckpointFolder.Scaffold(s_folder!, "Demo.MiniLm");
        Assert.Empty(scaffold.Unsupported);
        using var model = HostedModel.Compile(scaffold.Spec!).Create();
        var report = model.Core.LoadPretrained(s_folder!);
        output.WriteLine(report.ToString());
        Assert.DoesNotContain(report.Skipped, static name => !name.StartsWith("pooler.", StringComparison.Ordinal));

        var tokenizer = Tokenizer.Load(s_folder!);
        int[][] rows = [tokenizer.EncodeToIds(first), tokenizer.EncodeToIds(second)];
        Assert.Equal(similarity, Cosine(Embed(model.Core, rows)), 3);
    }

    // Both sentences in one batch: the shorter one is padded and masked.
    private static (float[] First, float[] Second) Embed(ModelCore core, int[][] rows)
    {
        var length = rows.Max(static r => r.Length);
        int[] Padded(Func<int[], int, int> value) => [.. rows.SelectMany(r => Enumerable.Range(0, length).Select(t => t < r.Length ? value(r, t) : 0))];
        var mask = Padded(static (_, _) => 1);
        core.SetInput("ids", Padded(static (r, t) => r[t]));
        core.SetInput("mask", mask);
        core.SetInput("positions", [.. rows.SelectMany(_ => Enumerable.Range(0, length))]);
        core.SetInput("segments", new int[mask.Length]);
        core.SetInput("weights", Array.ConvertAll(mask, static m => (float)m));
        core.SetInput("counts", [.. rows.Select(static r => (float)r.Length)]);
        core.Forward(rows.Length, length);
        var pooled = core.Output("pooled");
        return (pooled[..(pooled.Length / 2)], pooled[(pooled.Length / 2)..]);
    }

    private static double Cosine((float[] First, float[] Second) pair)
    {
        double Dot(float[] a, float[] b) => a.Zip(b, static (x, y) => (double)x * y).Sum();
        return Dot(pair.First, pair.Second) / Math.Sqrt(Dot(pair.First, pair.First) * Dot(pair.Second, pair.Second));
    }
}
