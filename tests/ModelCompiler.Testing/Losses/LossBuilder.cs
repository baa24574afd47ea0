using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Testing;

/// <summary>What graphs of stored losses are written with: parameters and inputs as a folder holds them.</summary>
/// <param name="inputs">Where values are kept that the folder does not hold so, by the names of inputs.</param>
internal sealed class LossBuilder(LossFolder folder, ModelBuilder model, Dictionary<string, double[]> inputs)
{
    public ModelBuilder Model => model;

    public GraphBuilder Graph => model.Graph;

    /// <summary>A tensor that learns, as it is stored.</summary>
    public Value Parameter(string name) => Parameter(name, folder.Model[StoredLoss.Theirs(name, folder.Model)].Shape is { Length: > 0 } shape ? shape : [1]);

    public Value Parameter(string name, int[] shape) => model.Parameter(name, shape, ParameterKind.Weight, new Initializer.Constant(0));

    /// <summary>Rows that are data.</summary>
    public Value Given(string name)
    {
        var shape = folder.Inputs[name].Shape;
        return model.Input(name, Shape.Of(("row", shape[0]), ("width", shape[1])));
    }

    /// <summary>Vectors of past batches [keys, width]: the references' queues have a column for each.</summary>
    public Value Queue(string name, IReadOnlyDictionary<string, StoredTensor> tensors)
    {
        var shape = tensors[name].Shape;
        return Graph.Transpose(model.Input(name, Shape.Of(("width", shape[0]), ("key", shape[1]))));
    }

    public Value Input(string name, double[] values, ElementType type = ElementType.Float) => Input(name, Shape.Of(("row", values.Length)), values, type);

    /// <summary>1 / a count.</summary>
    public Value Mean(string name, int count) => Input(name, Shape.Scalar, [1.0 / count]);

    private Value Input(string name, Shape shape, double[] values, ElementType type = ElementType.Float)
    {
        inputs[name] = values;
        return model.Input(name, shape, type);
    }
}
