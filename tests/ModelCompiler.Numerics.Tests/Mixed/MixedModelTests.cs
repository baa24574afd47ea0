using ModelCompiler.Cli.Hosting;
using ModelCompiler.Compiler.Reference;
using ModelCompiler.Compiler.Spec;
using ModelCompiler.Gpu;
using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Cpu;
using ModelCompiler.Testing;

namespace ModelCompiler.Numerics.Tests;

/// <summary>
/// Emitted models of mixed precision against the interpreter that rounds as they do. The measure is the interpreter without rounding: engine and
/// interpreter must be much nearer to each other than rounding moves either.
/// </summary>
public sealed class MixedModelTests
{
    private static readonly Dictionary<string, Lazy<HostedModel>> s_models = ModelCases.All.ToDictionary(
        static c => c.Key, static c => new Lazy<HostedModel>(() => HostedModel.Compile(ModelCases.Bind(c.Value.Mixed()).Spec with { HasGpu = true })));

    public static TheoryData<string> Names => new(ModelCases.All.Keys);

    public static TheoryData<string> SmallNames => new(GpuZoo.SmallModels);

    [Theory, MemberData(nameof(Names))]
    public void Agrees_with_the_interpreter_at_every_width(string name)
    {
        Device[] devices = [.. Enum.GetValues<InstructionSet>().Where(Instructions.IsSupported).Select(static s => new CpuDevice(2, s))];
        Assert.NotEmpty(devices);
        Agrees(name, devices);
    }

    [Theory, MemberData(nameof(SmallNames)), Trait("suite", "gpu")]
    public void Agrees_with_the_interpreter_on_a_device(string name) => Agrees(name, GpuDevicesOfTests.Any());

    [Theory, InlineData("vit"), InlineData("bert"), InlineData("gpt-dropout"), Trait("suite", "gpu")]
    public void Agrees_with_the_interpreter_in_the_simulator(string name) => Agrees(name, Device.Simulator);

    [Fact, Trait("suite", "gpu")]
    public void Agrees_with_the_interpreter_on_tensor_cores_as_emulated_PTX()
    {
        var launches = new NotedLaunches(new PtxEmulator());
        Agrees("bert", GpuDevice.Absent(GpuKind.Cuda, launches));
        Assert.Contains(launches.Threads.Keys, static k => k.DeclaringType is { IsGenericType: true } t && t.GetGenericTypeDefinition() == typeof(GemmByTensorCores<,>));
    }

    // Heads of eight channels. What is rounded there besides, which the interpreter does not round, is less than all the rest: probabilities and slopes of scores.
    [Fact, Trait("suite", "gpu")]
    public void Agrees_with_the_interpreter_where_tensor_cores_attend()
    {
        AttributeSpec[] model = [ModelCases.Text("TransformerDecoder", ("Width", 16), ("FeedForward", 24)), ModelCases.Attribute("CausalLanguageModel")];
        var launches = new NotedLaunches(new PtxEmulator());
        Agrees("gpt of heads of 8", model, HostedModel.Compile(ModelCases.Bind(model.Mixed()).Spec with { HasGpu = true }), 0.6, GpuDevice.Absent(GpuKind.Cuda, launches));
        Assert.Contains(launches.Threads.Keys, static k => k.DeclaringType is { IsGenericType: true } t && t.GetGenericTypeDefinition() == typeof(AttentionByTensorCores<>));
        Assert.Contains(launches.Threads.Keys, static k => k.DeclaringType == typeof(AttentionBackwardByTensorCores));
    }

    [Theory, MemberData(nameof(Names))]
    public void Bits_do_not_depend_on_threads(string name)
    {
        var data = new InterpretedModel(ModelCases.All[name].Mixed());
        var first = Bits(1);
        foreach (var threads in new[] { 2, 3, 8 })
        {
            Assert.Equal(first, Bits(threads));
        }

        float[] Bits(int threads)
        {
            using var model = EngineModels.Create(s_models[name].Value, data, new CpuDevice(threads, Instructions.Best));
            return EngineModels.WeightsOfThreeSteps(model, data);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Memory_is_what_was_promised(string name)
    {
        var data = new InterpretedModel(ModelCases.All[name].Mixed());
        using var model = EngineModels.Create(s_models[name].Value, data, new CpuDevice(2, Instructions.Best));
        EngineModels.SetInputs(model, data);
        var promised = model.Core.MemoryFor(Pass.Train, data.Batch, data.Lengths);
        model.Core.ComputeGradients(data.Batch, data.Lengths, accumulate: false);
        model.Core.Step();
        Assert.Equal(promised, model.Core.AllocatedBytes);
    }

    internal static void Agrees(string name, params Device[] devices) => Agrees(name, ModelCases.All[name], s_models[name].Value, 0.2, devices);

    /// <param name="share">Of what rounding moves.</param>
    private static void Agrees(string name, AttributeSpec[] attributes, HostedModel hosted, double share, params Device[] devices)
    {
        foreach (var (batch, length) in new[] { (3, 5), (1, 1) })
        {
            var plain = new InterpretedModel(attributes, batch, length, seed: 5);
            var rounded = new InterpretedModel(attributes.Mixed(), batch, length, seed: 5);
            var exact = Vector(Comparison.ByName(plain.Train()).Values);
            var expected = rounded.Train();
            foreach (var device in devices)
            {
                Agrees($"{name} on {device}", hosted, rounded, exact, expected, share, device);
            }
        }
    }

    private static void Agrees(string name, HostedModel hosted, InterpretedModel rounded, double[] exact, InterpreterResult expected, double share, Device device)
    {
        using var model = EngineModels.Create(hosted, rounded, device);
        EngineModels.SetInputs(model, rounded);
        model.Core.ComputeGradients(rounded.Batch, rounded.Lengths, accumulate: false);
        var gradients = new List<double[]>();
        foreach (var ((parameter, layer), gradient) in expected.Gradients)
        {
            var actual = (double[])gradient.Clone();
            foreach (var part in parameter.Parts.Where(static p => !p.IsAbsent && !p.IsFrozen))
            {
                Array.ConvertAll(model.Core.Parameters[EngineModels.Path(part, layer)].GradientToArray(), static v => (double)v).CopyTo(actual, part.Offset);
            }

            gradients.Add(actual);
        }

        var (wanted, got) = (Vector(Comparison.ByName(expected).Values), Vector(gradients));
        var (moved, apart) = (Distance(exact, wanted), Distance(wanted, got));
        Assert.True(apart <= share * moved, FormattableString.Invariant($"{name}, batch {rounded.Batch}: gradients are {apart:E1} from the interpreter's, which rounding moved by {moved:E1}"));
        Assert.Equal(expected.Outputs["loss"][0], model.Core.Output("loss")[0], 2e-4 * Math.Max(1, Math.Abs(expected.Outputs["loss"][0])));
    }

    private static double[] Vector(IEnumerable<double[]> gradients) => [.. gradients.SelectMany(static g => g)];

    private static double Distance(double[] a, double[] b) => Math.Sqrt(a.Zip(b, static (x, y) => (x - y) * (x - y)).Sum());
}
