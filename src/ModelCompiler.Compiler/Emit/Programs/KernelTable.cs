using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Kernels;

namespace ModelCompiler.Compiler.Emit.Programs;

/// <summary>The emitted kernels of a model: each text once, whoever launches it.</summary>
internal sealed class KernelTable(Dialect dialect)
{
    public const string Placeholder = "@KERNEL@";
    private readonly Dictionary<string, string> _nameByText = [];
    private readonly Dictionary<Kernel, string> _names = [];
    private readonly HashSet<string> _used = [];
    private readonly List<(string Name, string Text)> _kernels = [];

    /// <summary>Name and text of each kernel, in the order of first use.</summary>
    public IReadOnlyList<(string Name, string Text)> Kernels => _kernels;

    /// <summary>The class that holds a kernel.</summary>
    public string NameOf(Launch launch)
    {
        var kernel = launch.Kernel;
        if (_names.TryGetValue(kernel, out var name))
        {
            return name;
        }

        var text = Print(kernel);
        if (!_nameByText.TryGetValue(text, out name))
        {
            name = Unused(Stem(kernel), launch.Path);
            _nameByText.Add(text, name);
            _kernels.Add((name, text.Replace(Placeholder, name)));
        }

        _names.Add(kernel, name);
        return name;
    }

    // What it computes; where several kernels do the like, the layer that launches it first; where that is not enough, a number.
    private string Unused(string stem, string path)
    {
        string[] candidates = [stem, stem + Names.Pascal(string.Join("_", path.Split('.').Where(static p => p != "blocks")))];
        var name = candidates.FirstOrDefault(c => !_used.Contains(c));
        for (var number = 2; name is null; number++)
        {
            name = _used.Contains(candidates[1] + number) ? null : candidates[1] + number;
        }

        _used.Add(name);
        return name + "Kernel";
    }

    // A product's two gradients are told apart by what they are gradients of.
    private static string Stem(Kernel kernel) => Names.Pascal(kernel is MatMulKernel product
        ? kernel.Name.Replace("matmul_gradient", product.TransposeA ? "matmul_weight_gradient" : "matmul_input_gradient")
        : kernel.Name);

    private string Print(Kernel kernel)
    {
        var w = new SourceWriter();
        w.Summary(kernel.Name.Replace('_', ' ') + ": " + string.Join(", ", kernel.Operands.Where(static o => !o.IsOutput).Select(static o => $"{o.Name} {o.Shape}"))
            + " to " + string.Join(", ", kernel.Operands.Where(static o => o.IsOutput).Select(static o => $"{o.Name} {o.Shape}")) + ".");
        using (w.Block($"{dialect.Access} static class {Placeholder}"))
        {
            switch (kernel)
            {
                case RowKernel k:
                    dialect.Print(k, w);
                    break;
                case MatMulKernel k:
                    dialect.Print(k, w);
                    break;
                case AttentionKernel k:
                    new ScheduledKernelPrinter(dialect, w).Print(k);
                    break;
                case EmbeddingGradientKernel k:
                    new ScheduledKernelPrinter(dialect, w).Print(k);
                    break;
                case PairKernel k:
                    new ScheduledKernelPrinter(dialect, w).Print(k);
                    break;
                case PatchifyKernel k:
                    new ScheduledKernelPrinter(dialect, w).Print(k);
                    break;
                default:
                    throw new InvalidOperationException($"no printer for {kernel.GetType().Name}");
            }
        }

        // It has one length, and calls it so whichever text's it is: towers that are alike share kernels.
        return kernel.IsOfSecond ? w.ToString().Replace(Extent.SecondLength.ToString(), Extent.Length.ToString()) : w.ToString();
    }
}
