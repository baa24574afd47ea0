using ModelCompiler.Compiler.Reference;
using ModelCompiler.Testing;

namespace ModelCompiler.Compiler.Tests;

/// <summary>Whole models compiled in two ways that must mean the same, in double precision.</summary>
public sealed class EquivalenceTests
{
    // Sums are added in other orders; models here are a few hundred terms wide.
    private static readonly double s_tolerance = Tolerances.Double(1000);

    public static TheoryData<string> Cases => new(ModelCases.All.Keys);

    public static TheoryData<string> Towers => new(ModelCases.Towers);

    /// <summary>Towers of which nothing is frozen.</summary>
    public static TheoryData<string> PlainCases => new(ModelCases.Towers.Where(static c => ModelCases.All[c].All(static a => a.Name != "Freeze")));

    [Theory, MemberData(nameof(Cases))]
    public void Fused_equals_unfused(string name)
    {
        var model = new InterpretedModel(name);
        Assert.Null(Comparison.Of(model.Train(fuse: false), model.Train(), s_tolerance, name));
    }

    // Dropout too: what was dropped is drawn again, not kept.
    [Theory, MemberData(nameof(Cases))]
    public void Recomputed_equals_saved(string name) => Assert.Null(Comparison.Of(
        new InterpretedModel(ModelCases.All[name].With(("Recompute", false))).Train(), new InterpretedModel(ModelCases.All[name].With(("Recompute", true))).Train(), s_tolerance, name));

    [Theory, MemberData(nameof(Towers))]
    public void Hidden_states_change_nothing_else(string name)
    {
        var without = new InterpretedModel(ModelCases.All[name].With(("HiddenStates", false)));
        var with = new InterpretedModel(ModelCases.All[name].With(("HiddenStates", true)));
        Assert.Null(Comparison.Of(without.Train(), with.Train(), s_tolerance, name));
        var states = with.Evaluate();
        var outputs = states.Outputs.Where(static o => o.Key != "hidden_states").ToDictionary();
        Assert.Equal(states.Outputs.Count - 1, outputs.Count);
        Assert.Null(Comparison.Of(without.Evaluate(), states with { Outputs = outputs }, s_tolerance, name));
    }

    [Theory, MemberData(nameof(PlainCases))]
    public void Frozen_layers_split_the_blocks_and_change_nothing_else(string name)
    {
        var deep = ModelCases.All[name].With(("Depth", 4));
        var free = new InterpretedModel(deep);
        var frozen = new InterpretedModel([.. deep, ModelCases.Freeze("blocks.1", "blocks.2.feed_forward.up")]);
        Assert.Equal(4, frozen.Parameters.Select(static p => p.Run).Where(static r => r is not null).Distinct().Count());
        Assert.Null(Comparison.Of(free.Evaluate(), frozen.Evaluate(), s_tolerance, name));

        // Each stretch of layers that are alike has places of its own for dropout: other elements are dropped.
        if (!free.HasDropout)
        {
            SameForTrained(free.Train(), frozen.Train(), static g =>
                g.EndsWith(" 1", StringComparison.Ordinal) || (g.StartsWith("blocks.feed_forward.up", StringComparison.Ordinal) && g.EndsWith(" 2", StringComparison.Ordinal)));
        }
    }

    [Theory, MemberData(nameof(PlainCases))]
    public void Frozen_embeddings_have_no_gradient_and_change_nothing_else(string name)
    {
        var free = new InterpretedModel(name);
        var frozen = new InterpretedModel([.. ModelCases.All[name], ModelCases.Freeze("embeddings")]);
        Assert.Null(Comparison.Of(free.Evaluate(), frozen.Evaluate(), s_tolerance, name));
        SameForTrained(free.Train(), frozen.Train(), static gradient => gradient.StartsWith("embeddings.", StringComparison.Ordinal));
    }

    private static void SameForTrained(InterpreterResult free, InterpreterResult frozen, Func<string, bool> isFrozen)
    {
        var trained = Comparison.ByName(frozen);
        foreach (var (name, gradient) in Comparison.ByName(free))
        {
            Assert.Equal(!isFrozen(name), trained.ContainsKey(name));
            Assert.Null(isFrozen(name) ? null : Comparison.Of(gradient, trained[name], s_tolerance, name));
        }

        Assert.Equal(free.Outputs["loss"], frozen.Outputs["loss"], (a, b) => Comparison.Of(a, b, s_tolerance, "loss") is null);
    }
}
