using ModelCompiler.Compiler.Ir.Graphs;

namespace ModelCompiler.Compiler.Layers;

/// <summary>What layers are written with: the graph's builder, and parameters and inputs by name.</summary>
/// <param name="isTraining">Whether dropout acts.</param>
/// <param name="names">Where parts are kept, and which of them learn.</param>
/// <param name="shared">Parameters that another program of the model made.</param>
internal sealed class ModelBuilder(bool isTraining, PartNames names, SharedParameters? shared = null)
{
    private readonly Dictionary<string, Parameter> _byName = [];
    private readonly Dictionary<(Parameter, Block?), Value> _values = [];
    private readonly Dictionary<string, Value> _inputs = [];
    private readonly List<Parameter> _parameters = [];
    private string _tower = "";
    private string _prefix = "";
    private bool _hasOutputs = true;
    private bool _isCopy;
    private int _sites;

    public GraphBuilder Graph { get; } = new();

    /// <summary>Parameters in the order in which the model asked for them first.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>Whether outputs go to the caller: what nothing else needs is computed then alone.</summary>
    public bool IsLookedAt { get; init; }

    /// <summary>Whether the next token is all that is asked.</summary>
    public bool IsDecoding { get; init; }

    /// <summary>Whether the tokens of the tower that is being built come bit by bit: attention leaves keys and values for those to come, and has those of what is read from a program before.</summary>
    public bool KeepsKeys { get; set; }

    /// <summary>Shape of data with one value a token of the tower that is being built.</summary>
    public Shape Tokens { get; private set; } = TokensOf(Extent.Length);

    /// <summary>The run of layers that is being built.</summary>
    public LayerRun? Run { get; set; }

    public IDisposable Scope(string name) => Graph.Scope(name);

    /// <summary>Builds a tower of several under a name, until disposed: its parameters, inputs, blocks and outputs begin with it.</summary>
    /// <param name="hasOutputs">Whether what it computes on the way is an output of the model.</param>
    /// <param name="length">Tokens of its rows; null: <see cref="Extent.Length"/>.</param>
    public IDisposable Tower(string name, bool hasOutputs, Extent? length = null)
    {
        Tokens = TokensOf(length ?? Extent.Length);
        (_tower, _hasOutputs) = ((_isCopy ? PartNames.Copies + "." : "") + name + ".", hasOutputs);
        _prefix = _tower;
        return new TowerScope(this, Scope(name));
    }

    /// <summary>Builds what stands on a tower and is the model's own, until disposed: parameters begin with the tower's name, inputs and outputs do not.</summary>
    public IDisposable Head(string tower)
    {
        (_tower, _prefix) = (tower + ".", "");
        return new TowerScope(this, Scope(tower));
    }

    /// <summary>
    /// Builds what follows as a copy, until disposed: of the same inputs, with parameters of its own that follow those of their names without <see cref="PartNames.Copies"/>, and that no
    /// gradient reaches; without outputs and dropout.
    /// </summary>
    public IDisposable Copy()
    {
        _isCopy = true;
        return new CopyScope(this, Scope(PartNames.Copies));
    }

    /// <summary>Data that the caller gives; the same name is the same input.</summary>
    public Value Input(string name, Shape shape, ElementType type = ElementType.Float)
    {
        name = PartNames.Original(_prefix) + name;
        if (!_inputs.TryGetValue(name, out var value))
        {
            _inputs.Add(name, value = Graph.Apply(new InputOp(name, shape, type)));
        }

        return value;
    }

    /// <summary>A parameter of one part, named after the current scope.</summary>
    public Value Parameter(string name, int[] shape, ParameterKind kind, Initializer initializer) =>
        Group(name, kind, new PartRequest(name, shape, initializer));

    /// <summary>Several named parts stored as one tensor, along the first axis.</summary>
    public Value Group(string name, ParameterKind kind, params PartRequest[] parts)
    {
        var full = names.Home(Full(name));
        var key = Run is null ? full : $"{Run.First}:{full}";
        if (!_byName.TryGetValue(key, out var parameter))
        {
            parameter = shared?.Find(full, Run) ?? Create(full, kind, parts);
            _byName.Add(key, parameter);
            _parameters.Add(parameter);
        }

        return Use(parameter);
    }

    /// <summary>The same tensor that another layer of the tower uses (tied weights), by its name in the tower.</summary>
    public Value Tied(string fullName) => Use(_byName[names.Home(_tower + fullName)]);

    /// <summary>A named result. Training asks for losses alone, decoding for the next token: other results would only keep memory from being used again.</summary>
    public void Output(string name, params Value[] values)
    {
        if (!isTraining && !IsDecoding && _hasOutputs && !_isCopy)
        {
            Graph.Output(_prefix.Replace('.', '_') + name, values);
        }
    }

    /// <summary>Dropout where the model trains, in towers that are not frozen as a whole, and the probability is above 0.</summary>
    public Value Dropout(Value x, double probability) =>
        DropoutSite(probability) is { Probability: > 0 } kept ? Ops.DropoutSyntax.Dropout(Graph, x, kept.Site, probability) : x;

    /// <summary>Probability of dropout in what is being built, and a place for its random numbers.</summary>
    public (double Probability, int Site) DropoutSite(double probability) => isTraining && !_isCopy && probability > 0 && !IsFrozenTower ? (probability, Site()) : (0, 0);

    /// <summary>The whole name of a stack of layers.</summary>
    public string Stack(string stack) => _tower + stack;

    /// <summary>Layers of a stack in runs that are alike, frozen parts included.</summary>
    /// <param name="isOther">Whether a layer has what others do not have.</param>
    public IReadOnlyList<LayerRun> Runs(string stack, int depth, Func<int, bool> isOther) => RunsOf([_tower + stack], depth, isOther);

    /// <summary>The same of stacks of several towers that go side by side, by their whole names; runs are of the first.</summary>
    public IReadOnlyList<LayerRun> RunsOf(IReadOnlyList<string> stacks, int depth, Func<int, bool> isOther)
    {
        string[] homes = [.. stacks.Select(names.Home)];
        var runs = new List<LayerRun>();
        string? before = null;
        for (var layer = 0; layer < depth; layer++)
        {
            var signature = string.Concat(homes.Select(h => names.FrozenOf($"{h}.{layer}") + ";")) + isOther(layer);
            if (signature == before)
            {
                runs[runs.Count - 1] = runs[runs.Count - 1] with { Count = runs[runs.Count - 1].Count + 1 };
            }
            else
            {
                runs.Add(new LayerRun(homes[0], layer, 1));
            }

            before = signature;
        }

        return runs;
    }

    // A tower that does not learn computes as in use: it gives the same for an input in every step.
    private bool IsFrozenTower => _tower.Length > 0 && names.IsFrozen(names.Home(_tower.Substring(0, _tower.Length - 1)));

    // A layer adds its number to the site: sites are far enough apart for any depth.
    private int Site() => _sites++ * 4096;

    private static Shape TokensOf(Extent length) => Shape.Of(("batch", Extent.Batch), ("length", length));

    private string Full(string name) => Graph.Path.Length == 0 ? name : $"{Graph.Path}.{name}";

    private Value Use(Parameter parameter)
    {
        var key = (parameter, Graph.Block);
        if (!_values.TryGetValue(key, out var value))
        {
            _values.Add(key, value = Graph.Apply(new ParameterOp(parameter)));
        }

        return value;
    }

    private Parameter Create(string full, ParameterKind kind, PartRequest[] requests)
    {
        var stem = full.Substring(0, full.Length - full.Split('.').Last().Length);
        var parts = new List<ParameterPart>();
        var offset = 0;
        foreach (var request in requests)
        {
            var path = Layered(requests.Length == 1 ? full : stem + request.Name);
            var first = Run is null ? path : path.Replace("{layer}", Run.First.ToString(System.Globalization.CultureInfo.InvariantCulture));
            var isFrozen = kind is ParameterKind.Constant or ParameterKind.State || _isCopy || names.IsFrozen(first);
            var part = new ParameterPart(path, request.Shape, offset, request.Initializer, request.IsAbsent, isFrozen) { Source = _isCopy && kind != ParameterKind.Constant ? PartNames.Original(path) : null };
            parts.Add(part);
            offset += part.Count;
        }

        var shape = (int[])requests[0].Shape.Clone();
        shape[0] = requests.Sum(static r => r.Shape[0]);
        return new Parameter(full, shape, kind, parts, Run);
    }

    // The scope of a layer in a run is "blocks": its parameters are "blocks.{layer}.attention...".
    private string Layered(string path) => Run is null ? path : Run.Name + ".{layer}" + path.Substring(Run.Name.Length);

    private sealed class CopyScope(ModelBuilder builder, IDisposable scope) : IDisposable
    {
        public void Dispose()
        {
            builder._isCopy = false;
            scope.Dispose();
        }
    }

    private sealed class TowerScope(ModelBuilder builder, IDisposable scope) : IDisposable
    {
        public void Dispose()
        {
            (builder._tower, builder._prefix, builder._hasOutputs, builder.Tokens) = ("", "", true, TokensOf(Extent.Length));
            scope.Dispose();
        }
    }
}

/// <summary>A part of a parameter that a layer asks for.</summary>
internal sealed record PartRequest(string Name, int[] Shape, Initializer Initializer, bool IsAbsent = false);
