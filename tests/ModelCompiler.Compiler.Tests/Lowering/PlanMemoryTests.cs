using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Plan;
using ModelCompiler.Compiler.Lowering;
using ModelCompiler.Compiler.Ops;
using ModelCompiler.Compiler.Tests.Passes;
using ModelCompiler.Testing;

namespace ModelCompiler.Compiler.Tests.Lowering;

public sealed class PlanMemoryTests
{
    public static TheoryData<string, bool> Models => new(ModelCases.All.Keys.SelectMany(static _ => new[] { true, false }, static (name, fuse) => (name, fuse)));

    public static TheoryData<string> Ops => new(OpCases.All.Keys);

    [Theory, MemberData(nameof(Models))]
    public void What_lives_at_one_moment_lies_apart_in_models(string name, bool fuse)
    {
        var model = ModelCases.Bind(ModelCases.All[name].With(("Depth", 3)));
        foreach (var pass in Enum.GetValues<Pass>().Where(p => p switch { Pass.Decode => ModelCases.Generates(ModelCases.All[name]), Pass.Prime => ModelCases.ReadsSource(ModelCases.All[name]), _ => true }))
        {
            var plan = PlanMemory.Run(ModelPrograms.Compile(model, pass, fuse));
            Assert.Empty(PlanChecker.Faults(plan, 3, 5, 4));
            Assert.Empty(PlanChecker.Faults(plan, 1, 1));
        }
    }

    [Theory, MemberData(nameof(Ops))]
    public void What_lives_at_one_moment_lies_apart_in_ops(string name)
    {
        foreach (var setting in Enum.GetValues<OpSetting>())
        {
            var program = OpCases.All[name].In(setting);
            Assert.Empty(PlanChecker.Faults(PlanMemory.Run(program.Program), program.Numbers.Batch, program.Numbers.Length));
        }
    }

    [Fact]
    public void What_a_block_reads_from_outside_lives_until_its_last_layer() => LiesApart(static (b, square) =>
    {
        var outside = b.Graph.Gelu(b.Tensor("x", Structure.Matrix));
        var entry = b.Graph.BeginBlock(new Block("layers", 0, 3, null), b.Data("start", Structure.Matrix))[0];
        var x = b.Graph.MatMul(b.Graph.Add(entry, outside), square, false, false, "first");
        x = b.Graph.MatMul(b.Graph.Tanh(x), square, false, false, "second");
        return b.Graph.EndBlock(b.Graph.MatMul(b.Graph.Tanh(x), square, false, false, "third"))[0];
    });

    [Fact]
    public void What_a_later_loop_over_the_row_reads_is_not_written_over() => LiesApart(static (b, _) =>
    {
        var pictures = b.Data("pictures", Shape.Of(("batch", Extent.Batch), ("channel", 3), ("row", 2), ("column", 2)));
        var x = b.Graph.Patchify(pictures, 3, 2, 2, 1, 1);
        b.Graph.Output("tanh", b.Graph.Tanh(x));
        return b.Graph.RmsNorm(x, b.Tensor("weight", Structure.Vector), 0.5);
    });

    // The checker itself must see what it is for.
    [Theory, InlineData("gpt"), InlineData("vit-recompute")]
    public void A_plan_with_everything_in_one_place_has_faults(string name)
    {
        var plan = PlanMemory.Run(ModelPrograms.Compile(ModelCases.Bind(ModelCases.All[name]), Pass.Train));
        var merged = plan with { Slots = [new Slot([.. plan.Slots.SelectMany(static s => s.Storages)])] };
        Assert.Contains(PlanChecker.Faults(merged, 3, 5), static f => f.Contains("is written at", StringComparison.Ordinal));
        Assert.Empty(PlanChecker.Faults(plan with { Slots = [.. plan.Slots.SelectMany(static s => s.Storages).Select(static s => new Slot([s]))] }, 3, 5));
    }

    private static void LiesApart(Func<OpBuilder, Value, Value> build)
    {
        var b = Structure.Builder();
        b.Graph.Output("y", build(b, b.Data("square", Shape.Of(("in", 3), ("out", 3)))));
        Assert.Empty(PlanChecker.Faults(PlanMemory.Run(Lower.Run(ModelPrograms.Optimize(b.Graph.Build(), Pass.Forward, false), fuse: true)), 1, 1));
    }

    [Fact]
    public void Memory_is_used_again()
    {
        var plan = PlanMemory.Run(ModelPrograms.Compile(ModelCases.Bind(ModelCases.All["gpt"]), Pass.Train));
        Assert.True(plan.Slots.Count < plan.Slots.Sum(static s => s.Storages.Count));
    }

    [Fact]
    public void Recomputing_keeps_only_what_blocks_get()
    {
        var saved = Copies(PlanMemory.Run(ModelPrograms.Compile(ModelCases.Bind(ModelCases.All["vit"].With(("Depth", 4))), Pass.Train)));
        var again = Copies(PlanMemory.Run(ModelPrograms.Compile(ModelCases.Bind(ModelCases.All["vit-recompute"].With(("Depth", 4))), Pass.Train)));
        Assert.True(saved.Count > 5);
        Assert.Equal([5], again);

        static IReadOnlyList<int> Copies(MemoryPlan plan) => [.. plan.Slots.SelectMany(static s => s.Storages).Select(static s => s.Copies).Where(static c => c > 2)];
    }
}
