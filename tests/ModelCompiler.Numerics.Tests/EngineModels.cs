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
        ModelCases.All.ToDictionary(static c => c.Key, static c => new Lazy<HostedModel>(() => HostedModel.Compile(ModelCases.Bind(c.Value).Spec with { HasGpu = true })));

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

    private static IEnumerable<(Parameter Parameter, int Layer, ParameterPart Part)> Parts(InterpretedModel data) =>
        from parameter in data.Parameters
        where parameter.Kind != ParameterKind.Constant
        from layer in parameter.Run is { } run ? Enumerable.Range(run.First, run.Count) : [-1]
        from part in parameter.Parts
        where !part.IsAbsent
        select (parameter, layer, part);
}
