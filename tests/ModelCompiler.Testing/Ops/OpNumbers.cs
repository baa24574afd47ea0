using System.Collections.Concurrent;
using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Reference;
using ModelCompiler.Runtime.Cpu;

namespace ModelCompiler.Testing;

/// <summary>Numbers for everything that a graph reads: drawn by name, so that every graph with that name gets the same, and as floats can hold them.</summary>
internal sealed class OpNumbers(int batch, int length, ulong seed = 0)
{
    private readonly Dictionary<string, Draw> _draws = [];
    private readonly ConcurrentDictionary<(string, int), double[]> _values = [];
    private readonly Dictionary<string, int> _inputs = [];

    public int Batch { get; } = batch;

    public int Length { get; } = length;

    /// <summary>Seed of dropout.</summary>
    public ulong Seed { get; } = seed;

    /// <summary>What dropout keeps, by element; null: it draws as the first training pass of an engine with this seed.</summary>
    public Func<long, bool>? Kept { get; set; }

    /// <summary>What the interpreter is given.</summary>
    public InterpreterData Data => new(Batch, Length, Input, Parameter, Kept is { } kept
        ? (_, element, _) => kept(element)
        : (site, element, p) => new DropoutKey(Seed, 0, (uint)site, (float)p).Keep(element) > 0);

    /// <summary>Declares how an input or parameter is drawn.</summary>
    public void Add(string name, Draw draw) => _draws[name] = draw;

    /// <summary>Declares an input of so many values.</summary>
    public void Add(string name, int count, Draw draw) => (_draws[name], _inputs[name]) = (draw, count);

    /// <summary>Values of an input; changing them changes the next run.</summary>
    public double[] Input(string name) => Values(name, -1, _inputs[name]);

    /// <summary>Values of a parameter of a layer (-1: not layered); changing them changes the next run.</summary>
    public double[] Parameter(Parameter parameter, int layer) => Values(parameter.Name, layer, parameter.Count);

    private double[] Values(string name, int layer, int count) => _values.GetOrAdd((name, layer), _ =>
    {
        var random = new Random(name.Aggregate(17, static (hash, c) => unchecked((hash * 31) + c)) + layer);
        return [.. Enumerable.Range(0, count).Select(i => (double)(float)_draws[name](random, i))];
    });
}
