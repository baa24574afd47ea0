using ModelCompiler.Cli.Hosting;
using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Reference;
using ModelCompiler.Runtime;
using ModelCompiler.Testing;
using Parameter = ModelCompiler.Compiler.Ir.Graphs.Parameter;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Cases as emitted models, with the weights and inputs of their interpreted ones.</summary>
internal static class EngineModels
{
    private static readonly Dictionary<string, Lazy<HostedModel>> s_models =
        ModelCases.All.Concat(ModelCases.Decoders.Select(static d => KeyValuePair.Create(Decoder(d.Key), d.Value))).ToDictionary(static c => c.Key, static c => new Lazy<HostedModel>(() => HostedModel.Compile(ModelCases.Bind(c.Value).Spec with { HasGpu = true })));

    /// <summary>Name of a case of <see cref="ModelCases.Decoders"/>.</summary>
    public static string Decoder(string name) => "decoder: " + name;

    /// <summary>A case, compiled when it is asked for first.</summary>
    public static HostedModel Of(string name) => s_models[name].Value;

    public static IModel Create(HostedModel hosted, InterpretedModel data, Device device)
    {
        var model = hosted.Create(device, seed: 5);
        foreach (var (parameter, layer, part) in Parts(data))
        {
            var values = data.Values(parameter, layer).AsSpan(part.Offset, part.Count);
            model.Core.Parameters[Path(part, layer)].Set(Array.ConvertAll(values.ToArray(), static v => (float)v));
        }

        return model;
    }

    public static void SetInputs(IModel model, InterpretedModel data)
    {
        foreach (var input in data.Inputs)
        {
            SetInput(model, data, input);
        }
    }

    public static void SetInput(IModel model, InterpretedModel data, InputOp input)
    {
        var values = data.Input(input.InputName);
        if (input.Type == ElementType.Integer)
        {
            model.Core.SetInput(input.InputName, Array.ConvertAll(values, static v => (int)v));
        }
        else
        {
            model.Core.SetInput(input.InputName, Array.ConvertAll(values, static v => (float)v));
        }
    }

    public static string Path(ParameterPart part, int layer) => part.Path.Replace("{layer}", $"{layer}");

    /// <summary>Gradients and an evaluation of a model are the interpreter's.</summary>
    public static void CompareWith(InterpretedModel expected, Func<IModel> create, string name)
    {
        var results = expected.Train();
        using var model = create();
        SetInputs(model, expected);
        model.Core.ComputeGradients(expected.Batch, expected.Lengths, accumulate: false);
        Compare(model, results, name);

        SetInputs(model, expected);
        model.Core.Evaluate(expected.Batch, expected.Lengths);
        CompareOutputs(model, expected.Evaluate(), name);
    }

    /// <summary>Every kernel of a model once: a training step, and an evaluation of the average.</summary>
    public static void RunOnce(IModel model, InterpretedModel data)
    {
        SetInputs(model, data);
        model.Core.ComputeGradients(data.Batch, data.Lengths, accumulate: false);
        model.Core.Step();
        model.Core.SwapAverage();
        SetInputs(model, data);
        model.Core.Evaluate(data.Batch, data.Lengths);
    }

    /// <summary>All weights behind three steps.</summary>
    public static float[] WeightsOfThreeSteps(IModel model, InterpretedModel data)
    {
        for (var step = 0; step < 3; step++)
        {
            SetInputs(model, data);
            model.Core.ComputeGradients(data.Batch, data.Lengths, accumulate: false);
            model.Core.Step();
        }

        return [.. model.Core.Parameters.Values.SelectMany(static p => p.ToArray())];
    }

    /// <summary>Compares outputs and gradients of a pass with the interpreter's.</summary>
    public static void Compare(IModel model, InterpreterResult expected, string name)
    {
        CompareOutputs(model, expected, name);
        foreach (var ((parameter, layer), gradient) in expected.Gradients)
        {
            foreach (var part in parameter.Parts.Where(static p => !p.IsAbsent && !p.IsFrozen))
            {
                Close(gradient.AsSpan(part.Offset, part.Count), model.Core.Parameters[Path(part, layer)].GradientToArray(), $"{name}: gradient of {Path(part, layer)}");
            }
        }
    }

    /// <summary>Compares outputs of a pass with the interpreter's.</summary>
    public static void CompareOutputs(IModel model, InterpreterResult expected, string name)
    {
        foreach (var (output, values) in expected.Outputs)
        {
            Close(values, model.Core.Output(output), $"{name}: {output}");
        }
    }

    private static void Close(ReadOnlySpan<double> expected, float[] actual, string what) =>
        Assert.Null(Comparison.Of(expected.ToArray(), Array.ConvertAll(actual, static v => (double)v), Tolerances.Float(100), what));

    /// <summary>Every named part of every layer.</summary>
    public static IEnumerable<(Parameter Parameter, int Layer, ParameterPart Part)> Parts(InterpretedModel data) =>
        from parameter in data.Parameters
        where parameter.Kind != ParameterKind.Constant
        from layer in parameter.Run is { } run ? Enumerable.Range(run.First, run.Count) : [-1]
        from part in parameter.Parts
        where !part.IsAbsent
        select (parameter, layer, part);
}
