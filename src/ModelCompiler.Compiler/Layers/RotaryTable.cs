using ModelCompiler.Compiler.Ir.Graphs;

namespace ModelCompiler.Compiler.Layers;

/// <summary>What <see cref="Positions.Rotary"/> reads in every block and is made before them: cosines and sines of every position, and the tokens' positions.</summary>
internal static class RotaryTable
{
    public const string Name = "rotary";

    public static void Add(ModelBuilder m, TextTransformerAttribute o)
    {
        if (o.Positions == Positions.Rotary)
        {
            m.Input("positions", m.Tokens, ElementType.Integer);
            m.Parameter(Name, [2 * o.Context, AttentionSize.Of(o).HeadWidth / 2], ParameterKind.Constant, new Initializer.Rotary(o.RotaryBase));
        }
    }
}
