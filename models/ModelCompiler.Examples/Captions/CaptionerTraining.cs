using ModelCompiler.Data;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Examples.Captions;

/// <summary>How <see cref="ShapesCaptioner"/> learns and speaks.</summary>
internal static class CaptionerTraining
{
    public const int Steps = 10_000;

    private const int Chunk = 256;

    public static IBatches<ShapesCaptioner.Batch> Pictures(CaptionedShapes shapes) => Batches.Of<ShapesCaptioner.Batch>((number, reuse) =>
    {
        var batch = reuse ?? new(new(CaptionedShapes.BatchSize), new(CaptionedShapes.BatchSize, CaptionedShapes.Length));
        var scenes = shapes.Training(number);
        CaptionedShapes.Render(scenes, batch.Inputs.Encoder);
        shapes.Write(scenes, batch.Inputs.Decoder);
        CaptionedShapes.WriteTargets(batch.Inputs.Decoder, batch.Targets);
        shapes.ShowGrey(batch.Inputs.Encoder, batch.Inputs.Decoder, batch.Targets, number);
        shapes.Disturb(batch.Inputs.Decoder, number);
        return batch;
    });

    /// <summary>What it says of scenes.</summary>
    public static string[] Say(ShapesCaptioner model, CaptionedShapes shapes, Scene[] scenes) =>
        [.. scenes.Chunk(Chunk).SelectMany(c => shapes.Texts(model.Generate(CaptionedShapes.Render(c, new ShapesCaptioner.EncoderPictures(c.Length)), shapes.Greedy), prompt: 1))];
}
