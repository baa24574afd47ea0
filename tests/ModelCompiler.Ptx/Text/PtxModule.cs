namespace ModelCompiler.Ptx.Text;

/// <summary>A text of PTX, read.</summary>
/// <param name="Functions">Kernels, and the functions that they call.</param>
/// <param name="Variables">Memory that all functions name: dynamic shared memory, constants.</param>
internal sealed record PtxModule(IReadOnlyDictionary<string, PtxFunction> Functions, IReadOnlyDictionary<string, PtxVariable> Variables);

/// <param name="Returns">What a function that is no kernel gives back.</param>
/// <param name="Variables">By name, which is the function's own: what a block within it declares has a number behind its name.</param>
internal sealed record PtxFunction(
    string Name, bool IsKernel, IReadOnlyList<PtxVariable> Returns, IReadOnlyList<PtxVariable> Parameters, IReadOnlyDictionary<string, PtxVariable> Variables, IReadOnlyList<PtxStatement> Body);

internal enum PtxSpace
{
    /// <summary>Any of the others: the address says which.</summary>
    Generic,
    Global,
    Shared,
    Local,
    Constant,
    Parameter,
}

/// <param name="Bytes">0: as many as the launch says.</param>
internal sealed record PtxVariable(PtxSpace Space, string Name, int Alignment, int Bytes);

internal abstract record PtxStatement;

/// <summary>A place in the code, where it is jumped to.</summary>
internal sealed record PtxLabel(string Name) : PtxStatement;

/// <summary>The places that an indexed branch chooses from.</summary>
internal sealed record PtxTargets(string Name, IReadOnlyList<string> Labels) : PtxStatement;

/// <param name="Name">Up to the first dot.</param>
/// <param name="Modifiers">Behind it, without the dots.</param>
/// <param name="Guard">Predicate without which it is not executed; null: it always is.</param>
/// <param name="IsNegated">It is executed where the predicate is false.</param>
/// <param name="Text">As it stands there.</param>
internal sealed record PtxInstruction(string Name, IReadOnlyList<string> Modifiers, IReadOnlyList<PtxOperand> Operands, string? Guard, bool IsNegated, string Text) : PtxStatement
{
    /// <summary>The last modifier: the type of what it computes with.</summary>
    public string Type => Modifiers.Count == 0 ? throw new PtxException($"{Text} has no type") : Modifiers[^1];

    public bool Has(string modifier) => Modifiers.Contains(modifier);

    public override string ToString() => Text;
}

internal abstract record PtxOperand;

/// <summary>A register, a variable, a label, a function or a special register.</summary>
internal sealed record PtxName(string Name) : PtxOperand;

/// <summary>A constant, as it is written.</summary>
internal sealed record PtxConstant(string Text) : PtxOperand;

/// <summary>[base + offset].</summary>
internal sealed record PtxAddress(PtxOperand Base, long Offset) : PtxOperand;

/// <summary>{a, b}, and lists of arguments in parentheses.</summary>
internal sealed record PtxVector(IReadOnlyList<PtxOperand> Elements) : PtxOperand;

/// <summary>a|b: two results.</summary>
internal sealed record PtxPair(PtxOperand First, PtxOperand Second) : PtxOperand;
