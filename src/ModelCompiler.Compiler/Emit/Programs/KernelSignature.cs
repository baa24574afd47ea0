using ModelCompiler.Compiler.Ir.Kernels;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Emit.Programs;

/// <summary>The parameters of an emitted kernel, the struct that carries them to its threads, and how a launch fills them.</summary>
internal static class KernelSignature
{
    /// <summary>Name of the key of a dropout site inside the arguments: sites are numbered anew in each kernel, so that equal kernels read the same.</summary>
    public static string Key(Kernel kernel, int site, string prefix = "a.") => prefix + "Keep" + Names.Number(Sites(kernel).ToList().FindIndex(s => s.Site == site));

    public static string Adds(Operand operand) => Names.Camel("add_" + operand.Name);

    /// <summary>Sites of dropout, in the order in which the kernel's formulas name them.</summary>
    public static IReadOnlyList<(int Site, double Probability)> Sites(Kernel kernel) => kernel switch
    {
        RowKernel k => Sites(k.Steps.Select(static s => s.Value)),
        MatMulKernel k => Sites(k.Extra.Select(static s => s.Value).Append(k.Value)),
        AttentionKernel { Dropout: > 0 } k => [(k.Site, k.Dropout)],
        _ => [],
    };

    public static string Parameters(Dialect dialect, Kernel kernel)
    {
        var parts = new List<string> { $"{dialect.Context} context", "long batch", "long length" };
        foreach (var operand in kernel.Operands)
        {
            parts.Add($"{dialect.Pointer(operand.Type)} {Names.Camel(operand.Name)}");
            if (operand.Adds)
            {
                parts.Add($"bool {Adds(operand)}");
            }
        }

        if (kernel is AttentionKernel { ByLayer: true })
        {
            parts.Add("int layer");
        }

        if (kernel is AttentionKernel { IsCached: true })
        {
            parts.Add("KeyCache cache");
        }

        parts.AddRange(Sites(kernel).Select(static (_, i) => $"DropoutKey keep{i}"));
        return string.Join(", ", parts);
    }

    /// <summary>The struct of arguments.</summary>
    public static void Arguments(SourceWriter w, Dialect dialect, Kernel kernel, IEnumerable<string> more)
    {
        using (w.Block($"{dialect.Access} struct Arguments"))
        {
            w.Line($"public {dialect.Integer} Rows, Batch, Length;");
            foreach (var operand in kernel.Operands)
            {
                w.Line($"public {dialect.Pointer(operand.Type)} {Names.Pascal(operand.Name)}; // {operand.Shape}");
                if (operand.Adds)
                {
                    w.Line($"public {dialect.Flag("").Type} {Names.Pascal("add_" + operand.Name)};");
                }
            }

            for (var i = 0; i < Sites(kernel).Count; i++)
            {
                w.Line($"public DropoutKey Keep{i};");
            }

            foreach (var field in more)
            {
                w.Line($"public {field};");
            }
        }
    }

    /// <summary>Lines that make the struct from the parameters.</summary>
    public static IEnumerable<string> Fill(Dialect dialect, Kernel kernel)
    {
        yield return "Arguments a = default;";
        yield return $"(a.Rows, a.Batch, a.Length) = ({dialect.Size("rows")}, {dialect.Size("batch")}, {dialect.Size("length")});";
        foreach (var operand in kernel.Operands)
        {
            yield return $"a.{Names.Pascal(operand.Name)} = {Names.Camel(operand.Name)};";
            if (operand.Adds)
            {
                yield return $"a.{Names.Pascal("add_" + operand.Name)} = {dialect.Flag(Adds(operand)).Value};";
            }
        }

        for (var i = 0; i < Sites(kernel).Count; i++)
        {
            yield return $"a.Keep{i} = keep{i};";
        }
    }

    /// <summary>The line that shows a kernel's outputs to whoever watches.</summary>
    /// <param name="name">The kernel's class.</param>
    public static string Watch(Dialect dialect, Kernel kernel, string name)
    {
        var outputs = kernel.Operands.Where(static o => o.IsOutput).Select(o => dialect.Shown(o.Name, Names.Camel(o.Name), o.Shape.Count.ToString()));
        return $"context.Watch?.Ran({Names.Text(name)}, {string.Join(", ", outputs)});";
    }

    private static IReadOnlyList<(int, double)> Sites(IEnumerable<Scalar> formulas) =>
        [.. formulas.SelectMany(static f => f.Keeps()).Select(static k => (k.Site, k.Probability)).Distinct()];
}
