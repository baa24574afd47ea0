using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelCompiler.Compiler.Emit;
using ModelCompiler.Compiler.Emit.Cpu;
using ModelCompiler.Compiler.Emit.Gpu;
using ModelCompiler.Compiler.Emit.Programs;
using ModelCompiler.Compiler.Ir.Plan;
using ModelCompiler.Compiler.Lowering;
using ModelCompiler.Compiler.Spec;
using ModelCompiler.Gpu;
using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Checkpoints;
using ModelCompiler.Testing;
using ElementType = ModelCompiler.Compiler.Ir.Graphs.ElementType;
using Initializer = ModelCompiler.Runtime.Initializer;
using Parameter = ModelCompiler.Compiler.Ir.Graphs.Parameter;
using ParameterInfo = ModelCompiler.Runtime.ParameterInfo;
using Pass = ModelCompiler.Compiler.Pass;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Programs of many graphs from one compilation: a run of the C# compiler for each would take minutes.</summary>
internal sealed class HostedOps
{
    private readonly IReadOnlySet<(string Program, string Name)> _shared;
    private readonly IReadOnlyDictionary<string, (Type Type, OpProgram Program, ParameterLayout Layout)> _hosted;

    public HostedOps(IEnumerable<KeyValuePair<string, OpProgram>> programs, Dialect dialect)
    {
        var models = programs.Select(static (p, i) => (p.Key, Program: p.Value, Layout: new ParameterLayout(p.Value.Parameters), Name: $"Op{i}")).ToArray();
        // Nothing is updated here: the engine's own Update, which refuses, stands in for the printed one.
        var kernels = new SharedKernels();
        Texts = [.. models.SelectMany(m => kernels.Share(Program(m.Name, dialect), EnginePrinter.Print(Compiled(m.Name, m.Program, m.Layout), dialect)
            .Where(static f => !f.HintName.Contains("Optimizer", StringComparison.Ordinal)).Select(static f => f.Text)).Append(Head(m.Name, dialect)))];
        var assembly = Emit(Texts);
        _shared = kernels.Shared;
        _hosted = models.ToDictionary(static m => m.Key, m => (assembly.GetType("Demo." + m.Name, throwOnError: true)!, m.Program, m.Layout));
    }

    /// <summary>The emitted files.</summary>
    public IReadOnlyList<string> Texts { get; }

    public IEnumerable<string> Names => _hosted.Keys;

    /// <summary>Programs for GPUs with a kernel that none before them has.</summary>
    public IEnumerable<string> NamesWithNewKernels => _hosted.Where(static h => h.Value.Type.Assembly.GetType(Program(h.Value.Type.Name, GpuDialect.Instance), throwOnError: true)!
        .GetNestedTypes(BindingFlags.NonPublic).Any(static t => t.Name.EndsWith("Kernel", StringComparison.Ordinal))).Select(static h => h.Key);

    public OpProgram Program(string name) => _hosted[name].Program;

    /// <summary>Runs a program once, as a training pass of a model would.</summary>
    public OpResult Run(string name, Device device)
    {
        var (type, program, layout) = _hosted[name];
        var result = Run(type, program, Describe(name, program, layout), device);
        if (device is GpuDevice { Log: null } gpu)
        {
            OpenDevice.Of(gpu).Forget(k => Types(k).Any(t => t.Assembly == type.Assembly && !IsShared(t)));
        }

        return result;
    }

    private static OpResult Run(Type type, OpProgram program, ModelDescription description, Device device)
    {
        using var core = new ModelCore(description, (Engine)type.GetMethod("Create")!.Invoke(null, [description, device])!, program.Numbers.Seed);
        foreach (var (parameter, layer, path) in Parts(program))
        {
            core.Parameters[path].Set(Floats(program.Numbers.Parameter(parameter, layer)));
        }

        foreach (var input in program.Inputs)
        {
            var values = program.Numbers.Input(input.InputName);
            if (input.Type == ElementType.Integer)
            {
                core.SetInput(input.InputName, Array.ConvertAll(values, static v => (int)v));
            }
            else
            {
                core.SetInput(input.InputName, Floats(values));
            }
        }

        core.ComputeGradients(program.Numbers.Batch, program.Numbers.Length, accumulate: false);
        return new OpResult(
            program.Program.Graph.Outputs.ToDictionary(static o => o.Name, o => core.Output(o.Name)),
            Parts(program).ToDictionary(static p => (p.Parameter, p.Layer), p => core.Parameters[p.Path].GradientToArray()));
    }

    // Of a kernel, or within it.
    private bool IsShared(Type type) => type.DeclaringType is { } outer && (_shared.Contains((outer.FullName!, type.Name)) || IsShared(outer));

    // The class of a kernel, and what it is compiled for.
    private static IEnumerable<Type> Types(MethodInfo kernel) => [kernel.DeclaringType!, .. kernel.DeclaringType!.GetGenericArguments(), .. kernel.GetGenericArguments()];

    private static CompiledModel Compiled(string name, OpProgram program, ParameterLayout layout) => new(
        new BoundModel(new ModelSpec(Type(name), default), []),
        new Dictionary<Pass, MemoryPlan> { [Pass.Train] = PlanVerifier.Verify(PlanMemory.Run(program.Program)) }, layout, program.Inputs, new("", [], [], [], []));

    private static string Program(string name, Dialect dialect) => (dialect == CpuDialect.Instance ? $"Demo.{name}." : "Demo.") + dialect.ProgramName(Type(name));

    private static TypeSpec Type(string name) => new("Demo", default, name, "public");

    private static string Head(string name, Dialect dialect) => $$"""
        namespace Demo;
        public partial class {{name}}
        {
            public static ModelCompiler.Runtime.Engine Create(ModelCompiler.Runtime.ModelDescription description, ModelCompiler.Runtime.Device device) =>
                new {{dialect.ProgramName(Type(name))}}(description, device);
        }
        """;

    private static ModelDescription Describe(string name, OpProgram program, ParameterLayout layout) => new()
    {
        Name = name,
        Inputs = [.. program.Inputs.Select(static i => (Op: i, i.Shape.Count))
            .Select(static i => new InputInfo(i.Op.InputName, i.Op.Type == ElementType.Integer, i.Count.Factor, i.Count.BatchPower, i.Count.LengthPower, false))],
        MaxLength = int.MaxValue,
        Trains = true,
        HasLoss = true,
        TotalFloats = layout.TotalFloats,
        TrainableFloats = layout.TrainableFloats,
        Parameters = Parts(program).Select(p => new ParameterInfo(
            p.Path, p.Parameter.Shape, layout.Of(p.Parameter).Offset + (Math.Max(p.Layer, 0) * layout.Of(p.Parameter).LayerStride), new Initializer.Constant(0), false, ParameterRole.Trained)),
        State = [],
        HasAverage = false,
        ClipNorm = null,
        Accumulate = 1,
        Rate = static _ => 0,
        Checkpoint = new CheckpointTable("", [], [], [], []),
    };

    private static IEnumerable<(Parameter Parameter, int Layer, string Path)> Parts(OpProgram program) =>
        from parameter in program.Parameters
        from layer in parameter.Run is { } run ? Enumerable.Range(run.First, run.Count) : [-1]
        select (parameter, layer, parameter.Parts[0].Path.Replace("{layer}", $"{layer}"));

    private static float[] Floats(double[] values) => Array.ConvertAll(values, static v => (float)v);

    /// <summary>Compiles texts as an emitted program is compiled; a warning fails the test.</summary>
    public static Assembly Emit(IEnumerable<string> texts)
    {
        var compilation = CSharpCompilation.Create(
            $"ops-{Guid.NewGuid():N}", texts.Select(static f => CSharpSyntaxTree.ParseText(f)), References(),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable));
        using var stream = new MemoryStream();
        var emitted = compilation.Emit(stream);
        Assert.Empty(emitted.Diagnostics.Where(static d => d.Severity >= DiagnosticSeverity.Warning));
        stream.Position = 0;
        return AssemblyLoadContext.Default.LoadFromStream(stream);
    }

    private static IEnumerable<MetadataReference> References() => ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Where(static p => Path.GetFileName(p) is var n && (n.StartsWith("System.", StringComparison.Ordinal) || n is "ModelCompiler.Runtime.dll" or "ModelCompiler.Gpu.dll" or "ILGPU.dll"))
        .Select(static p => MetadataReference.CreateFromFile(p));
}

/// <summary>Outputs and gradients of a run on a device.</summary>
internal sealed record OpResult(IReadOnlyDictionary<string, float[]> Outputs, IReadOnlyDictionary<(Parameter Parameter, int Layer), float[]> Gradients);
