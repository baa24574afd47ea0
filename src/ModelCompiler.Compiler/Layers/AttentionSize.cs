namespace ModelCompiler.Compiler.Layers;

/// <summary>The sizes of attention that follow from a transformer's options.</summary>
/// <param name="Scale">Factor of scores, but for that of the layer.</param>
/// <param name="ScalesByLayer">Scores are divided by the number of the layer, from 1.</param>
internal sealed record AttentionSize(int Heads, int KeyHeads, int HeadWidth, double Scale, bool ScalesByLayer)
{
    /// <summary>Channels of all queries.</summary>
    public int Width => Heads * HeadWidth;

    /// <summary>Channels of all keys, or of all values.</summary>
    public int KeyWidth => KeyHeads * HeadWidth;

    public static AttentionSize Of(TransformerAttribute o)
    {
        var width = o.HeadWidth == 0 ? o.Width / o.Heads : o.HeadWidth;
        return new AttentionSize(
            o.Heads,
            o.KeyHeads == 0 ? o.Heads : o.KeyHeads,
            width,
            o.AttentionScale is AttentionScale.HeadWidth or AttentionScale.HeadWidthAndLayer ? 1 / Math.Sqrt(width) : 1,
            o.AttentionScale is AttentionScale.Layer or AttentionScale.HeadWidthAndLayer);
    }
}
