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

    /// <summary>The towers that have inputs; one where the model is one.</summary>
    public IReadOnlyList<Side> Sides { get; } = Side.Of(Model);

    /// <summary>Whether it is made of two towers.</summary>
    public bool IsComposition => Sides.Count > 1;

    /// <summary>Whether its towers meet in one space.</summary>
    public bool Meets => Model.Architecture is CompositionAttribute;

    /// <summary>First tokens of a row of text that stand for a picture.</summary>
    public int TextPrefix { get; } = Side.PrefixOf(Model);

    /// <summary>Whether rows of tokens are part of its inputs, so that a batch has a length.</summary>
    public bool HasText => Sides.Any(static s => s.IsText);

    /// <summary>Whether its towers read a text each, so that a batch has two lengths.</summary>
    public bool HasTwoLengths => Sides.Any(static s => s.IsSecondText);

    /// <summary>Whether it predicts next tokens.</summary>
    public bool Generates => Plans.ContainsKey(Pass.Decode);

    /// <summary>The tower that predicts them.</summary>
    public Side Decoder => Sides[Sides.Count - 1];

    public bool HasInput(string name) => Inputs.Any(i => i.InputName == name);

    public InputOp Input(string name) => Inputs.Single(i => i.InputName == name);

    /// <summary>Names of inputs in the order of their numbers.</summary>
    public IReadOnlyList<string> InputNames => [.. Inputs.Select(static i => i.InputName)];
}
