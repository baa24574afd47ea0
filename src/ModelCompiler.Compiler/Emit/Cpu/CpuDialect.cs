using ModelCompiler.Compiler.Emit.Programs;
using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Kernels;
using ModelCompiler.Compiler.Optimizers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Emit.Cpu;

/// <summary>Programs of the CPU: pointers, vectors, a class within the model's own.</summary>
internal sealed class CpuDialect : Dialect
{
    public static readonly CpuDialect Instance = new();

    private static readonly string[] s_usings = ["ModelCompiler.Runtime.Cpu"];

    public override string Device => "Cpu";

    public override string Access => "private";

    public override string Integer => "long";

    public override bool HasWorkerScratch => true;

    public override string ProgramName(TypeSpec type) => "CpuProgram";

    public override string Pointer(ElementType type) => Element(type) + "*";

    public override string From(string pointer, long offset) => $"{pointer} + {Names.Number(offset)}";

    public override bool WidensAttention => true;

    public override bool HasAttentionScratch => false;

    public override string AttentionSuffix(ElementType type) => "";

    public override string Attended(string tensor) => tensor;

    public override string Bits(string tensor) => $"(int*){tensor}";

    public override string Size(string expression) => expression;

    public override (string Type, string Value) Flag(string expression) => ("bool", expression);

    public override string Shown(string name, string pointer, string count) => $"new KernelOutput({Names.Text(name)}, {pointer}, {count})";

    public override bool KeepsStepNumbers => false;

    public override SourceFile File(TypeSpec type, string part, string summary, bool isFirst, Action<SourceWriter> body) => FileFrame.Print(type, part, summary, "", w =>
    {
        using (w.Block($"private sealed unsafe partial class {ProgramName(type)}{(isFirst ? " : CpuEngine" : "")}"))
        {
            body(w);
        }
    }, s_usings);

    public override void Print(RowKernel kernel, SourceWriter w) => new RowKernelPrinter(kernel, w).Print();

    public override void Print(MatMulKernel kernel, SourceWriter w) => new ProductPrinter(kernel, w).Print();

    public override void Print(OptimizerRule rule, double? average, SourceWriter w) => new OptimizerPrinter(rule, average, w).Print();
}
