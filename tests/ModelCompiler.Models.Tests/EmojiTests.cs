using ModelCompiler.Data;
using ModelCompiler.Examples.Emoji;
using ModelCompiler.Models.Small;
using ModelCompiler.Testing;

namespace ModelCompiler.Models.Tests;

/// <summary>The emoji pairs: which are trained on, how ranks are counted, and that the example's towers learn from them.</summary>
public sealed class EmojiTests
{
    private static readonly string? s_folder = Folders.Shared("data", "emoji");

    [Fact]
    public void The_split_is_the_one_that_the_data_promise()
    {
        Assert.SkipUnless(s_folder is not null, "there is no folder shared/data/emoji");
        var set = new EmojiSet(s_folder!);
        Assert.Equal((1_889, 150, 5_966), (set.Captions.Count, set.Unseen.Count(static u => u), set.ReadKnown(set.TrainingDrawers).Length));
        Assert.DoesNotContain(set.TestDrawer, set.TrainingDrawers);
        Assert.Equal((1_657, 150), (set.ReadKnown([set.TestDrawer]).Length, set.Read(set.TestDrawer).Count(d => set.Unseen[d.Number])));
        var number = set.Names.Index().Single(static n => n.Item == "flag: Australia").Index;
        Assert.Equal(["flag: Australia", "flag: Heard & McDonald Islands"], set.Alike("twemoji")[number].Select(n => set.Names[n]));
        Assert.Equal([number], set.Alike("fluent")[number]);
    }

    [Fact]
    public void Ranks_count_names_of_the_same_picture_as_right_and_leave_unseen_emoji_among_themselves()
    {
        Assert.SkipUnless(s_folder is not null, "there is no folder shared/data/emoji");
        var set = new EmojiSet(s_folder!);
        int[] known = [.. Enumerable.Range(0, set.Captions.Count).Where(n => !set.Unseen[n]).Take(3)];
        var unseen = Enumerable.Range(0, set.Captions.Count).First(n => set.Unseen[n]);
        var picture = new Picture(1, 1, 3, new byte[3]);
        Drawing[] drawings = [.. known.Append(unseen).Select(n => new Drawing(n, picture))];

        // One number a vector: of the names the largest is always the nearest.
        var names = new float[set.Captions.Count];
        (names[known[0]], names[known[1]], names[known[2]], names[unseen]) = (3, 2, 1, 4);
        var alike = set.Captions.Select(static (_, i) => new[] { i }).ToArray();
        var apart = EmojiRanks.Of(set, drawings, [1, 1, 1, 1], names, 1, alike);
        Assert.Equal([1, 2, 3], apart.PictureToName.Ranks);
        Assert.Equal([0], apart.UnseenToName.Ranks);
        (alike[known[1]], alike[known[2]]) = ([known[1], known[2]], [known[1], known[2]]);
        Assert.Equal([1, 2, 2], EmojiRanks.Of(set, drawings, [1, 1, 1, 1], names, 1, alike).PictureToName.Ranks);
        Assert.Equal([0, 2, 3], EmojiRanks.Of(set, drawings, [9, 2, 1, 3], names, 1, alike).NameToPicture.Ranks);
    }

    [Fact]
    public void The_towers_learn_from_pairs_of_the_training_drawers()
    {
        Assert.SkipUnless(s_folder is not null, "there is no folder shared/data/emoji");
        var set = new EmojiSet(s_folder!);
        using var model = new EmojiTowers(seed: 1);
        var batches = new TowersTraining(model, set, seed: 1).Pairs([.. set.ReadKnown(["fxemoji"]).Take(TowersTraining.BatchSize)]);
        var batch = batches.Get(0, null);
        Assert.DoesNotContain(batch.Ids, n => set.Unseen[n]);
        var first = model.TrainStep(batch);
        for (var step = 1; step < 30; step++)
        {
            batch = batches.Get(step, batch);
            model.TrainStep(batch);
        }

        Assert.InRange(model.Evaluate(batch).Loss, 0, first - 0.2);
    }

    [Fact]
    public void A_locked_side_keeps_its_table_and_is_read_by_rows()
    {
        var encoder = Folders.Shared("data", "minilm");
        Assert.SkipUnless(s_folder is not null && encoder is not null, "there is no folder shared/data/emoji or shared/data/minilm");
        var set = new EmojiSet(s_folder!);
        using var model = new EmojiLocked(seed: 1);
        var training = new LockedTraining(model, set, encoder!, seed: 1);
        var table = model.Text.Embeddings.Token.Weight.ToArray();
        Assert.Equal(set.Captions.Count * 3 * SentenceVectors.Width, table.Length);
        Assert.All(table.Chunk(SentenceVectors.Width), static row => Assert.Equal(1, row.Sum(static v => v * (double)v), 1e-4));
        Assert.Equal(SentenceVectors.Of(encoder!, [set.Captions[7][1]]), table[(((7 * 3) + 1) * SentenceVectors.Width)..(((7 * 3) + 2) * SentenceVectors.Width)], (a, b) => Math.Abs(a - b) < 1e-5);

        var batch = training.Pairs(set.ReadKnown(["fxemoji"])).Get(0, null);
        Assert.All(batch.Ids.Zip(batch.Inputs.Text.Ids), static p => Assert.Equal(p.First, p.Second / 3));
        Assert.InRange(batch.Inputs.Text.Ids.Count(static id => id % 3 == 0), 45, 83);
        Assert.InRange(batch.Inputs.Text.Ids.Count(static id => id % 3 == 2), 16, 48);
        Assert.Equal(batch.Inputs.Text.Ids.SelectMany(Row), batch.TextTeacher);
        Assert.Equal(batch.Ids.SelectMany(n => Row(3 * n)), batch.ImageTeacher);
        model.TrainStep(batch);
        Assert.Equal(table, model.Text.Embeddings.Token.Weight.ToArray());
        Assert.Equal(set.Captions.Count * EmojiLocked.Embeddings.Width, training.EncodeNames().Length);

        float[] Row(int row) => table[(row * SentenceVectors.Width)..((row + 1) * SentenceVectors.Width)];
    }
}
