using ModelCompiler.Compiler.Ir.Kernels;

namespace ModelCompiler.Compiler.Emit.Cpu;

/// <summary>The emitted kernels of a model: each text once, whoever launches it.</summary>
internal sealed class KernelTable
{
    public const string Placeholder = "@KERNEL@";
    private readonly Dictionary<string, string> _nameByText = [];
    private readonly Dictionary<Kernel, string> _names = [];
    private readonly Dictionary<string, int> _used = [];
    private readonly List<(string Name, string Text)> _kernels = [];

    /// <summary>Name and text of each kernel, in the order of first use.</summary>
    public IReadOnlyList<(string Name, string Text)> Kernels => _kernels;

    /// <summary>The class that holds a kernel.</summary>
    public string NameOf(Kernel kernel)
    {
        if (_names.TryGetValue(kernel, out var name))
        {
            return name;
        }

        var text = Print(kernel);
        if (!_nameByText.TryGetValue(text, out name))
        {
            var stem = Names.Pascal(kernel.Name) + "Kernel";
            _used[stem] = _used.TryGetValue(stem, out var count) ? count + 1 : 1;
            name = _used[stem] == 1 ? stem : stem + _used[stem];
            _nameByText.Add(text, name);
            _kernels.Add((name, text.Replace(Placeholder, name)));
        }

        _names.Add(kernel, name);
        return name;
    }

    private static string Print(Kernel kernel)
    {
        var w = new SourceWriter();
        w.Summary(kernel.Name.Replace('_', ' ') + ": " + string.Join(", ", kernel.Operands.Where(static o => !o.IsOutput).Select(static o => $"{o.Name} {o.Shape}"))
            + " to " + string.Join(", ", kernel.Operands.Where(static o => o.IsOutput).Select(static o => $"{o.Name} {o.Shape}")) + ".");
        using (w.Block($"private static class {Placeholder}"))
        {
            switch (kernel)
            {
                case RowKernel k:
                    new RowKernelPrinter(k, w).Print();
                    break;
                case MatMulKernel k:
                    new ProductPrinter(k, w).Print();
                    break;
                case AttentionKernel k:
                    ScheduledKernelPrinter.Print(k, w);
                    break;
                case EmbeddingGradientKernel k:
                    ScheduledKernelPrinter.Print(k, w);
                    break;
                case PatchifyKernel k:
                    ScheduledKernelPrinter.Print(k, w);
                    break;
                default:
                    throw new InvalidOperationException($"no printer for {kernel.GetType().Name}");
            }
        }

        return w.ToString();
    }
}
