using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Layers;

/// <summary>A norm over channels with its weight and, where it has one, bias.</summary>
internal static class NormLayer
{
    /// <param name="epsilon">Added to the variance; 0: what the options say.</param>
    public static Value Apply(ModelBuilder m, string name, Value x, TransformerAttribute o, double epsilon = 0)
    {
        epsilon = epsilon > 0 ? epsilon : o.NormEpsilon;
        using var scope = m.Scope(name);
        var weight = m.Parameter("weight", [x.Shape.Columns], ParameterKind.Vector, new Initializer.Constant(1));
        if (o.Norm == Norm.Rms)
        {
            return m.Graph.RmsNorm(x, weight, epsilon);
        }

        var bias = o.Biases.HasFlag(Biases.Norm) ? m.Parameter("bias", [x.Shape.Columns], ParameterKind.Vector, new Initializer.Constant(0)) : null;
        return m.Graph.LayerNorm(x, weight, bias, epsilon);
    }

    /// <summary>Whether a norm stands behind the last block.</summary>
    public static bool IsFinal(TransformerAttribute o) => o.FinalNorm == Toggle.On || (o.FinalNorm == Toggle.Auto && o.NormPlacement == NormPlacement.Pre);
}
