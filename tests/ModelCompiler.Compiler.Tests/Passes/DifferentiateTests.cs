using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;
using ModelCompiler.Compiler.Passes;
using ModelCompiler.Testing;

namespace ModelCompiler.Compiler.Tests.Passes;

public sealed class DifferentiateTests
{
    [Fact]
    public void Each_ops_own_rule_is_applied_from_the_loss_backwards() => Assert.Equal(
        """
        gelu = gelu(x)
        loss = weighted_sum(gelu, weights, scale)
        one = one()
        weighted_sum_gradient = weighted_sum_gradient(gelu, weights, scale, one)
        d_gelu = gelu_gradient(x, weighted_sum_gradient)
        loss is loss
        gradient of x is d_gelu
        """, Differentiated(static b => b.Graph.Gelu(b.Tensor("x", Structure.Matrix))));

    [Fact]
    public void Gradients_of_a_tensor_that_is_read_twice_are_added() => Assert.Equal(
        """
        gelu = gelu(x)
        tanh = tanh(gelu)
        relu = relu(gelu)
        sum = add(tanh, relu)
        loss = weighted_sum(sum, weights, scale)
        one = one()
        weighted_sum_gradient = weighted_sum_gradient(sum, weights, scale, one)
        d_relu = relu_gradient(gelu, weighted_sum_gradient)
        d_tanh = tanh_gradient(gelu, weighted_sum_gradient)
        sum_2 = add(d_relu, d_tanh)
        d_gelu = gelu_gradient(x, sum_2)
        loss is loss
        gradient of x is d_gelu
        """, Differentiated(static b =>
        {
            var gelu = b.Graph.Gelu(b.Tensor("x", Structure.Matrix));
            return b.Graph.Add(b.Graph.Tanh(gelu), b.Graph.Relu(gelu));
        }));

    [Fact]
    public void A_gradient_that_is_passed_on_to_parameters_is_copied_for_each() => Assert.EndsWith(
        """
        copy = copy(weighted_sum_gradient)
        copy_2 = copy(weighted_sum_gradient)
        loss is loss
        gradient of x is copy
        gradient of z is copy_2
        """, Differentiated(static b => b.Graph.Add(b.Tensor("x", Structure.Matrix), b.Tensor("z", Structure.Matrix))));

    [Fact]
    public void Nothing_is_computed_for_what_does_not_learn()
    {
        var text = Differentiated(static b => b.Graph.Add(b.Graph.Gelu(b.Data("pictures", Structure.Matrix)), b.Graph.Tanh(b.Tensor("x", Structure.Matrix))));
        Assert.Contains("d_tanh = tanh_gradient(x, weighted_sum_gradient)", text);
        Assert.DoesNotContain("gelu_gradient", text);
        Assert.EndsWith("gradient of x is d_tanh", text);
    }

    [Fact]
    public void A_block_gets_a_mirror_that_runs_backwards_and_reads_what_it_kept() => Assert.Equal(
        """
        layers: sum = add(start_2, x)
        layers: gelu = gelu(sum)
        loss = weighted_sum(start_3, weights, scale)
        one = one()
        weighted_sum_gradient = weighted_sum_gradient(start_3, weights, scale, one)
        layers_backward: d_gelu = gelu_gradient(sum, weighted_sum_gradient_2)
        layers_backward: copy = copy(d_gelu)
        copy_2 = copy(weighted_sum_gradient_3)
        layers hands on gelu, from start to start_3
        layers_backward hands on d_gelu, from weighted_sum_gradient to weighted_sum_gradient_3
        loss is loss
        gradient of x is copy
        gradient of start is copy_2
        """, Structure.Of(Differentiate.Run(Chain(), "loss", recompute: false)));

    [Fact]
    public void With_recompute_the_mirror_repeats_the_block_from_its_carry() => Assert.Contains(
        """
        layers_backward: sum_2 = add(start_2, x_2)
        layers_backward: gelu_2 = gelu(sum_2)
        layers_backward: d_gelu = gelu_gradient(sum_2, weighted_sum_gradient_2)
        """, Structure.Of(Differentiate.Run(Chain(), "loss", recompute: true)));

    [Fact]
    public void Mirrors_are_reverse_blocks_of_their_blocks()
    {
        var blocks = Differentiate.Run(Chain(), "loss", recompute: false).Blocks.ToArray();
        Assert.Equal([("layers", false), ("layers_backward", true)], blocks.Select(static b => (b.Name, b.IsReverse)));
        Assert.Same(blocks[0], blocks[1].Mirror);
        Assert.Equal([2, 1, 0], blocks[1].Layers);
    }

    // A rule that knows nothing of it would leave that part of the gradient out.
    [Fact]
    public void A_loss_that_depends_on_what_is_only_kept_for_backward_is_refused()
    {
        var b = Structure.Builder();
        var outputs = b.Graph.ApplyAll(new LayerNormOp(0.5), b.Tensor("x", Structure.Matrix), b.Tensor("weight", Structure.Vector));
        b.Graph.Output("loss", b.Graph.Add(b.Weighted(outputs[0], "weights"), b.Weighted(outputs[1], "mean_weights")));
        var problem = Assert.Throws<GraphException>(() => Differentiate.Run(b.Graph.Build(), "loss", recompute: false));
        Assert.Contains("the loss depends on 'mean'", problem.Message);
    }

    private static Graph Chain()
    {
        var b = Structure.Builder();
        _ = (b.Data("weights", Structure.Matrix), b.Scale);
        var start = b.Tensor("start", Structure.Matrix);
        b.Run = new LayerRun("layers", 0, 3);
        var entry = b.Graph.BeginBlock(new Block("layers", 0, 3, null), start)[0];
        b.Graph.Output("loss", b.Weighted(b.Graph.EndBlock(b.Graph.Gelu(b.Graph.Add(entry, b.Tensor("x", Structure.Matrix))))[0], "weights"));
        return b.Graph.Build();
    }

    private static string Differentiated(Func<OpBuilder, Value> build)
    {
        var b = Structure.Builder();
        b.Graph.Output("loss", b.Weighted(build(b), "weights"));
        return Structure.Of(Differentiate.Run(b.Graph.Build(), "loss", recompute: false));
    }
}
