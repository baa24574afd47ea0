using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Kernels;

namespace ModelCompiler.Compiler.Reference;

/// <summary>
/// Runs a program in double precision, one element after the other: the plain version that every back end is compared with.
/// Nothing here is fast and nothing is planned: every value of every layer has memory of its own. What is stored narrow is rounded when
/// a kernel has run, so a kernel goes on with what it computed, as in every back end.
/// </summary>
internal sealed class KernelInterpreter
{
    private readonly Dictionary<(Value, int), double[]> _values = [];
    private readonly Dictionary<(Parameter, int), double[]> _gradients = [];
    private readonly Dictionary<Value, (Carry Carry, Block Block)> _entries;
    private readonly Dictionary<Value, (Carry Carry, Block Block)> _results;
    private readonly Program _program;
    private readonly InterpreterData _data;

    private KernelInterpreter(Program program, InterpreterData data)
    {
        (_program, _data) = (program, data);
        var carries = program.Graph.Blocks.SelectMany(static b => b.Carries.Select(c => (Carry: c, Block: b))).ToArray();
        _entries = carries.ToDictionary(static c => c.Carry.Entry);
        _results = carries.ToDictionary(static c => c.Carry.Result);
    }

    /// <summary>Runs the program once.</summary>
    public static InterpreterResult Run(Program program, InterpreterData data)
    {
        var interpreter = new KernelInterpreter(program, data);
        foreach (var stage in program.Stages)
        {
            if (stage.Block is { } block)
            {
                foreach (var layer in block.Layers)
                {
                    interpreter.RunAll(stage.Launches, layer);
                }
            }
            else
            {
                interpreter.RunAll(stage.Launches, -1);
            }
        }

        return new InterpreterResult(
            program.Graph.Outputs.ToDictionary(static o => o.Name, interpreter.Output),
            interpreter._gradients.ToDictionary(static g => (g.Key.Item1, g.Key.Item2), static g => g.Value));
    }

    private void RunAll(IReadOnlyList<Launch> launches, int layer)
    {
        foreach (var launch in launches)
        {
            var buffers = launch.Arguments.Select((a, i) => Buffer(launch.Kernel.Operands[i], a, layer)).ToArray();
            KernelInterpreters.Run(launch.Kernel, new KernelCall(buffers, _data.Batch, _data.Length, layer < 0 ? 0 : layer, _data.Keep, _data.Cache, _data.Second));
            foreach (var (operand, buffer) in launch.Kernel.Operands.Zip(buffers, static (o, b) => (o, b)).Where(static o => o.o is { IsOutput: true, Type: ElementType.BFloat16 }))
            {
                Narrow.Round(buffer);
            }
        }
    }

    private double[] Buffer(Operand operand, Argument argument, int layer)
    {
        switch (argument)
        {
            case Argument.Gradient g:
                var key = (g.Parameter, g.Parameter.Run is null ? -1 : layer);
                if (!_gradients.TryGetValue(key, out var sum))
                {
                    _gradients.Add(key, sum = new double[g.Parameter.Count]);
                }

                if (g.IsFirst)
                {
                    Array.Clear(sum, 0, sum.Length); // it overwrites what is there
                }

                return sum;
            case Argument.Tensor { Value: var value } when operand.IsOutput:
                var at = (value, value.Producer.Block is null ? -1 : layer);
                if (!_values.TryGetValue(at, out var made))
                {
                    _values.Add(at, made = new double[value.Shape.Count.At(_data.Batch, _data.Length, _data.Second)]);
                }

                return made;
            case Argument.Tensor { Value: var value }:
                return Read(value, layer);
            default:
                throw new InvalidOperationException("no such argument");
        }
    }

    private double[] Read(Value value, int layer)
    {
        switch (value.Producer.Op)
        {
            case InputOp input:
                return _data.Inputs(input.InputName);
            case ParameterOp p:
                return _data.Parameters(p.Parameter, p.Parameter.Run is null ? -1 : layer);
            case CarryOp:
                var (carry, block) = _entries[value];
                var before = block.IsReverse ? layer + 1 : layer - 1;
                return block.Layers.First() == layer ? Read(carry.Initial, -1) : _values[(carry.Next, before)];
            case ResultOp:
                var (done, from) = _results[value];
                return _values[(done.Next, from.Layers.Last())];
            default:
                return _values[(value, value.Producer.Block is null ? -1 : layer)];
        }
    }

    private double[] Output(GraphOutput output) => [.. output.Values.SelectMany(v =>
        v.Producer.Block is { } block ? block.Layers.SelectMany(layer => Read(v, layer)) : Read(v, -1))];
}

/// <summary>What a run is given.</summary>
/// <param name="Inputs">Values of an input; whole numbers as they are.</param>
/// <param name="Parameters">Values of a parameter of a layer (-1: not layered).</param>
/// <param name="Keep">Whether dropout keeps (site with the layer added, element).</param>
/// <param name="Cache">What earlier runs left for this one; only programs that decode need it.</param>
internal sealed record InterpreterData(
    int Batch, int Length, Func<string, double[]> Inputs, Func<Parameter, int, double[]> Parameters, Func<int, long, double, bool>? Keep = null, InterpretedCache? Cache = null)
{
    /// <summary>Length of the second text of two that meet.</summary>
    public int Second { get; init; } = 1;
}

/// <summary>Outputs by name, gradients by parameter and layer (-1: not layered).</summary>
internal sealed record InterpreterResult(IReadOnlyDictionary<string, double[]> Outputs, IReadOnlyDictionary<(Parameter Parameter, int Layer), double[]> Gradients);
