using ModelCompiler.Compiler.Ir.Kernels;
using ModelCompiler.Compiler.Lowering;
using ModelCompiler.Compiler.Ops;
using ModelCompiler.Compiler.Tests.Passes;
using ModelCompiler.Testing;

namespace ModelCompiler.Compiler.Tests.Lowering;

/// <summary>Which kernels come of which graphs; kernels are named after what was fused.</summary>
public sealed class FusionTests
{
    [Fact]
    public void A_pre_norm_block_is_seven_kernels() => Assert.Equal(
        ["layer_norm", "matmul_add_bias", "attention", "matmul_add_bias_add", "layer_norm", "matmul_add_bias_gelu", "matmul_add_bias_add"],
        Kernels("gpt", Pass.Forward, "blocks"));

    [Fact]
    public void A_post_norm_block_is_seven_kernels() => Assert.Equal(
        ["matmul_add_bias", "attention", "matmul_add_bias_add", "layer_norm", "matmul_add_bias_gelu_tanh", "matmul_add_bias_add", "layer_norm"],
        Kernels("vit-post", Pass.Forward, "blocks"));

    [Fact]
    public void Dropout_and_layer_scale_run_in_the_epilogues_of_products() => Assert.All(
        ["vit-registers", "vit-dropout"], static name => Assert.Equal(7, Kernels(name, Pass.Train, "blocks").Count));

    [Fact]
    public void Every_product_of_a_blocks_backward_pass_is_a_kernel_and_little_else_is()
    {
        var kernels = Kernels("gpt", Pass.Train, "blocks_backward");
        Assert.Equal(8, kernels.Count(static k => k.StartsWith("matmul_gradient", StringComparison.Ordinal)));
        Assert.Single(kernels, "attention_gradient");
        Assert.Single(kernels, "matmul_gradient_gelu_gradient");
        Assert.Equal(2, kernels.Count(static k => k.Contains("layer_norm_gradient_add", StringComparison.Ordinal)));
        Assert.InRange(kernels.Count, 13, 13);
    }

    [Theory, InlineData("gpt"), InlineData("vit"), InlineData("bert")]
    public void Softmax_cross_entropy_and_its_gradient_are_one_pass_over_the_logits(string name)
    {
        var program = ModelPrograms.Compile(ModelCases.Bind(ModelCases.All[name]), Pass.Train);
        var launch = program.Launches.First(static l => l.Kernel.Name.StartsWith("cross_entropy", StringComparison.Ordinal));
        var kernel = Assert.IsType<RowKernel>(launch.Kernel);
        Assert.StartsWith("cross_entropy_and_gradient", kernel.Name, StringComparison.Ordinal);
        Assert.Single(kernel.Operands, static o => !o.IsOutput && o.Shape.LastExtent.IsConstant && o.Shape.Columns > 1);
        Assert.Equal(2, new RowLevels(kernel).Highest);
    }

    // Eleven of one loop of this model had no end in pocl's compiler.
    [Fact]
    public void A_kernel_makes_no_more_sums_of_a_row_than_compilers_bear()
    {
        int[] sums = [.. ModelPrograms.Compile(ModelCases.Bind(ModelCases.All["blip2-pretraining"]), Pass.Train).Launches.Select(static l => l.Kernel).OfType<RowKernel>().Select(static k => k.Steps.OfType<RowStep.Reduce>().Count())];
        Assert.Equal(Group.MostReductions, sums.Max());
    }

    // The product would have to be finished before the row kernel that reads it element by element can be joined to what it feeds.
    [Fact]
    public void Groups_do_not_join_across_what_stands_between_them()
    {
        var b = Structure.Builder();
        var x = b.Graph.Gelu(b.Tensor("x", Structure.Matrix));
        var product = b.Graph.MatMul(x, b.Tensor("square", Compiler.Ir.Graphs.Shape.Of(("in", 3), ("out", 3))), false, false, "product");
        b.Graph.Output("y", b.Graph.LayerNorm(b.Graph.Add(x, product), b.Tensor("weight", Structure.Vector), null, 0.5));
        var names = Lower.Run(ModelPrograms.Optimize(b.Graph.Build(), Pass.Forward, false), fuse: true).Launches.Select(static l => l.Kernel.Name);
        Assert.Equal(["gelu", "matmul_add", "layer_norm"], names);
    }

    [Theory, InlineData(true, 1), InlineData(false, 7)]
    public void Without_fusion_every_node_is_a_kernel(bool fuse, int count)
    {
        var b = Structure.Builder();
        b.Graph.Output("y", b.Graph.LayerNorm(b.Graph.Gelu(b.Tensor("x", Structure.Matrix)), b.Tensor("weight", Structure.Vector), null, 0.5));
        Assert.Equal(count, Lower.Run(ModelPrograms.Optimize(b.Graph.Build(), Pass.Forward, false), fuse).Launches.Count());
    }

    private static IReadOnlyList<string> Kernels(string name, Pass pass, string block) =>
        [.. ModelPrograms.Compile(ModelCases.Bind(ModelCases.All[name]), pass).Stages.Single(s => s.Block?.Name == block).Launches.Select(static l => l.Kernel.Name)];
}
