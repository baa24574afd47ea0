using ModelCompiler.Compiler.Ir.Graphs;

namespace ModelCompiler.Compiler.Lowering;

/// <summary>Where a parameter is in the arena, in floats; layered ones repeat at a stride.</summary>
internal sealed record ParameterPlace(Parameter Parameter, long Offset, long LayerStride);

/// <summary>
/// The arena of parameters: what trains first, so that gradients and optimizer state are arrays of just that length, then what is
/// frozen or constant. The parameters of a layer lie together, layer after layer.
/// </summary>
internal sealed class ParameterLayout
{
    private readonly Dictionary<Parameter, ParameterPlace> _places = [];

    public ParameterLayout(IReadOnlyList<Parameter> parameters)
    {
        Parameters = parameters;
        TrainableFloats = Place(parameters.Where(static p => p.IsTrainable), 0);
        TotalFloats = Place(parameters.Where(static p => !p.IsTrainable), TrainableFloats);
    }

    public IReadOnlyList<Parameter> Parameters { get; }

    public long TrainableFloats { get; }

    public long TotalFloats { get; }

    public ParameterPlace Of(Parameter parameter) => _places[parameter];

    private long Place(IEnumerable<Parameter> parameters, long at)
    {
        foreach (var run in parameters.GroupBy(static p => p.Run))
        {
            var start = at;
            var placed = new List<(Parameter Parameter, long Offset)>();
            foreach (var parameter in run)
            {
                placed.Add((parameter, at));
                at = checked(at + Aligned(parameter.Count));
            }

            var stride = at - start;
            foreach (var (parameter, offset) in placed)
            {
                _places.Add(parameter, new ParameterPlace(parameter, offset, run.Key is null ? 0 : stride));
            }

            at = checked(start + (stride * (run.Key?.Count ?? 1)));
        }

        return at;
    }

    private static long Aligned(long count) => (count + 31) / 32 * 32;
}
