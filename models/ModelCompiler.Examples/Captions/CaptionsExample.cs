using ModelCompiler.Data;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Examples.Captions;

/// <summary>Trains <see cref="ShapesCaptioner"/>, then <see cref="ShapesTeller"/> on its tower of pictures, and shows what both say of things that they never saw put together so.</summary>
internal static class CaptionsExample
{
    private const int Tested = 1_024, Shown = 16, Pictured = 6;

    public static void Run()
    {
        var shapes = new CaptionedShapes();
        var scenes = shapes.Test(Tested, unseen: true);
        using var captioner = new ShapesCaptioner(seed: 1);
        Console.WriteLine($"An encoder of pictures and a decoder with {Parameters(captioner):N0} parameters learn to say what is in a picture and where.\n");
        captioner.Fit(CaptionerTraining.Pictures(shapes), new FitOptions { Steps = CaptionerTraining.Steps });
        var said = CaptionerTraining.Say(captioner, shapes, scenes);
        Show("The captioner", scenes, said);
        Picture(captioner, shapes, scenes[..Pictured], said[..Pictured]);

        Console.WriteLine("\nA decoder learns captions as texts; it never sees a picture.\n");
        using var speaker = new ShapesSpeaker(seed: 1);
        speaker.Fit(TellerTraining.Texts(shapes), new FitOptions { Steps = TellerTraining.SpeakerSteps });

        Console.WriteLine("\nQueries learn to read the captioner's tower of pictures, which stays as it is (BLIP-2's first stage).\n");
        using var first = new ShapesPretraining(seed: 1);
        TellerTraining.Begin(first, captioner);
        first.Fit(TellerTraining.Pairs(shapes), new FitOptions { Steps = TellerTraining.PretrainingSteps });

        Console.WriteLine("\nThey learn to tell the decoder, which stays as it is too, what they see (the second stage).\n");
        using var teller = new ShapesTeller(seed: 1);
        TellerTraining.GoOn(teller, first, speaker);
        var before = TellerTraining.Frozen(teller, "image", "text");
        teller.Fit(TellerTraining.Told(shapes), new FitOptions { Steps = TellerTraining.TellerSteps });
        var isSame = before.AsSpan().SequenceEqual(TellerTraining.Frozen(teller, "image", "text"));
        Console.WriteLine($"\n{before.Length:N0} bytes of tower and decoder are {(isSame ? "what they were" : "not what they were")}.");
        Show("The decoder behind the queries", scenes, TellerTraining.Say(teller, shapes, scenes));
        Picture(teller, shapes, scenes[..Pictured]);
        EmittedCode.Show("ModelCompiler.Models.Small.ShapesTeller");
    }

    private static long Parameters(ShapesCaptioner model) => model.ParametersByName.Values.Sum(static p => (long)p.Count);

    private static void Picture(ShapesCaptioner model, CaptionedShapes shapes, Scene[] scenes, string[] said)
    {
        var tokens = CaptionAttention.OfTokens(model, shapes, scenes, said);
        Console.WriteLine("\nThe picture, then where it looked in its last block for each word of what it said (red; mean of the heads):");
        for (var i = 0; i < scenes.Length; i++)
        {
            Save($"captions-words-{i + 1}-{string.Join('-', tokens[i].Select(static t => t.Token))}.png", scenes[i], [.. tokens[i].Select(static t => t.Map)]);
        }
    }

    private static void Picture(ShapesTeller model, CaptionedShapes shapes, Scene[] scenes)
    {
        var maps = CaptionAttention.OfQueries(model, shapes, scenes);
        Console.WriteLine("\nThe picture, then what each query read of it in the last block:");
        for (var i = 0; i < scenes.Length; i++)
        {
            Save($"captions-queries-{i + 1}.png", scenes[i], maps[i]);
        }
    }

    private static void Save(string file, Scene scene, float[][] maps)
    {
        const int Size = ShapesCaptioner.EncoderPictures.PictureWidth;
        AttentionPictures.Row(CaptionedShapes.Render([scene], new ShapesCaptioner.EncoderPictures(1)).Values, Size, maps).Save(file);
        Console.WriteLine($"  {file}");
    }

    private static void Show(string who, Scene[] scenes, string[] said)
    {
        Console.WriteLine($"\n{who} says the whole caption of {CaptionedShapes.Exact(scenes, said):P1} of {Tested:N0} pictures with things that training never put together so.\n");
        Console.WriteLine($"  {"what is right",-48} what is said");
        for (var i = 0; i < Shown; i++)
        {
            Console.WriteLine($"{(scenes[i].Caption == said[i] ? " " : "x")} {scenes[i].Caption,-48} {said[i]}");
        }
    }
}
