namespace ModelCompiler.Compiler.Ir.Graphs;

/// <summary>Nodes that compute nothing: where values enter, and how they go through blocks.</summary>
internal abstract record StructuralOp : Op
{
    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => throw new GraphException($"{Name} is made by the builder");
}

/// <summary>Data that the caller gives.</summary>
internal sealed record InputOp(string InputName, Shape Shape, ElementType Type) : StructuralOp
{
    /// <summary>Name of the output that differentiation makes of its gradient; null: none is made.</summary>
    public string? SlopeAs { get; init; }

    /// <summary>Name of the output whose gradient it is: differentiation begins there instead of at a loss. Null: it is data.</summary>
    public string? SlopeOf { get; init; }

    public override string Name => "input";

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature(InputName, Shape, Type)];
}

/// <summary>A parameter; inside a block, that of the layer.</summary>
internal sealed record ParameterOp(Parameter Parameter) : StructuralOp
{
    public override string Name => "parameter";

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) =>
        [new Signature(Parameter.Name.Split('.').Last(), new Shape(Parameter.Shape.Select(static (extent, i) => new Axis($"d{i}", extent)).ToArray()))];
}

/// <summary>What a layer of a block gets from the one before.</summary>
internal sealed record CarryOp : StructuralOp
{
    public static readonly CarryOp Instance = new();

    public override string Name => "carry";
}

/// <summary>What the last layer of a block handed on.</summary>
internal sealed record ResultOp : StructuralOp
{
    public static readonly ResultOp Instance = new();

    public override string Name => "result";
}
