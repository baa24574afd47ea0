using ModelCompiler.Compiler.Emit.Programs;
using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Kernels;
using ModelCompiler.Compiler.Optimizers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Emit.Gpu;

/// <summary>
/// Programs of GPUs through ILGPU: views instead of pointers, 32-bit indices, one element a thread. The class stands beside the model's, because
/// ILGPU's own assembly must be able to name the arguments of its kernels.
/// </summary>
internal sealed class GpuDialect : Dialect
{
    public static readonly GpuDialect Instance = new();

    private const string Assembly = "[assembly: InternalsVisibleTo(\"ILGPURuntime\")]";

    private static readonly string[] s_usings = ["ILGPU", "ModelCompiler.Gpu"];

    public override string Device => "Gpu";

    public override string Access => "internal";

    public override string Integer => "int";

    public override bool HasWorkerScratch => false;

    public override string ProgramName(TypeSpec type) => (string.Concat(type.Containers.Select(static c => c.Substring(c.LastIndexOf(' ') + 1))) + type.Name + "GpuProgram").Replace("@", "");

    public override string Pointer(ElementType type) => $"ArrayView<{Element(type)}>";

    public override string From(string pointer, long offset) => $"{pointer}.SubView({Names.Number(offset)})";

    public override bool WidensAttention => false;

    public override bool HasAttentionScratch => true;

    public override string AttentionSuffix(ElementType type) => type == ElementType.BFloat16 ? "<NarrowMatrix>" : "<FloatMatrix>";

    public override string Attended(string tensor) => $"new({tensor})";

    public override string Bits(string tensor) => $"{tensor}.Cast<int>()";

    public override string Size(string expression) => $"(int){expression}";

    public override (string Type, string Value) Flag(string expression) => ("int", $"{expression} ? 1 : 0");

    public override string Shown(string name, string pointer, string count) => $"context.Show({Names.Text(name)}, {pointer}, {count})";

    // Clipping's factor is computed there, and launches that differ in nothing can be replayed.
    public override bool KeepsStepNumbers => true;

    public override SourceFile File(TypeSpec type, string part, string summary, bool isFirst, Action<SourceWriter> body) => FileFrame.PrintBeside(
        type, part, summary, isFirst ? Assembly : "",
        $"internal sealed partial class {ProgramName(type)}{(isFirst ? " : GpuEngine" : "")}", body, s_usings);

    public override void PrintRegistration(SourceWriter w)
    {
        w.Summary("A program that has models for GPUs uses one by default.");
        w.Line("[ModuleInitializer]");
        w.Line("internal static void UseByDefault() => GpuDevices.UseByDefault();");
        w.Line();
    }

    public override void Print(RowKernel kernel, SourceWriter w)
    {
        if (ColumnSumPrinter.Takes(kernel))
        {
            new ColumnSumPrinter(kernel, w).Print();
        }
        else
        {
            new RowKernelPrinter(kernel, w).Print();
        }
    }

    public override void Print(MatMulKernel kernel, SourceWriter w) => new ProductPrinter(kernel, w).Print();

    public override void Print(OptimizerRule rule, double? average, SourceWriter w) => new OptimizerPrinter(rule, average, w).Print();
}
