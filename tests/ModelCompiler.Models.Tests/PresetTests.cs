using System.Reflection;
using ModelCompiler.Models.Presets;
using ModelCompiler.Runtime;

namespace ModelCompiler.Models.Tests;

/// <summary>Presets have the published numbers of parameters.</summary>
public sealed class PresetTests
{
    public static TheoryData<string, Func<IModel>, long> Presets => new(
        ("gpt2", static () => new Gpt2(), 124_439_808),
        ("vit-base", static () => new VitBase(), 86_567_656),
        ("vit-small", static () => new VitSmall(), 22_050_664),
        ("vit-tiny", static () => new VitTiny(), 5_717_416),

        ("clip-b32", static () => new ClipVitB32(), 151_277_313),
        ("clip-b16", static () => new ClipVitB16(), 149_620_737),
        ("siglip-b16", static () => new SiglipB16(), 203_155_970),

        // 139,420,416 are published as parameters; the bias of the logits is a buffer there.
        ("bart-base", static () => new BartBase(), 139_420_416 + 50_265),

        // Published as 22,713,216 with a pooler of a width squared and a bias, which sentences do without.
        ("minilm", static () => new MiniLm(), 22_713_216 - (384 * 384) - 384),

        // The encoder with its pooler has 109,482,240; the rest is the head of masked words (dense, norm, bias) and that of next sentences.
        ("bert-base", static () => new BertBase(), 109_482_240 + (768 * 768) + 768 + (2 * 768) + 30_522 + (2 * 768) + 2));

    [Theory, MemberData(nameof(Presets))]
    public void Has_the_published_number_of_parameters(string name, Func<IModel> create, long count)
    {
        using var model = create();
        Assert.True(count == model.Core.Parameters.Values.Sum(static p => (long)p.Count), name);
    }

    // Its weights take 4.7 GB: what is emitted of them is read, and no model made.
    [Fact]
    public void Blip2_has_the_published_number_of_parameters()
    {
        var description = (ModelDescription)typeof(Blip2VitG).GetField("s_description", BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null)!;
        long Count(Func<string, bool> which) => description.Parameters.Where(p => which(p.Name)).Sum(static p => p.Shape.Aggregate(1L, static (a, b) => a * b));

        // blip2-opt-2.7b is published with 3,744,761,856: of these 2,651,678,720 are OPT's with 50,304 rows of tokens, and 768 x 2,560 + 2,560 the projection to it. Its ViT-g, like this one, stores biases
        // of keys, which are zero.
        Assert.Equal(3_744_761_856 - 2_651_678_720 - (768 * 2_560) - 2_560, Count(static n => n.StartsWith("image.", StringComparison.Ordinal) || n.StartsWith("qformer.", StringComparison.Ordinal)));
        Assert.Equal(985_952_256, Count(static n => n.StartsWith("image.", StringComparison.Ordinal)));

        // With texts it is the 188 million of the paper, to a percent: tables, a feed-forward of their own, heads.
        Assert.InRange(Count(static n => !n.StartsWith("image.", StringComparison.Ordinal)), 186_000_000, 188_500_000);
    }
}
