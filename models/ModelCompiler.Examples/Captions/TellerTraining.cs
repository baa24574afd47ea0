using System.Runtime.InteropServices;
using ModelCompiler.Data;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Examples.Captions;

/// <summary>How <see cref="ShapesTeller"/> comes to speak: a language model of captions alone, queries that learn to read a frozen tower, then both together with the language model frozen too.</summary>
internal static class TellerTraining
{
    public const int SpeakerSteps = 1_000, PretrainingSteps = 2_000, TellerSteps = 3_000;

    private const int Chunk = 256, Size = CaptionedShapes.BatchSize;

    /// <summary>Captions as text alone.</summary>
    public static IBatches<ShapesSpeaker.Batch> Texts(CaptionedShapes shapes) => Batches.Of<ShapesSpeaker.Batch>((number, reuse) =>
    {
        var batch = reuse ?? new(new(Size, ShapesSpeaker.Tokens.MaxLength));
        shapes.WriteTwice(shapes.Training(number), batch.Inputs);
        CaptionedShapes.WriteTargets(batch.Inputs, batch.Targets);
        shapes.Disturb(batch.Inputs, number, isTwice: true);
        return batch;
    });

    /// <summary>Pictures and captions of the first stage.</summary>
    public static IBatches<ShapesPretraining.Batch> Pairs(CaptionedShapes shapes) => Batches.Of<ShapesPretraining.Batch>((number, reuse) =>
    {
        var batch = reuse ?? new(new(Size), new(Size, CaptionedShapes.Length));
        var scenes = shapes.Training(number);
        CaptionedShapes.Render(scenes, batch.Inputs.Image);
        shapes.Write(scenes, batch.Inputs.Text);
        CaptionedShapes.WriteIds(scenes, batch.Ids);
        return batch;
    });

    /// <summary>Pictures and captions of the second stage.</summary>
    public static IBatches<ShapesTeller.Batch> Told(CaptionedShapes shapes) => Batches.Of<ShapesTeller.Batch>((number, reuse) =>
    {
        var batch = reuse ?? new(new(Size), new(Size, ShapesTeller.Tokens.PrefixLength + CaptionedShapes.Length));
        var scenes = shapes.Training(number);
        CaptionedShapes.Render(scenes, batch.Inputs.Image);
        shapes.Write(scenes, batch.Inputs.Text);
        CaptionedShapes.WriteTargets(batch.Inputs.Text, batch.Targets);
        shapes.ShowGrey(batch.Inputs.Image, batch.Inputs.Text, batch.Targets, number);
        shapes.Disturb(batch.Inputs.Text, number);
        return batch;
    });

    /// <summary>Gives the first stage the tower that the captioner learnt.</summary>
    public static void Begin(ShapesPretraining model, ShapesCaptioner captioner)
    {
        using var pictures = new CaptionedPictures(Device.Cpu);
        captioner.Encoder.CopyTo(pictures);
        model.Image.CopyFrom(pictures);
    }

    /// <summary>Gives the second stage tower and queries of the first, and the speaker.</summary>
    public static void GoOn(ShapesTeller model, ShapesPretraining first, ShapesSpeaker speaker)
    {
        model.Text.CopyFrom(speaker);
        foreach (var (name, parameter) in model.ParametersByName.Where(static p => IsOf(p.Key, "image") || IsOf(p.Key, "qformer")))
        {
            parameter.Set(first.ParametersByName[name].ToArray());
        }
    }

    /// <summary>The bytes of what a model's training must not change.</summary>
    public static byte[] Frozen(IModel model, params string[] parts) =>
        [.. model.Core.Parameters.Where(p => parts.Any(part => IsOf(p.Key, part))).OrderBy(static p => p.Key, StringComparer.Ordinal).SelectMany(static p => MemoryMarshal.AsBytes<float>(p.Value.ToArray()).ToArray())];

    /// <summary>What it says of scenes.</summary>
    public static string[] Say(ShapesTeller model, CaptionedShapes shapes, Scene[] scenes) =>
        [.. scenes.Chunk(Chunk).SelectMany(c => shapes.Texts(model.Generate(CaptionedShapes.Render(c, new ShapesTeller.Pictures(c.Length)), shapes.Greedy), ShapesTeller.Tokens.PrefixLength + 1))];

    private static bool IsOf(string name, string part) => name.StartsWith(part + ".", StringComparison.Ordinal);
}
