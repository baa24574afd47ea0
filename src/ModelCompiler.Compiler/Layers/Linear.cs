using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Layers;

/// <summary>y = x W^T + b, W [outputs, inputs].</summary>
internal static class Linear
{
    public static Value Apply(ModelBuilder m, string name, Value x, int outputs, bool bias, Initializer initializer)
    {
        using var scope = m.Scope(name);
        var weight = m.Parameter("weight", [outputs, x.Shape.Columns], ParameterKind.Weight, initializer);
        return Apply(m, x, weight, bias ? m.Parameter("bias", [outputs], ParameterKind.Vector, new Initializer.Constant(0)) : null, name);
    }

    /// <summary>With weights made elsewhere: shared with another layer, or several projections as one.</summary>
    public static Value Apply(ModelBuilder m, Value x, Value weight, Value? bias, string name)
    {
        var y = m.Graph.MatMul(x, weight, false, true, name);
        return bias is null ? y : m.Graph.AddBias(y, bias);
    }
}
