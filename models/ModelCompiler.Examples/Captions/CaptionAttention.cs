using ModelCompiler.Data;
using ModelCompiler.Models.Small;

namespace ModelCompiler.Examples.Captions;

/// <summary>Where in a picture a model looks: the weights with which it reads the picture's patches, in its last block, each the mean of the heads. Those of a map add up to 1.</summary>
internal static class CaptionAttention
{
    /// <summary>Where the captioner looks while it says each token of a caption: a map of the patches for each, row by row.</summary>
    public static IReadOnlyList<(string Token, float[] Map)[]> OfTokens(ShapesCaptioner model, CaptionedShapes shapes, Scene[] scenes, string[] captions)
    {
        var tokens = new ShapesCaptioner.DecoderTokens(scenes.Length, ShapesCaptioner.DecoderTokens.MaxLength);
        shapes.Write(captions, tokens);
        var output = model.Forward(CaptionedShapes.Render(scenes, new ShapesCaptioner.EncoderPictures(scenes.Length)), tokens);
        var maps = MeansOfLast(output.DecoderCrossAttentions, model.Core.LayerCount("decoder.blocks"), scenes.Length, tokens.Length);

        // A row's token is said by the one before it.
        return [.. captions.Select((caption, i) => shapes.Tokens(caption).Take(tokens.Length - 1).Select((token, place) => (token, maps[i][place])).ToArray())];
    }

    /// <summary>What each query of the teller reads, whatever is said.</summary>
    public static float[][][] OfQueries(ShapesTeller model, CaptionedShapes shapes, Scene[] scenes)
    {
        var tokens = new ShapesTeller.Tokens(scenes.Length, ShapesTeller.Tokens.MaxLength);
        shapes.Write(scenes, tokens);
        var output = model.Forward(CaptionedShapes.Render(scenes, new ShapesTeller.Pictures(scenes.Length)), tokens);
        return MeansOfLast(output.QformerCrossAttentions, model.Core.LayerCount("qformer.blocks"), scenes.Length, ShapesTeller.Tokens.PrefixLength);
    }

    // Of [blocks, samples, heads, queries, patches] the last block: [samples][queries][patches].
    private static float[][][] MeansOfLast(float[] weights, int blocks, int samples, int queries)
    {
        const int Side = ShapesCaptioner.EncoderPictures.PictureWidth / AttentionPictures.PatchSize, Patches = Side * Side;
        var block = weights.Length / blocks;
        var heads = block / (samples * queries * Patches);
        return [.. Enumerable.Range(0, samples).Select(sample => Enumerable.Range(0, queries).Select(query => Enumerable.Range(0, Patches).Select(patch =>
            Enumerable.Range(0, heads).Average(head => weights[((blocks - 1) * block) + (((((sample * heads) + head) * queries) + query) * Patches) + patch])).ToArray()).ToArray())];
    }
}
