using ModelCompiler.Compiler.Ir.Graphs;

namespace ModelCompiler.Compiler.Layers;

/// <summary>Initial distributions by role.</summary>
internal static class Initial
{
    /// <summary>A projection with so many inputs and outputs.</summary>
    public static Initializer Projection(TransformerAttribute o, int inputs, int outputs) => o.Initialization switch
    {
        Initialization.TruncatedNormal => new Initializer.Truncated(o.InitialDeviation),
        Initialization.Xavier => new Initializer.Uniform(Math.Sqrt(6.0 / (inputs + outputs))),
        _ => new Initializer.Normal(o.InitialDeviation),
    };

    /// <summary>A projection whose output is added to the residual stream.</summary>
    public static Initializer Residual(TransformerAttribute o, int inputs, int outputs) => o.Initialization == Initialization.ScaledNormal
        ? new Initializer.Normal(o.InitialDeviation / Math.Sqrt(2.0 * o.Depth))
        : Projection(o, inputs, outputs);

    /// <summary>A table that is looked up, or tokens of the model's own.</summary>
    public static Initializer Table(TransformerAttribute o) => o.Initialization == Initialization.TruncatedNormal
        ? new Initializer.Truncated(o.InitialDeviation)
        : new Initializer.Normal(o.InitialDeviation);
}
