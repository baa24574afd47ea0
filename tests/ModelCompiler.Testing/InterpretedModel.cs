using ModelCompiler.Compiler;
using ModelCompiler.Compiler.Architectures;
using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Reference;
using ModelCompiler.Compiler.Spec;
using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Cpu;
using Initializer = ModelCompiler.Compiler.Ir.Graphs.Initializer;
using Parameter = ModelCompiler.Compiler.Ir.Graphs.Parameter;
using Pass = ModelCompiler.Compiler.Pass;

namespace ModelCompiler.Testing;

/// <summary>A case run by the interpreter in double, with weights and inputs drawn by name.</summary>
internal sealed class InterpretedModel
{
    private readonly Dictionary<string, double[]> _inputs = [];
    private readonly Dictionary<string, InputOp> _shapes;
    private readonly Dictionary<(string, int), double[]> _parameters = [];
    private readonly Dictionary<(Pass, bool), Compiler.Ir.Kernels.Program> _programs = [];
    private readonly BoundModel _model;
    private readonly InterpreterData _data;
    private readonly ulong _seed;

    /// <param name="name">A case of <see cref="ModelCases"/>.</param>
    /// <param name="seed">Seed of dropout: the first training pass of a model with this seed.</param>
    public InterpretedModel(string name, int batch = 3, int length = 5, ulong seed = 0)
        : this(ModelCases.All[name], batch, length, seed)
    {
    }

    public InterpretedModel(AttributeSpec[] attributes, int batch = 3, int length = 5, ulong seed = 0)
        : this(ModelCases.Bind(attributes), batch, length, seed)
    {
    }

    private InterpretedModel(BoundModel model, int batch, int length, ulong seed)
    {
        (_model, _seed) = (model, seed);
        Prefix = Side.All(_model).Select(static s => s.Options).OfType<QFormerAttribute<object>>().FirstOrDefault()?.Queries ?? 0;
        length = Sides.Any(static s => s.IsText) ? Math.Max(length, Prefix + 1) : 1; // a row that begins with queries has text behind them
        (Batch, Length) = (batch, length);
        Second = Sides is [_, { IsSecondText: true, Options: TextTransformerAttribute { Context: var most } }] ? Math.Min(most, length + 2) : 1;
        if (SpecChecker.Run(_model.Spec).Problems is [var problem, ..])
        {
            throw new ArgumentException(problem.Message, nameof(model));
        }

        _shapes = ModelPrograms.Build(_model, Pass.Train).Graph.Nodes.Select(static n => n.Op).OfType<InputOp>().ToDictionary(static i => i.InputName);
        _data = new InterpreterData(batch, length, Input, Values, (site, element, p) => new DropoutKey(seed, 0, (uint)site, (float)p).Keep(element) > 0) { Second = Second };
    }

    public int Batch { get; }

    public int Length { get; }

    /// <summary>Tokens of a row of the second text of two that meet, another number than of the first where its context has room; 1: there is none.</summary>
    public int Second { get; }

    /// <summary>What passes are told of both.</summary>
    public Lengths Lengths => new(Length, Second);

    /// <summary>Tokens of a row of the tower that a pass encodes.</summary>
    public int LengthOf(Runtime.Pass pass) => pass == Runtime.Pass.EncodeSecond && Sides[1].IsSecondText ? Second : Length;

    /// <summary>First tokens of a row that stand for a picture.</summary>
    public int Prefix { get; }

    public BoundModel Model => _model;

    /// <summary>Whether training drops something.</summary>
    public bool HasDropout => Side.All(_model).Select(static s => s.Options).Append(_model.Architecture).OfType<TransformerAttribute>().Any(static o => o is { EmbeddingDropout: > 0 } or { AttentionDropout: > 0 } or { ResidualDropout: > 0 } or { HeadDropout: > 0 });

    /// <summary>The towers; one where the model is one.</summary>
    public IReadOnlyList<Side> Sides => Side.Of(_model);

    public IEnumerable<InputOp> Inputs => _shapes.Values;

    /// <summary>All parameters of the model.</summary>
    public IReadOnlyList<Parameter> Parameters => ModelPrograms.Build(_model, Pass.Train).Parameters;

    public TextTransformerAttribute? Text => _model.Architecture as TextTransformerAttribute;

    public InterpreterResult Train(bool fuse = true) => Run(Pass.Train, fuse);

    public double Loss() => Run(Pass.Train, true).Outputs["loss"][0];

    public double[] Values(Parameter parameter, int layer)
    {
        var key = (parameter.Name, layer);
        if (!_parameters.TryGetValue(key, out var values))
        {
            var random = new Random(parameter.Name.Sum(static c => c) + layer);
            values = [.. Enumerable.Range(0, parameter.Count).Select(_ => (double)(float)((random.NextDouble() - 0.5) * 0.8))];
            foreach (var part in parameter.Parts.Where(_ => parameter.Kind == ParameterKind.Constant))
            {
                var constants = new float[part.Count];
                Constant(part.Initializer).Fill(constants, part.Shape, default);
                values = Array.ConvertAll(constants, static v => (double)v);
            }

            foreach (var part in parameter.Parts.Where(static p => p.IsAbsent))
            {
                Array.Clear(values, part.Offset, part.Count);
            }

            if (parameter.Name == JointSpace.Temperature)
            {
                values = [0.53f]; // above 0, not so little that it multiplies roundings, and no simple fraction: multiples of numbers of 16 bits often lie half way between two
            }

            _parameters.Add(key, values);
        }

        return values;
    }

    public InterpreterResult Evaluate() => Run(Pass.Evaluate, true);

    /// <summary>A pass with inputs that other passes gave.</summary>
    public InterpreterResult Run(Pass pass, IEnumerable<KeyValuePair<string, double[]>> given)
    {
        foreach (var (name, values) in given)
        {
            _inputs[name] = values;
        }

        return Run(pass, true);
    }

    /// <summary>The same model on stretches of its samples, so many in each.</summary>
    public IReadOnlyList<InterpretedModel> Split(params int[] counts) => [.. counts.Select((count, i) => On(count, Length, (op, values) => op.Shape.Count.BatchPower == 0 ? values
        : values.AsSpan(counts[..i].Sum() * values.Length / Batch, count * values.Length / Batch).ToArray()))];

    /// <summary>The same model on other data: what is not changed is copied.</summary>
    /// <param name="change">New values of an input from its op and the values here.</param>
    public InterpretedModel On(int batch, int length, Func<InputOp, double[], double[]> change)
    {
        var other = new InterpretedModel(_model, batch, length, _seed);
        foreach (var (name, op) in _shapes)
        {
            other._inputs.Add(name, change(op, Input(name)));
        }

        return other;
    }

    /// <summary>The same model on one of the samples.</summary>
    public InterpretedModel Sample(int sample) => On(1, Length, (op, values) => op.Shape.Count.BatchPower == 0 ? values
        : values.AsSpan(sample * values.Length / Batch, values.Length / Batch).ToArray());

    /// <summary>Logits [batch, length, vocabulary] of whole rows.</summary>
    public double[] Logits() => Run(Pass.Forward, true).Outputs["logits"];

    /// <summary>Logits [batch, vocabulary] behind the first tokens, and behind each of the others as it comes.</summary>
    public IReadOnlyList<double[]> Decode(int first)
    {
        var cache = new InterpretedCache();
        if (_model.Architecture is EncoderDecoderAttribute<object, object>)
        {
            var program = Program(Pass.Prime, true);
            var tokens = program.Graph.Outputs[0].Values[0].Shape.Axes[1].Extent.At(Batch, Length);
            cache.Keep(KernelInterpreter.Run(program, _data).Outputs["keys_and_values"], _shapes.ContainsKey("encoder.mask") ? Input("encoder.mask") : [.. Enumerable.Repeat(1.0, (int)(Batch * tokens))]);
        }

        return [.. Enumerable.Range(first, Length - first + 1).Select(end =>
        {
            var begin = end == first ? 0 : end - 1;
            var data = _data with { Length = end - begin, Inputs = name => _shapes[name].Shape.Count.LengthPower == 1 ? Columns(Input(name), begin, end) : Input(name), Cache = cache };
            return KernelInterpreter.Run(Program(end == first && Prefix > 0 ? Pass.Prime : Pass.Decode, true), data).Outputs["next_logits"];
        })];
    }

    /// <summary>Tokens of every row of an input with one value a token.</summary>
    public T[] Columns<T>(T[] values, int begin, int end) => [.. values.Where((_, i) => i % Length >= begin && i % Length < end)];

    private InterpreterResult Run(Pass pass, bool fuse) => KernelInterpreter.Run(Program(pass, fuse), _data);

    private Compiler.Ir.Kernels.Program Program(Pass pass, bool fuse)
    {
        if (!_programs.TryGetValue((pass, fuse), out var program))
        {
            _programs.Add((pass, fuse), program = ModelPrograms.Compile(_model, pass, fuse));
        }

        return program;
    }

    /// <summary>Values of an input, as floats can hold them.</summary>
    public double[] Input(string name)
    {
        if (_inputs.TryGetValue(name, out var values))
        {
            return values;
        }

        var count = (int)_shapes[name].Shape.Count.At(Batch, Length, Second);
        if (name.EndsWith(NegativeChoice.Draws, StringComparison.Ordinal))
        {
            var draws = new float[count];
            DrawnInputs.Fill(draws, _seed, 0, name);
            _inputs.Add(name, values = Array.ConvertAll(draws, static v => (double)v));
            return values;
        }

        var random = new Random(name.Length);
        var side = Sides.FirstOrDefault(s => name.StartsWith(s.Prefix, StringComparison.Ordinal));
        var text = side?.Options as TextTransformerAttribute;
        var length = side is { IsSecondText: true } ? Second : Length;
        var tokens = side?.Options is PrecomputedFeaturesAttribute given ? given.Tokens : length;
        values = [.. Enumerable.Range(0, count).Select(i => name.Split('.').Last() switch
        {
            "ids" or "said_ids" => random.Next(11),
            "positions" => (i % length) + (text!.PositionOffset > 0 ? text.PositionOffset - (i % 4 == 3 ? 1 : 0) : 0),
            "segments" or "next_sentence" => random.Next(2),
            "mask" or "weights" => i % 4 == 3 ? 0 : 1,
            "last" => random.Next(length),
            "pair_ids" => random.Next(3),
            "labels" or "label_numbers" or "teacher_labels" or "masked" => random.Next(2),
            "targets" => random.Next(5) == 0 ? -100 : random.Next(11),
            "probabilities" => i % 3 == 0 ? 0.25 : 0.375,
            "counts" => Enumerable.Range(0, tokens).Count(t => ((i * tokens) + t) % 4 != 3),
            _ when name.EndsWith("_scale", StringComparison.Ordinal) => 0.37f,
            _ => (float)(random.NextDouble() - 0.5),
        })];
        _inputs.Add(name, values);
        return values;
    }

    private static Runtime.Initializer Constant(Initializer initializer) => initializer switch
    {
        Initializer.Sinusoid i => new Runtime.Initializer.Sinusoid(i.Halves),
        Initializer.Rotary i => new Runtime.Initializer.Rotary(i.Base),
        Initializer.SinusoidGrid i => new Runtime.Initializer.SinusoidGrid(i.GridColumns, i.Prefix),
        Initializer.BicubicResize i => new Runtime.Initializer.BicubicResize(i.FromRows, i.FromColumns, i.ToRows, i.ToColumns, i.Prefix),
        _ => throw new ArgumentException($"{initializer} is no constant"),
    };
}
