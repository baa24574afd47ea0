using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Testing;

namespace ModelCompiler.Compiler.Tests;

/// <summary>The table of ops is complete: a new op without rows is found here.</summary>
public sealed class OpTableTests
{
    private static readonly Type[] s_ops = [.. typeof(Op).Assembly.GetTypes().Where(static t => t.IsSubclassOf(typeof(Op)) && !t.IsAbstract && !t.IsSubclassOf(typeof(StructuralOp)))];

    public static TheoryData<string> Refusals => new(OpCases.Refusals.Keys);

    public static TheoryData<string> MadeOps => new(OpCases.MadeBy.Keys.Select(static t => t.Name));

    [Fact]
    public void Every_op_has_rows_or_is_made_by_one_that_has()
    {
        var rows = OpCases.All.Values.Select(static c => c.Op).Distinct().ToArray();
        Assert.Equal(s_ops.Select(static t => t.Name).Order(), rows.Concat(OpCases.MadeBy.Keys).Select(static t => t.Name).Order());
        Assert.Empty(OpCases.MadeBy.Values.Except(rows));
    }

    [Fact]
    public void Every_op_with_rows_refuses_something() =>
        Assert.Equal(s_ops.Except(OpCases.MadeBy.Keys).Select(static t => t.Name).Order(), OpCases.Refusals.Values.Select(static r => r.Op.Name).Distinct().Order());

    [Fact]
    public void Rows_apply_the_op_that_they_are_rows_of()
    {
        foreach (var row in OpCases.All.Values)
        {
            var b = new OpBuilder(new OpNumbers(row.Batch, row.Length));
            row.Build(b);
            Assert.Contains(row.Op, b.Graph.Nodes.Select(static n => n.Op.GetType()));
        }
    }

    [Theory, MemberData(nameof(MadeOps))]
    public void Ops_that_gradients_and_expansions_are_made_of_have_none_themselves(string name)
    {
        var (made, by) = OpCases.MadeBy.Single(m => m.Key.Name == name);
        var node = OpCases.All.Values.Where(c => c.Op == by).SelectMany(static c => c.In(OpSetting.Alone).Optimized.Nodes).First(n => n.Op.GetType() == made);
        var problem = Assert.Throws<GraphException>(() => node.Op.Gradient(new GraphBuilder(), node.Inputs, node.Outputs, node.Outputs));
        Assert.Contains("made after differentiation", problem.Message);
    }

    [Theory, MemberData(nameof(Refusals))]
    public void Inputs_that_do_not_fit_are_refused_with_op_place_and_shapes(string name)
    {
        var b = new OpBuilder(new OpNumbers(2, 5));
        using var scope = b.Graph.Scope("tower.head");
        var problem = Assert.Throws<GraphException>(() => OpCases.Refusals[name].Build(b));
        Assert.Contains(OpCases.Refusals[name].Message, problem.Message);
        Assert.Contains("at 'tower.head' of [", problem.Message);
    }
}
