using ModelCompiler.Data;
using ModelCompiler.Examples.Captions;
using ModelCompiler.Models.Small;

namespace ModelCompiler.Models.Tests;

/// <summary>The captioner and the two stages of the Q-Former on a world of shapes: what they are shown, that they learn from it, and what stays as it is.</summary>
public sealed class CaptionsTests
{
    private readonly CaptionedShapes _shapes = new();

    [Fact]
    public void Training_never_sees_what_tests_are_made_of()
    {
        Scene[] training = [.. Enumerable.Range(0, 16).SelectMany(n => _shapes.Training(n))];
        var (unseen, seen) = (_shapes.Test(256, unseen: true), _shapes.Test(256, unseen: false));
        Assert.Empty(Known(training).Intersect(Known(unseen)));
        Assert.Subset(Known(training), Known(seen));
        Assert.Equal(Compositions.Count, Known(training).Count + Known(unseen).Count);
        Assert.All(training.Concat(unseen), static s => Assert.Contains(s.Caption.Split(' ')[4], (string[])["at", "in"]));
        Assert.InRange(unseen.Select(static s => s.Index).Distinct().Count(), 250, 256);

        static SortedSet<int> Known(Scene[] scenes) => [.. scenes.Select(static s => Compositions.Of(s.Objects[0]))];
    }

    [Fact]
    public void A_sentence_is_asked_for_behind_what_stands_for_the_picture()
    {
        var scene = _shapes.Training(0)[0];
        var tokens = new ShapesTeller.Tokens(1, ShapesTeller.Tokens.MaxLength);
        var targets = new int[tokens.Length];
        _shapes.Write([scene], tokens);
        CaptionedShapes.WriteTargets(tokens, targets);
        var (prefix, words) = (ShapesTeller.Tokens.PrefixLength, scene.Caption.Split(' ').Length);
        Assert.All(targets[..prefix], static t => Assert.Equal(-1, t));
        Assert.Equal(tokens.Ids[(prefix + 1)..(prefix + words + 2)], targets[prefix..(prefix + words + 1)]);
        Assert.All(targets[(prefix + words + 1)..], static t => Assert.Equal(-1, t));
    }

    [Fact]
    public void Grey_pictures_are_not_asked_for_their_colour_and_words_that_are_read_are_disturbed()
    {
        var batch = CaptionerTraining.Pictures(_shapes).Get(0, null);
        var scenes = _shapes.Training(0);
        var (plain, targets) = (new ShapesCaptioner.DecoderTokens(scenes.Length, CaptionedShapes.Length), new int[batch.Targets.Length]);
        _shapes.Write(scenes, plain);
        CaptionedShapes.WriteTargets(plain, targets);
        var grey = 0;
        for (var row = 0; row < scenes.Length; row++)
        {
            var pixels = batch.Inputs.Encoder[row];
            var isGrey = pixels[..1024].SequenceEqual(pixels[1024..2048]) && pixels[..1024].SequenceEqual(pixels[2048..]);
            var own = batch.Targets[(row * CaptionedShapes.Length)..((row + 1) * CaptionedShapes.Length)];
            var expected = targets[(row * CaptionedShapes.Length)..((row + 1) * CaptionedShapes.Length)];
            if (isGrey)
                (grey, expected[2]) = (grey + 1, -1);
            Assert.Equal(expected, own);
        }

        Assert.InRange(grey, 16, 48);
        var words = plain.Ids.Count(static id => id > 4);
        Assert.InRange(plain.Ids.Zip(batch.Inputs.Decoder.Ids).Count(static p => p.First != p.Second), 0.4 * words, 0.6 * words);
        Assert.Equal(plain.Mask, batch.Inputs.Decoder.Mask);
    }

    [Fact]
    public void The_speaker_reads_every_caption_twice()
    {
        var scenes = _shapes.Training(0);
        var tokens = new ShapesSpeaker.Tokens(scenes.Length, ShapesSpeaker.Tokens.MaxLength);
        _shapes.WriteTwice(scenes, tokens);
        var count = tokens.Mask[..tokens.Length].Sum();
        Assert.Equal(2 * (scenes[0].Caption.Split(' ').Length + 2), count);
        Assert.Equal(tokens.Ids[..(count / 2)], tokens.Ids[(count / 2)..count]);
    }

    [Fact]
    public void The_captioner_learns_and_says_words()
    {
        using var model = new ShapesCaptioner(seed: 1);
        var batches = CaptionerTraining.Pictures(_shapes);
        var held = batches.Get(1_000, null);
        var before = model.Evaluate(held).Loss;
        for (var step = 0; step < 30; step++)
            model.TrainStep(batches.Get(step, null));
        Assert.InRange(model.Evaluate(held).Loss, 0, before - 2);
        var scenes = _shapes.Test(3, unseen: true);
        var said = CaptionerTraining.Say(model, _shapes, scenes);
        Assert.All(said, static s => Assert.All(s.Split(' '), static w => Assert.Contains(w, ShapesWorld.Vocabulary)));
        Assert.Equal(1.0 / 3, CaptionedShapes.Exact(scenes, ["", scenes[1].Caption, "a"]));
    }

    [Fact]
    public void Both_stages_learn_and_leave_what_is_frozen_as_it_was()
    {
        using var captioner = new ShapesCaptioner(seed: 1);
        using var speaker = new ShapesSpeaker(seed: 2);
        using var first = new ShapesPretraining(seed: 3);
        TellerTraining.Begin(first, captioner);
        var tower = TellerTraining.Frozen(first, "image");
        Assert.Equal(captioner.Encoder.Blocks[3].Attention.Query.Weight.ToArray(), first.Image.Blocks[3].Attention.Query.Weight.ToArray());
        var pairs = TellerTraining.Pairs(_shapes);
        var (held, before) = (pairs.Get(1_000, null), first.Evaluate(pairs.Get(1_000, null)).Loss);
        for (var step = 0; step < 20; step++)
            first.TrainStep(pairs.Get(step, null));
        Assert.InRange(first.Evaluate(held).Loss, 0, before - 1);
        Assert.Equal(tower, TellerTraining.Frozen(first, "image"));

        using var teller = new ShapesTeller(seed: 4);
        TellerTraining.GoOn(teller, first, speaker);
        Assert.Equal(tower, TellerTraining.Frozen(teller, "image"));
        Assert.Equal(TellerTraining.Frozen(first, "qformer"), TellerTraining.Frozen(teller, "qformer"));
        var frozen = TellerTraining.Frozen(teller, "image", "text");
        var (learnt, told) = (TellerTraining.Frozen(teller, "qformer", "projection"), TellerTraining.Told(_shapes));
        (var asked, before) = (told.Get(1_000, null), teller.Evaluate(told.Get(1_000, null)).Loss);
        for (var step = 0; step < 20; step++)
            teller.TrainStep(told.Get(step, null));
        Assert.InRange(teller.Evaluate(asked).Loss, 0, before - 0.2);
        Assert.Equal(frozen, TellerTraining.Frozen(teller, "image", "text"));
        Assert.NotEqual(learnt, TellerTraining.Frozen(teller, "qformer", "projection"));
        var said = TellerTraining.Say(teller, _shapes, _shapes.Test(2, unseen: true));
        Assert.Equal(2, said.Length);
    }

    [Fact]
    public void Where_a_model_looks_is_a_map_for_each_word_and_query()
    {
        var scenes = _shapes.Test(3, unseen: true);
        string[] captions = ["a large red star", scenes[1].Caption, "at the left"];
        using var captioner = new ShapesCaptioner(seed: 1);
        var words = CaptionAttention.OfTokens(captioner, _shapes, scenes, captions);
        Assert.Equal(captions.Select(static c => c.Split(' ')), words.Select(static w => w.Select(static t => t.Token)));
        using var teller = new ShapesTeller(seed: 1);
        var queries = CaptionAttention.OfQueries(teller, _shapes, scenes);
        Assert.All(queries, static q => Assert.Equal(ShapesTeller.Tokens.PrefixLength, q.Length));
        float[][] maps = [.. words.SelectMany(static w => w.Select(static t => t.Map)), .. queries.SelectMany(static q => q)];
        Assert.All(maps, static map =>
        {
            Assert.Equal(16, map.Length);
            Assert.All(map, static w => Assert.InRange(w, 0, 1));
            Assert.Equal(1, map.Sum(), 1e-4);
        });

        // A word sees what is before it: of two captions that begin alike, the first words look alike.
        var other = CaptionAttention.OfTokens(captioner, _shapes, [scenes[0]], ["a large red circle"])[0];
        Assert.Equal(words[0].Select(static t => t.Map), other.Select(static t => t.Map));
        Assert.NotEqual(words[0][3].Map, words[0][2].Map);
        Assert.NotEqual(words[0][0].Map, words[1][0].Map);
    }

    [Fact]
    public void A_map_is_red_over_the_patch_that_it_is_of()
    {
        const int Size = 32, Side = 128;
        var map = new float[16];
        map[6] = 0.5f; // the second row, the third column
        var picture = AttentionPictures.Row(new float[3 * Size * Size], Size, [map]);
        Assert.Equal((Side + 4 + Side, Side), (picture.Width, picture.Height));
        Assert.Equal((127, 127), (Red(64, 32), Blue(64, 32)));
        Assert.Equal((true, true), (Red(Side + 4 + 64, 32) > 200, Blue(Side + 4 + 64, 32) < 50));
        Assert.Equal((true, true), (Red(Side + 4 + 95, 63) > 200, Blue(Side + 4 + 95, 63) < 50));
        Assert.All([(63, 32), (96, 32), (64, 31), (64, 64)], p => Assert.Equal(Red(Side + 4 + p.Item1, p.Item2), Blue(Side + 4 + p.Item1, p.Item2)));

        int Red(int x, int y) => picture.Samples[((y * picture.Width) + x) * 3];
        int Blue(int x, int y) => picture.Samples[(((y * picture.Width) + x) * 3) + 2];
    }

    [Fact]
    public void Matching_asks_for_two_pairs()
    {
        using var model = new ShapesPretraining(seed: 1);
        var batch = new ShapesPretraining.Batch(new(1), new(1, ShapesPretraining.Tokens.MaxLength));
        _shapes.Write([_shapes.Training(0)[0]], batch.Inputs.Text);
        Assert.StartsWith("A batch of one pair has no picture that is another's", Assert.Throws<ArgumentException>(() => model.TrainStep(batch)).Message);
    }
}
