using ModelCompiler.Compiler.Ir.Graphs;

namespace ModelCompiler.Testing;

/// <summary>An op on tensors of some shapes and values.</summary>
/// <param name="Name">What is special about it; unique among the cases of its op.</param>
/// <param name="Op">The op that the case is a row of.</param>
/// <param name="Build">Applies it; what it returns gets a gradient of random numbers.</param>
internal sealed record OpCase(string Name, Type Op, Func<OpBuilder, Value> Build, int Batch = 2, int Length = 5)
{
    public override string ToString() => $"{Op.Name}: {Name}";
}

/// <summary>Inputs that an op must refuse.</summary>
/// <param name="Message">What the message says.</param>
internal sealed record OpRefusal(string Name, Type Op, Action<OpBuilder> Build, string Message)
{
    public override string ToString() => $"{Op.Name}: {Name}";
}
