using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Kernels;

namespace ModelCompiler.Compiler.Lowering;

/// <summary>Collects the operands of a kernel and the arguments of its launch, in step.</summary>
internal sealed class OperandList(Group group, ExternalUses uses)
{
    private readonly List<Operand> _operands = [];
    private readonly List<Argument> _arguments = [];
    private readonly Dictionary<Value, int> _inputs = [];

    public IReadOnlyList<Operand> Operands => _operands;

    /// <summary>Number of the operand that a value is read from.</summary>
    public int Read(Value value) => _inputs.TryGetValue(value, out var number) ? number : ReadAnew(value);

    /// <summary>Number of a further operand for a value, though it may be read already: a product's second matrix can be its first.</summary>
    public int ReadAnew(Value value) =>
        _inputs[value] = Append(new Operand(value.Name, value.Shape, value.Type, false), new Argument.Tensor(value));

    /// <summary>Number of the operand that a value is written to.</summary>
    public int Write(Value value)
    {
        var destination = uses.Destination(value);
        return Append(new Operand(value.Name, value.Shape, value.Type, true, destination is Argument.Gradient), destination);
    }

    public Launch Launch(Kernel kernel) => new(kernel, _arguments, (group.Product ?? group.Nodes[0]).Path);

    /// <summary>A kernel whose operands are a node's inputs, then its outputs.</summary>
    public Launch Launch(Node node, Func<string, IReadOnlyList<Operand>, Kernel> make)
    {
        foreach (var input in node.Inputs)
        {
            Append(new Operand(input.Name, input.Shape, input.Type, false), new Argument.Tensor(input));
        }

        foreach (var output in node.Outputs)
        {
            Write(output);
        }

        return Launch(make(node.Op.Name, _operands));
    }

    /// <summary>A name for the kernel: what its nodes were written as, each once.</summary>
    public string Name()
    {
        var names = group.Nodes.Select(static n => n.Origin).Distinct().ToList();
        foreach (var name in names.ToArray())
        {
            if (names.Contains(name + "_gradient"))
            {
                names.Remove(name + "_gradient");
                names[names.IndexOf(name)] = name + "_and_gradient";
            }
        }

        return string.Join("_", names.Take(4));
    }

    /// <summary>
    /// A name without the number that made it unique in its graph, and with one that makes it unique in the kernel: the same
    /// computation on other tensors then reads the same.
    /// </summary>
    public static string Unique(string name, Func<string, bool> isTaken)
    {
        var cut = name.LastIndexOf('_');
        var stem = cut > 0 && cut < name.Length - 1 && name.Substring(cut + 1).All(char.IsDigit) ? name.Substring(0, cut) : name;
        var unique = stem;
        for (var i = 2; isTaken(unique); i++)
        {
            unique = $"{stem}_{i}";
        }

        return unique;
    }

    private int Append(Operand operand, Argument argument)
    {
        _operands.Add(operand with { Name = Unique(operand.Name, n => _operands.Any(o => o.Name == n)) });
        _arguments.Add(argument);
        return _operands.Count - 1;
    }
}
