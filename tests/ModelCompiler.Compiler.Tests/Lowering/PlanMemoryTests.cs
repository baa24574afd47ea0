using ModelCompiler.Compiler.Ir.Plan;
using ModelCompiler.Compiler.Lowering;
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
        foreach (var pass in Enum.GetValues<Pass>())
        {
            var plan = PlanMemory.Run(ModelPrograms.Compile(model, pass, fuse));
            Assert.Empty(PlanChecker.Faults(plan, 3, model.Architecture is TextTransformerAttribute ? 5 : 1));
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

    // The checker itself must see what it is for.
    [Theory, InlineData("gpt"), InlineData("vit-recompute")]
    public void A_plan_with_everything_in_one_place_has_faults(string name)
    {
        var plan = PlanMemory.Run(ModelPrograms.Compile(ModelCases.Bind(ModelCases.All[name]), Pass.Train));
        var merged = plan with { Slots = [new Slot([.. plan.Slots.SelectMany(static s => s.Storages)])] };
        Assert.Contains(PlanChecker.Faults(merged, 3, 5), static f => f.Contains("is written at", StringComparison.Ordinal));
        Assert.Empty(PlanChecker.Faults(plan with { Slots = [.. plan.Slots.SelectMany(static s => s.Storages).Select(static s => new Slot([s]))] }, 3, 5));
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
