using ModelCompiler.Compiler.Checkpoints;
using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Plan;
using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Lowering;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Emit;

/// <summary>Everything that printers print: the end of the pipeline before text.</summary>
internal sealed record CompiledModel(
    BoundModel Model, IReadOnlyDictionary<Pass, MemoryPlan> Plans, ParameterLayout Layout, IReadOnlyList<InputOp> Inputs, CheckpointNames Checkpoint)
{
    public string Name => Model.Spec.Type.Name;

    public bool Trains => Plans.ContainsKey(Pass.Train) || Gathers;

    /// <summary>Whether the pairs of all batches of a step meet.</summary>
    public bool Gathers => Plans.ContainsKey(Pass.Compare);

    /// <summary>The towers; one where the model is one.</summary>
    public IReadOnlyList<Side> Sides { get; } = Side.Of(Model);

    /// <summary>Whether two towers meet.</summary>
    public bool IsComposition => Sides.Count > 1;

    /// <summary>Whether rows of tokens are part of its inputs, so that a batch has a length.</summary>
    public bool HasText => Sides.Any(static s => s.IsText);

    public bool HasInput(string name) => Inputs.Any(i => i.InputName == name);

    public InputOp Input(string name) => Inputs.Single(i => i.InputName == name);

    /// <summary>Names of inputs in the order of their numbers.</summary>
    public IReadOnlyList<string> InputNames => [.. Inputs.Select(static i => i.InputName)];
}
