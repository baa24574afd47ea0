using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;
using ModelCompiler.Compiler.Passes;

namespace ModelCompiler.Compiler.Tests.Passes;

public sealed class IsolateCarriesTests
{
    [Fact]
    public void A_carry_that_nothing_else_reads_stays_as_it_is() => Isolates(
        static (g, x) => g.Gelu(x), static (g, entry) => g.Tanh(entry),
        """
        gelu = gelu(x)
        layers: tanh = tanh(gelu_2)
        layers hands on tanh, from gelu to gelu_3
        y is gelu_3
        """);

    [Fact]
    public void A_carry_that_begins_with_a_parameter_begins_with_a_copy() => Isolates(
        static (_, x) => x, static (g, entry) => g.Tanh(entry),
        """
        copy = copy(x)
        layers: tanh = tanh(copy_2)
        layers hands on tanh, from copy to copy_3
        y is copy_3
        """);

    [Fact]
    public void A_carry_that_begins_with_what_is_read_besides_begins_with_a_copy() => Isolates(
        static (g, x) =>
        {
            var gelu = g.Gelu(x);
            g.Output("first", gelu);
            return gelu;
        },
        static (g, entry) => g.Tanh(entry),
        """
        gelu = gelu(x)
        copy = copy(gelu)
        layers: tanh = tanh(copy_2)
        layers hands on tanh, from copy to copy_3
        first is gelu
        y is copy_3
        """);

    [Fact]
    public void A_layer_that_hands_on_what_it_got_hands_on_a_copy() => Isolates(
        static (g, x) => g.Gelu(x), static (_, entry) => entry,
        """
        gelu = gelu(x)
        layers: copy = copy(gelu_2)
        layers hands on copy, from gelu to gelu_3
        y is gelu_3
        """);

    [Fact]
    public void Carries_that_hand_on_the_same_hand_on_copies()
    {
        var b = Structure.Builder();
        var x = b.Tensor("x", Structure.Matrix);
        var entries = b.Graph.BeginBlock(new Block("layers", 0, 3, null), b.Graph.Gelu(x), b.Graph.Tanh(x));
        var sum = b.Graph.Add(entries[0], entries[1]);
        b.Graph.Output("y", [.. b.Graph.EndBlock(sum, sum)]);
        Assert.Equal(
            """
            gelu = gelu(x)
            tanh = tanh(x)
            layers: sum = add(gelu_2, tanh_2)
            layers: copy = copy(sum)
            layers: copy_2 = copy(sum)
            layers hands on copy, from gelu to gelu_3
            layers hands on copy_2, from tanh to tanh_3
            y is gelu_3, tanh_3
            """, Structure.Of(new IsolateCarries().Run(b.Graph.Build())));
    }

    private static void Isolates(Func<GraphBuilder, Value, Value> initial, Func<GraphBuilder, Value, Value> layer, string expected)
    {
        var b = Structure.Builder();
        var entry = b.Graph.BeginBlock(new Block("layers", 0, 3, null), initial(b.Graph, b.Tensor("x", Structure.Matrix)))[0];
        b.Graph.Output("y", b.Graph.EndBlock(layer(b.Graph, entry))[0]);
        Assert.Equal(expected, Structure.Of(new IsolateCarries().Run(b.Graph.Build())));
    }
}
