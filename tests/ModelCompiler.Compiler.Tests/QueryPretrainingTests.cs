using ModelCompiler.Testing;

namespace ModelCompiler.Compiler.Tests;

/// <summary>What queries and texts of a Q-Former see of each other, and what stands in for what belongs to a pair, in double precision.</summary>
public sealed class QueryPretrainingTests
{
    private static readonly double s_tolerance = Tolerances.Double(1000);

    [Fact]
    public void Queries_do_not_see_the_texts_beside_them()
    {
        var model = new InterpretedModel("blip2-pretraining");
        var (expected, changed) = (model.Evaluate().Outputs, Words(model, static (id, _) => (id + 3) % 11).Evaluate().Outputs);
        Assert.Equal(expected["qformer_hidden"], changed["qformer_hidden"]);
        Assert.Equal(expected["image_features"], changed["image_features"]);
        Assert.NotEqual(expected["text_hidden"], changed["text_hidden"]);
        Assert.NotEqual(expected["said_hidden"], changed["said_hidden"]);
        Assert.NotEqual(expected["matching_query_hidden"], changed["matching_query_hidden"]);
    }

    [Fact]
    public void A_text_that_is_compared_does_not_see_the_picture_and_one_that_is_said_does()
    {
        var model = new InterpretedModel("blip2-pretraining");
        var (expected, changed) = (model.Evaluate().Outputs, model.On(model.Batch, model.Length, static (op, values) => op.InputName == "image.pictures" ? [.. values.Select(static v => v + 0.5)] : values).Evaluate().Outputs);
        Assert.Equal(expected["text_hidden"], changed["text_hidden"]);
        Assert.NotEqual(expected["said_hidden"][0], changed["said_hidden"][0]);
    }

    [Fact]
    public void The_future_does_not_change_what_is_said_before_it()
    {
        const int Known = 3;
        var model = new InterpretedModel("blip2-says");
        var (expected, changed) = (model.Evaluate().Outputs["said_hidden"], Words(model, (id, i) => i % model.Length < Known ? id : (id + 1 + (i % 9)) % 11).Evaluate().Outputs["said_hidden"]);
        var width = expected.Length / (model.Batch * model.Length);
        for (var row = 0; row < model.Batch; row++)
        {
            var at = row * model.Length * width;
            Assert.Equal(expected.AsSpan(at, Known * width).ToArray(), changed.AsSpan(at, Known * width).ToArray());
            Assert.NotEqual(expected.AsSpan(at + (Known * width), width).ToArray(), changed.AsSpan(at + (Known * width), width).ToArray());
        }
    }

    [Fact]
    public void What_padding_holds_changes_no_loss()
    {
        var model = new InterpretedModel("blip2-pretraining");
        var mask = model.Input("text.mask");
        var changed = Words(model, (id, i) => mask[i] == 0 ? (id + 5) % 11 : id).Evaluate().Outputs;
        var expected = model.Evaluate().Outputs;
        Assert.Null(Comparison.Of(expected["contrastive_loss"], changed["contrastive_loss"], s_tolerance, "contrast"));
        Assert.Null(Comparison.Of(expected["matching_logits"], changed["matching_logits"], s_tolerance, "matching"));
        Assert.Contains(0.0, mask);
    }

    [Theory]
    [InlineData("blip2-pretraining")]
    [InlineData("blip2-pretraining-ids")]
    public void The_most_similar_of_what_does_not_belong_to_a_pair_stands_in_for_it(string name)
    {
        var model = new InterpretedModel(name, batch: 4);
        var outputs = model.Evaluate().Outputs;
        var (logits, ids) = (outputs["logits"], model.Inputs.Any(static i => i.InputName == "pair_ids") ? model.Input("pair_ids") : [0, 1, 2, 3]);
        for (var i = 0; i < 4; i++)
        {
            int[] others = [.. Enumerable.Range(0, 4).Where(j => ids[j] != ids[i])];
            Assert.SkipWhen(others.Length == 0, "no other id was drawn");
            Assert.Equal(others.MaxBy(j => logits[(i * 4) + j]), Array.IndexOf(outputs["text_choice"], 1, i * 4) % 4);
            Assert.Equal(others.MaxBy(j => logits[(j * 4) + i]), Array.IndexOf(outputs["image_choice"], 1, i * 4) % 4);
            Assert.Equal(1, outputs["text_choice"].Skip(i * 4).Take(4).Sum());
        }
    }

    // Pairs that are one and the same are equally similar to all others.
    [Fact]
    public void Of_those_that_are_equally_similar_one_alone_is_chosen()
    {
        var one = new InterpretedModel("blip2-pretraining", batch: 1);
        var same = one.On(4, one.Length, static (op, values) => op.Shape.Count.BatchPower == 0 ? values : [.. Enumerable.Repeat(values, 4).SelectMany(static v => v)]);
        var outputs = same.Evaluate().Outputs;
        Assert.Equal([0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], outputs["text_choice"]);
        Assert.Equal(outputs["text_choice"], outputs["image_choice"]);
    }

    // A draw that outweighs every similarity decides.
    [Fact]
    public void Draws_decide_in_training_and_not_in_evaluation()
    {
        var model = new InterpretedModel("blip2-pretraining");
        var losses = Enumerable.Range(1, 2).Select(shift => model.On(model.Batch, model.Length, (op, values) => op.InputName.EndsWith("_draws", StringComparison.Ordinal)
            ? [.. values.Select((_, i) => i % 3 == ((i / 3) + shift) % 3 ? 1e6 : 0)] : values)).ToArray();
        Assert.NotEqual(losses[0].Train().Outputs["matching_loss"], losses[1].Train().Outputs["matching_loss"]);
        Assert.Equal(losses[0].Evaluate().Outputs["matching_loss"], losses[1].Evaluate().Outputs["matching_loss"]);
    }

    private static InterpretedModel Words(InterpretedModel model, Func<double, int, double> change) =>
        model.On(model.Batch, model.Length, (op, values) => op.InputName is "text.ids" or "text.said_ids" ? [.. values.Select(change)] : values);
}
