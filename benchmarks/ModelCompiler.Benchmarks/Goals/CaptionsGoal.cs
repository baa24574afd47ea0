using ModelCompiler.Benchmarks.Measuring;
using ModelCompiler.Examples.Captions;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Benchmarks.Goals;

/// <summary>
/// Trains <see cref="ShapesCaptioner"/>, then <see cref="ShapesTeller"/> with its tower of pictures and a decoder of captions frozen, and counts which whole captions they say of
/// compositions that training never saw.
/// </summary>
internal static class CaptionsGoal
{
    private const string Captioner = "captions/captioner", Teller = "captions/qformer";
    private const double CaptionerGoal = 0.90, TellerGoal = 0.80;
    private const double MostProcessorSeconds = 2 * 600;
    private const int Tested = 2_048;
    private const ulong Seed = 1;

    public static IEnumerable<Line> Measure(GoalContext context)
    {
        var (wantsCaptioner, wantsTeller) = (context.Wants(Captioner), context.Wants(Teller));
        if (!wantsCaptioner && !wantsTeller)
        {
            yield break;
        }

        var shapes = new CaptionedShapes();
        using var captioner = new ShapesCaptioner(context.Device, Seed);
        var time = Spent(() => captioner.Fit(CaptionerTraining.Pictures(shapes), Options(CaptionerTraining.Steps)));
        if (wantsCaptioner)
        {
            yield return Of(context, Captioner, CaptionerGoal, shapes, scenes => CaptionerTraining.Say(captioner, shapes, scenes), time, isFrozen: true, $"{CaptionerTraining.Steps} steps of {CaptionedShapes.BatchSize} in {time:F0} s of processors");
        }

        if (wantsTeller)
        {
            yield return OfTeller(context, shapes, captioner);
        }
    }

    private static Line OfTeller(GoalContext context, CaptionedShapes shapes, ShapesCaptioner captioner)
    {
        using var speaker = new ShapesSpeaker(context.Device, Seed);
        using var first = new ShapesPretraining(context.Device, Seed);
        using var teller = new ShapesTeller(context.Device, Seed);
        var spoken = Spent(() => speaker.Fit(TellerTraining.Texts(shapes), Options(TellerTraining.SpeakerSteps)));
        TellerTraining.Begin(first, captioner);
        var tower = TellerTraining.Frozen(first, "image");
        var read = Spent(() => first.Fit(TellerTraining.Pairs(shapes), Options(TellerTraining.PretrainingSteps)));
        TellerTraining.GoOn(teller, first, speaker);
        var before = TellerTraining.Frozen(teller, "image", "text");
        var told = Spent(() => teller.Fit(TellerTraining.Told(shapes), Options(TellerTraining.TellerSteps)));
        var isFrozen = before.AsSpan().SequenceEqual(TellerTraining.Frozen(teller, "image", "text")) && tower.AsSpan().SequenceEqual(TellerTraining.Frozen(teller, "image"));
        return Of(context, Teller, TellerGoal, shapes, scenes => TellerTraining.Say(teller, shapes, scenes), spoken + read + told, isFrozen,
            $"{before.Length} bytes of tower and decoder {(isFrozen ? "unchanged" : "CHANGED")}; {TellerTraining.SpeakerSteps} steps of the decoder alone in {spoken:F0}, {TellerTraining.PretrainingSteps} of the first stage in {read:F0} and "
            + $"{TellerTraining.TellerSteps} of the second in {told:F0} s of processors, {CaptionedShapes.BatchSize} rows each");
    }

    private static Line Of(GoalContext context, string name, double goal, CaptionedShapes shapes, Func<Data.Scene[], string[]> say, double spent, bool isFrozen, string details)
    {
        var (unseen, seen) = (Exact(true), Exact(false));
        return new Line(name, Line.Percent(unseen), $">= {Line.Percent(goal)} in {MostProcessorSeconds:F0} s of processors", unseen >= goal && spent <= MostProcessorSeconds && isFrozen ? Outcome.Met : Outcome.Short,
            $"whole captions of {Tested} held-out pictures of compositions that training never saw; {Line.Percent(seen)} of {Tested} of the others; {details}; seed {Seed}, {context.Threads} threads");

        double Exact(bool isUnseen)
        {
            var scenes = shapes.Test(Tested, isUnseen);
            return CaptionedShapes.Exact(scenes, say(scenes));
        }
    }

    private static FitOptions Options(int steps) => new() { Steps = steps, Output = TextWriter.Null };

    private static double Spent(Action action)
    {
        var time = Sample.Of(action);
        return time.Seconds * time.Busy;
    }
}
