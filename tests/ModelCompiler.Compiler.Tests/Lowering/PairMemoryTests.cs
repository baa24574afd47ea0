using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Plan;
using ModelCompiler.Compiler.Lowering;
using ModelCompiler.Testing;

namespace ModelCompiler.Compiler.Tests.Lowering;

/// <summary>Which losses of pairs have a tensor of all similarities in a training step: of hinges alone, whatever the queue is.</summary>
public sealed class PairMemoryTests
{
    [Theory]
    [InlineData("clip")]
    [InlineData("siglip")]
    [InlineData("pairs-of-losses")]
    [InlineData("distilled-pairs")]
    [InlineData("momentum")]
    [InlineData("queue")]
    [InlineData("queue-alone")]
    [InlineData("supervised-contrastive")]
    public void Similarities_are_not_stored(string name)
    {
        var plan = Train(name);
        Assert.DoesNotContain(plan.Slots, static s => s.Count.BatchPower > 1);

        // Where there is a queue it is of 24 or 48 vectors, and nothing else of these models is as wide.
        Assert.DoesNotContain(plan.Locations.Keys, static v => v.Shape.Axes.Length == 2 && v.Shape.Rows == Extent.Batch && v.Shape.LastExtent.Factor is 24 or 48);
        Assert.Contains(plan.Program.Launches, static l => l.Kernel is Ir.Kernels.PairKernel { IsGradient: true });
    }

    [Theory]
    [InlineData("vse")]
    [InlineData("vse-hardest")]
    public void Hinges_store_them(string name) => Assert.Contains(Train(name).Slots, static s => s.Count.BatchPower > 1);

    private static MemoryPlan Train(string name) => PlanMemory.Run(ModelPrograms.Compile(ModelCases.Bind([.. ModelCases.All[name]]), Pass.Train));
}
