using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Plan;
using ModelCompiler.Compiler.Lowering;
using ModelCompiler.Compiler.Ops;
using ModelCompiler.Compiler.Spec;
using ModelCompiler.Testing;

namespace ModelCompiler.Compiler.Tests.Lowering;

/// <summary>A frozen tower with nothing that learns below it: no backward, and nothing of it is kept.</summary>
public sealed class FrozenTowerTests
{
    [Theory]
    [InlineData("text", "text_projection")]
    [InlineData("text")]
    public void A_frozen_tower_has_no_backward_and_keeps_nothing(params string[] frozen)
    {
        var plan = Train(4, frozen);
        Assert.Contains(plan.Program.Graph.Blocks, static b => b.Name == "image.blocks_backward");
        Assert.DoesNotContain(plan.Program.Graph.Blocks, static b => b.Name == "text.blocks_backward");
        Assert.DoesNotContain(plan.Program.Graph.Gradients, static g => g.Parameter.Name.StartsWith("text.", StringComparison.Ordinal));
        Assert.All(plan.Locations.Where(static l => l.Key.Producer.Block?.Name == "text.blocks"), static l => Assert.InRange(l.Value.Storage.Copies, 1, 2));
        Assert.Equal(Floats(plan), Floats(Train(9, frozen)));
        Assert.NotEqual(Floats(Train(4)), Floats(Train(9)));
    }

    [Fact]
    public void Frozen_layers_below_those_that_learn_have_none_either()
    {
        var plan = Train(4, "text.embeddings", "text.blocks.0", "text.blocks.1");
        Assert.Equal([2], Backward(plan.Program.Graph));
        Assert.All(plan.Locations.Where(static l => l.Key.Producer.Block is { Name: "text.blocks", First: 0 }), static l => Assert.InRange(l.Value.Storage.Copies, 1, 2));
    }

    // Above what learns a frozen part hands gradients down, and makes none of its own.
    [Fact]
    public void Frozen_layers_above_those_that_learn_make_no_gradients_of_their_own()
    {
        var graph = Train(4, "text.blocks.2", "text.blocks.3", "text.final_norm", "text_projection").Program.Graph;
        Assert.Equal([2, 0], Backward(graph));
        Assert.DoesNotContain(graph.Gradients, static g => g.Parameter.Name.StartsWith("text.final", StringComparison.Ordinal) || g.Parameter is { Run: { Name: "text.blocks", First: 2 } });
        Assert.Contains(graph.Gradients, static g => g.Parameter.Name == "text.embeddings.token.weight");
    }

    // As in use: what it gives for an input is the same in every step.
    [Theory]
    [InlineData("image.blocks.0 text.blocks.0")]
    [InlineData("image.blocks.0 text.blocks.0 text.blocks_from_2.2", "text.embeddings", "text.blocks.0", "text.blocks.1")]
    [InlineData("image.blocks.0", "text")]
    [InlineData("text.blocks.0", "image")]
    public void A_tower_that_is_frozen_as_a_whole_has_no_dropout(string dropped, params string[] frozen) =>
        Assert.Equal(dropped, string.Join(' ', Train(4, 0.1, frozen).Program.Graph.Nodes.Where(static n => n.Op is DropoutOp && n.Block is { } b && !b.Name.EndsWith("_backward", StringComparison.Ordinal))
            .Select(static n => $"{n.Block!.Name}.{n.Block.First}").Distinct().Order(StringComparer.Ordinal)));

    private static IEnumerable<int> Backward(Graph graph) =>
        graph.Blocks.Where(static b => b.Name.StartsWith("text.blocks", StringComparison.Ordinal) && b.Name.EndsWith("_backward", StringComparison.Ordinal)).Select(static b => b.First);

    private static MemoryPlan Train(int depth, params string[] frozen) => Train(depth, 0, frozen);

    private static MemoryPlan Train(int depth, double dropout, string[] frozen) => PlanMemory.Run(ModelPrograms.Compile(ModelCases.Bind(
    [
        ModelCases.Meet("Clip", [ModelCases.Vision(("ResidualDropout", dropout))], [ModelCases.Text("TransformerEncoder", ("Pooling", Pooling.Mean), ("Depth", depth), ("ResidualDropout", dropout))], ("Embedding", 6)), ModelCases.Attribute("Contrastive"),
        .. frozen.Length == 0 ? Array.Empty<AttributeSpec>() : [ModelCases.Freeze(frozen)],
    ]), Pass.Train));

    private static long Floats(MemoryPlan plan) => plan.Slots.Sum(static s => s.Copies * s.Count.At(3, 5));
}
