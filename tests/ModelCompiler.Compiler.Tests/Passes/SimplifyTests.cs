using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;
using ModelCompiler.Compiler.Passes;

namespace ModelCompiler.Compiler.Tests.Passes;

public sealed class SimplifyTests
{
    [Fact]
    public void Equal_nodes_become_one_and_what_is_computed_of_them_too() => Simplifies(
        static (g, x) => g.Add(g.Tanh(g.Gelu(x)), g.Tanh(g.Gelu(x))),
        """
        gelu = gelu(x)
        tanh = tanh(gelu)
        sum = add(tanh, tanh)
        y is sum
        """);

    [Fact]
    public void What_nobody_uses_goes() => Simplifies(
        static (g, x) =>
        {
            g.Tanh(g.Gelu(x));
            return g.Relu(x);
        },
        """
        relu = relu(x)
        y is relu
        """);

    [Fact]
    public void Ops_that_differ_in_a_number_stay_two() => Simplifies(
        static (g, x) => g.Add(g.Dropout(x, 0, 0.5), g.Add(g.Dropout(x, 0, 0.25), g.Add(g.Dropout(x, 4096, 0.5), g.Dropout(x, 0, 0.5)))),
        """
        dropped = dropout(x)
        dropped_2 = dropout(x)
        dropped_3 = dropout(x)
        sum = add(dropped_3, dropped)
        sum_2 = add(dropped_2, sum)
        sum_3 = add(dropped, sum_2)
        y is sum_3
        """);

    [Fact]
    public void Inputs_in_another_order_stay_two() => Simplifies(
        static (g, x) => g.Add(g.Add(x, g.Gelu(x)), g.Add(g.Gelu(x), x)),
        """
        gelu = gelu(x)
        sum = add(x, gelu)
        sum_2 = add(gelu, x)
        sum_3 = add(sum, sum_2)
        y is sum_3
        """);

    [Fact]
    public void A_layer_computes_again_what_stands_outside_of_its_block()
    {
        var b = Structure.Builder();
        var x = b.Tensor("x", Structure.Matrix);
        var outside = b.Graph.Gelu(x);
        var entry = b.Graph.BeginBlock(new Block("layers", 0, 3, null), outside)[0];
        b.Graph.Output("y", b.Graph.EndBlock(b.Graph.Add(entry, b.Graph.Gelu(x)))[0]);
        Assert.Equal(
            """
            gelu = gelu(x)
            layers: gelu_3 = gelu(x)
            layers: sum = add(gelu_2, gelu_3)
            layers hands on sum, from gelu to gelu_4
            y is gelu_4
            """, Structure.Of(new Simplify().Run(b.Graph.Build())));
    }

    // Each is written straight into its parameter's gradient.
    [Fact]
    public void Equal_parts_of_gradients_stay_two()
    {
        var b = Structure.Builder();
        var (x, dy) = (b.Tensor("x", Structure.Matrix), b.Data("dy", Structure.Matrix));
        b.Graph.Gradient(b.Parameters[0], [b.Graph.Gelu(dy), b.Graph.Gelu(dy)]);
        b.Graph.Output("y", b.Graph.Add(x, b.Graph.Gelu(dy)));
        Assert.Equal(
            """
            gelu = gelu(dy)
            gelu_2 = gelu(dy)
            gelu_3 = gelu(dy)
            sum = add(x, gelu_3)
            y is sum
            gradient of x is gelu + gelu_2
            """, Structure.Of(new Simplify().Run(b.Graph.Build())));
    }

    private static void Simplifies(Func<GraphBuilder, Value, Value> build, string expected)
    {
        var b = Structure.Builder();
        b.Graph.Output("y", build(b.Graph, b.Tensor("x", Structure.Matrix)));
        Assert.Equal(expected, Structure.Of(new Simplify().Run(b.Graph.Build())));
    }
}
