using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;
using ModelCompiler.Compiler.Passes;

namespace ModelCompiler.Compiler.Tests.Passes;

public sealed class ExpandTests
{
    [Fact]
    public void A_composite_becomes_what_it_is_written_with()
    {
        var b = Structure.Builder();
        using (b.Graph.Scope("tower.norm"))
        {
            b.Graph.Output("y", b.Graph.RmsNorm(b.Tensor("x", Structure.Matrix), b.Tensor("weight", Structure.Vector), 0.5));
        }

        var before = b.Graph.Build();
        var after = new Expand().Run(before);
        Assert.Equal(
            """
            normed = rms_norm(x, weight)
            y is normed
            """, Structure.Of(before));
        Assert.Equal(
            """
            square = square(x)
            row_sum = row_sum(square)
            rstd = rstd(0.5)(row_sum)
            normed = normed(x, rstd, weight)
            y is normed
            """, Structure.Of(after));
        Assert.All(after.Nodes.Where(static n => n.Op is not StructuralOp), static n => Assert.Equal(("tower.norm", "rms_norm"), (n.Path, n.Origin)));
    }

    [Fact]
    public void Every_output_of_a_composite_has_its_stand_in()
    {
        var b = Structure.Builder();
        b.Graph.Output("statistics", [.. b.Graph.ApplyAll(new LayerNormOp(0.5), b.Tensor("x", Structure.Matrix), b.Tensor("weight", Structure.Vector)).Skip(1)]);
        Assert.EndsWith("statistics is mean, rstd", Structure.Of(new Expand().Run(b.Graph.Build())));
    }

    [Fact]
    public void What_is_no_composite_stays_as_it_is_blocks_included()
    {
        var b = Structure.Builder();
        var x = b.Tensor("x", Structure.Matrix);
        var entry = b.Graph.BeginBlock(new Block("layers", 0, 3, null), b.Graph.Gelu(x))[0];
        b.Graph.Output("y", b.Graph.EndBlock(b.Graph.Add(entry, b.Graph.Tanh(entry)))[0]);
        var before = b.Graph.Build();
        Assert.Equal(Structure.Of(before), Structure.Of(new Expand().Run(before)));
    }
}
