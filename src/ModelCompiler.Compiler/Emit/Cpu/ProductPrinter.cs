using ModelCompiler.Compiler.Emit.Programs;
using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Kernels;

namespace ModelCompiler.Compiler.Emit.Cpu;

/// <summary>Prints a matrix product: the runtime's schedule with the fused formulas as its epilogue, a struct that the JIT specialises.</summary>
internal sealed class ProductPrinter(MatMulKernel kernel, SourceWriter w)
{
    public void Print()
    {
        w.Line("/// <summary>Bytes of scratch memory that all threads share.</summary>");
        w.Line($"public static long ScratchBytes(long batch, long length) => Gemm.{(kernel.Operands[kernel.Result].Type == ElementType.BFloat16 ? "NarrowScratchBytes" : "SharedScratchBytes")}({Int(kernel.Rows)}, {Int(kernel.Columns)}, {Int(kernel.Inner)});");
        w.Line();
        using (w.Block($"public static void Run({KernelSignature.Parameters(CpuDialect.Instance, kernel)})"))
        {
            var result = kernel.Operands[kernel.Result];
            w.Line($"MatrixProduct{TypeArguments()} product = default;");
            w.Line($"product.A = {Matrix(0)};\nproduct.B = {Matrix(1)};\nproduct.C = {Operand(kernel.Result)};");
            w.Line($"(product.Rows, product.Columns, product.Inner) = ({Int(kernel.Rows)}, {Int(kernel.Columns)}, {Int(kernel.Inner)});");
            w.Line($"(product.StrideA, product.StrideB, product.StrideC) = ({(kernel.TransposeA ? "product.Rows" : "product.Inner")}, {(kernel.TransposeB ? "product.Inner" : "product.Columns")}, product.Columns);");
            w.Line($"(product.TransposeA, product.TransposeB, product.Accumulate) = ({Bool(kernel.TransposeA)}, {Bool(kernel.TransposeB)}, {(result.Adds ? KernelSignature.Adds(result) : "false")});");
            if (kernel.IsPlain)
            {
                w.Line("Gemm.Run(context, in product, default(NoEpilogue));");
                w.Line(KernelSignature.Watch(CpuDialect.Instance, kernel, KernelTable.Placeholder));
                return;
            }

            w.Line("Epilogue epilogue = default;");
            foreach (var operand in kernel.EpilogueOperands)
            {
                w.Line($"epilogue.{Names.Pascal(kernel.Operands[operand].Name)} = {Operand(operand)};");
            }

            for (var i = 0; i < KernelSignature.Sites(kernel).Count; i++)
            {
                w.Line($"epilogue.Keep{i} = keep{i};");
            }

            w.Line("Gemm.Run(context, in product, epilogue);");
            w.Line(KernelSignature.Watch(CpuDialect.Instance, kernel, KernelTable.Placeholder));
        }

        if (!kernel.IsPlain)
        {
            w.Line();
            PrintEpilogue();
        }
    }

    private void PrintEpilogue()
    {
        using (w.Block("private struct Epilogue : IEpilogue"))
        {
            foreach (var operand in kernel.EpilogueOperands)
            {
                w.Line($"public {CpuDialect.Instance.Pointer(kernel.Operands[operand].Type)} {Names.Pascal(kernel.Operands[operand].Name)}; // {kernel.Operands[operand].Shape}");
            }

            for (var i = 0; i < KernelSignature.Sites(kernel).Count; i++)
            {
                w.Line($"public DropoutKey Keep{i};");
            }

            w.Line();
            w.Line("public static bool IsIdentity => false;");
            w.Line();
            w.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
            using (w.Block("public V Apply<V>(V value, nint row, nint column, int count)\n    where V : unmanaged, ISimd<V>"))
            {
                var formulas = new FormulaPrinter(kernel.Operands, o => Names.Pascal(kernel.Operands[o].Name), site => KernelSignature.Key(kernel, site, ""), "row", FormulaPrinter.Size(kernel.Columns), "column", "count");
                var values = formulas.Share(kernel.Extra.Select(static s => s.Value).Append(kernel.Value));
                formulas.Shared(w, values);
                for (var i = 0; i < kernel.Extra.Count; i++)
                {
                    w.Line($"V.Store({Names.Pascal(kernel.Operands[kernel.Extra[i].Operand].Name)} + (row * {kernel.Columns}L) + column, {formulas.Print(values[i])}, count);");
                }

                w.Line($"return {formulas.Print(values[values.Count - 1])};");
            }
        }
    }

    // Products of plain floats are a type of their own.
    private string TypeArguments() => kernel.Multiplied == ElementType.Float ? ""
        : $"<{Multiplied(0)}, {Multiplied(1)}, {Dialect.Element(kernel.Operands[kernel.Result].Type)}>";

    private string Multiplied(int number) => kernel.Operands[number].Type == ElementType.BFloat16 ? "BFloat16" : "RoundedFloat";

    private string Matrix(int number) => kernel.Multiplied == ElementType.BFloat16 && kernel.Operands[number].Type == ElementType.Float ? "(RoundedFloat*)" + Operand(number) : Operand(number);

    private string Operand(int number) => Names.Camel(kernel.Operands[number].Name);

    private static string Int(Extent extent) => extent.IsConstant ? extent.ToString() : $"(int)({extent})";

    private static string Bool(bool value) => value ? "true" : "false";
}
