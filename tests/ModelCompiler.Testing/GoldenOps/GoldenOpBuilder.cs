using ModelCompiler.Compiler.Ir.Graphs;

namespace ModelCompiler.Testing;

/// <summary>An element of a stored tensor.</summary>
internal readonly record struct GoldenElement(string Tensor, int Index);

/// <summary>What stored calls are repeated with: tensors by their stored names, and where each of our elements is stored when our layout differs.</summary>
internal sealed class GoldenOpBuilder
{
    private readonly OpBuilder _b;
    private readonly Dictionary<string, Func<int, GoldenElement>> _inputs = [];
    private readonly List<(string Name, Func<int, GoldenElement> Of)> _outputs = [];
    private Value? _result;

    /// <summary>The first extent is the number of samples: ops that run over samples need to know it.</summary>
    public GoldenOpBuilder(GoldenOpFile file) => (File, _b) = (file, new OpBuilder(new OpNumbers(file.Samples, 1)));

    public GoldenOpFile File { get; }

    public GraphBuilder Graph => _b.Graph;

    public OpNumbers Numbers => _b.Numbers;

    /// <summary>A stored input as it lies, with its gradient.</summary>
    public Value Tensor(string name) => Tensor(name, File.Shape("in." + name), i => new GoldenElement(name, i));

    /// <summary>A tensor of our own layout, with its gradient.</summary>
    public Value Tensor(string name, int[] shape, Func<int, GoldenElement> of)
    {
        _inputs.TryAdd(name, of);
        return _b.Tensor(name, Fixed(shape), (_, i) => Stored("in.", of(i)));
    }

    /// <summary>A stored input without a gradient.</summary>
    public Value Data(string name) => Data(name, Fixed(File.Shape("in." + name)), i => File.Values("in." + name)[i]);

    public Value Data(string name, Shape shape, Func<int, double> values) => _b.Data(name, shape, (_, i) => values(i));

    public Value Integers(string name) => Integers(name, File.Shape("in." + name), i => File.Values("in." + name)[i]);

    public Value Integers(string name, int[] shape, Func<int, double> values) => _b.Integers(name, Fixed(shape), (_, i) => values(i));

    /// <summary>One number for the whole call.</summary>
    public Value Number(string name, double value) => Data(name, Shape.Scalar, _ => value);

    /// <summary>The result is the stored output as it lies.</summary>
    public void Result(Value y) => Result(y, static i => new GoldenElement("y", i));

    /// <summary>The result holds elements of stored outputs; with several functions, each is one view of it.</summary>
    public void Result(Value y, params Func<int, GoldenElement>[] of)
    {
        _result = y;
        _outputs.AddRange(of.Select(static f => (f(0).Tensor, f)));
    }

    /// <summary>The call with the stored gradient arriving at its result.</summary>
    public OpProgram Program()
    {
        var y = _result!;
        Graph.Output("y", y);
        var weights = Data("weights", y.Shape, i => _outputs.Sum(o => File.Has("grad_out." + o.Name) ? Stored("grad_out.", o.Of(i)) : 0));
        Graph.Output("loss", Graph.Apply(new WeightedSumOp(), y, weights, Number("once", 1)));
        return new OpProgram(_b);
    }

    /// <summary>What is stored beside what a run gave, tensor by tensor in the stored layout.</summary>
    public IEnumerable<(string Tensor, double[] Expected, double[] Actual)> Compare(IReadOnlyDictionary<string, double[]> outputs, IReadOnlyDictionary<string, double[]> gradients)
    {
        foreach (var output in _outputs)
        {
            yield return ("out." + output.Name, File.Values("out." + output.Name), Gather("out.", [(output.Of, outputs["y"])])["out." + output.Name]);
        }

        foreach (var (name, actual) in Gather("grad.", _inputs.Select(i => (i.Value, gradients[i.Key]))))
        {
            yield return (name, File.Values(name), actual);
        }
    }

    private Dictionary<string, double[]> Gather(string role, IEnumerable<(Func<int, GoldenElement> Of, double[] Values)> parts)
    {
        var stored = new Dictionary<string, double[]>();
        foreach (var (of, values) in parts)
        {
            for (var i = 0; i < values.Length; i++)
            {
                var (tensor, index) = of(i);
                if (!stored.TryGetValue(role + tensor, out var place))
                {
                    stored.Add(role + tensor, place = [.. Enumerable.Repeat(double.NaN, File.Values(role + tensor).Length)]);
                }

                place[index] = values[i];
            }
        }

        return stored;
    }

    private double Stored(string role, GoldenElement element) => File.Values(role + element.Tensor)[element.Index];

    private static Shape Fixed(int[] extents) => new([.. extents.Select(static (extent, i) => new Axis($"d{i}", extent))]);
}
