using ModelCompiler.Compiler.Emit.Programs;
using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Kernels;

namespace ModelCompiler.Compiler.Emit.Gpu;

/// <summary>Prints a matrix product: the runtime's schedule with the fused formulas as its epilogue, a struct that a kernel is compiled for.</summary>
internal sealed class ProductPrinter(MatMulKernel kernel, SourceWriter w)
{
    public void Print()
    {
        w.Line($"public static long ScratchBytes(long batch, long length) => {ScratchBytes()};");
        w.Line();
        using (w.Block($"public static void Run({KernelSignature.Parameters(GpuDialect.Instance, kernel)})"))
        {
            var result = kernel.Operands[kernel.Result];
            w.Line($"MatrixProduct{TypeArguments()} product = default;");
            w.Line($"product.A = {Matrix(0)};\nproduct.B = {Matrix(1)};\nproduct.C = {Matrix(kernel.Result)};");
            w.Line($"(product.Rows, product.Columns, product.Inner) = ({Int(kernel.Rows)}, {Int(kernel.Columns)}, {Int(kernel.Inner)});");
            w.Line($"(product.StrideA, product.StrideB, product.StrideC) = ({(kernel.TransposeA ? "product.Rows" : "product.Inner")}, {(kernel.TransposeB ? "product.Inner" : "product.Columns")}, product.Columns);");
            w.Line($"(product.TransposeA, product.TransposeB, product.Accumulate) = ({Bool(kernel.TransposeA)}, {Bool(kernel.TransposeB)}, {(result.Adds ? KernelSignature.Adds(result) : "false")});");
            if (!kernel.IsPlain)
            {
                w.Line("Epilogue epilogue = default;");
                foreach (var operand in kernel.EpilogueOperands)
                {
                    w.Line($"epilogue.{Names.Pascal(kernel.Operands[operand].Name)} = {Operand(operand)};");
                }

                for (var i = 0; i < KernelSignature.Sites(kernel).Count; i++)
                {
                    w.Line($"epilogue.Keep{i} = keep{i};");
                }
            }

            w.Line($"Gemm.Run(context, in product, {(kernel.IsPlain ? "default(NoEpilogue)" : "epilogue")});");
            w.Line(KernelSignature.Watch(GpuDialect.Instance, kernel, KernelTable.Placeholder));
        }

        if (!kernel.IsPlain)
        {
            w.Line();
            PrintEpilogue();
        }
    }

    private void PrintEpilogue()
    {
        using (w.Block("internal struct Epilogue : IEpilogue"))
        {
            foreach (var operand in kernel.EpilogueOperands)
            {
                w.Line($"public {GpuDialect.Instance.Pointer(kernel.Operands[operand].Type)} {Names.Pascal(kernel.Operands[operand].Name)}; // {kernel.Operands[operand].Shape}");
            }

            for (var i = 0; i < KernelSignature.Sites(kernel).Count; i++)
            {
                w.Line($"public DropoutKey Keep{i};");
            }

            w.Line();
            w.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
            using (w.Block("public float Apply(float value, int row, int column)"))
            {
                var columns = checked((int)kernel.Columns.Factor);
                var formulas = new FormulaPrinter(kernel.Operands, o => Names.Pascal(kernel.Operands[o].Name), site => KernelSignature.Key(kernel, site, ""), "row", Names.Number(columns), "column");
                var values = formulas.Share(kernel.Extra.Select(static s => s.Value).Append(kernel.Value));
                formulas.Shared(w, values);
                for (var i = 0; i < kernel.Extra.Count; i++)
                {
                    var operand = kernel.Operands[kernel.Extra[i].Operand];
                    w.Line($"{Names.Pascal(operand.Name)}[(row * {columns}) + column] = {RowKernelPrinter.Stored(operand, formulas.Print(values[i]))};");
                }

                w.Line($"return {formulas.Print(values[values.Count - 1])};");
            }
        }
    }

    // What is rounded to 16 bits when it is read may be stored so first.
    private string ScratchBytes()
    {
        var rounded = new[] { (Number: 0, Rows: kernel.Rows), (Number: 1, Rows: kernel.Columns) }.Where(f => kernel.Multiplied != ElementType.Float && !IsNarrow(f.Number))
            .Select(f => $"Gemm.RoundedBytes({f.Rows}, {kernel.Inner})").ToArray();
        return rounded.Length == 0 ? "0" : string.Join(" + ", rounded);
    }

    // Products of plain floats are a type of their own.
    private string TypeArguments() => kernel.Multiplied == ElementType.Float ? ""
        : $"<{Multiplied(0)}, {Multiplied(1)}, {(IsNarrow(kernel.Result) ? "NarrowMatrix" : "FloatMatrix")}>";

    private string Multiplied(int number) => IsNarrow(number) ? "NarrowMatrix" : "RoundedMatrix";

    private bool IsNarrow(int number) => kernel.Operands[number].Type == ElementType.BFloat16;

    private string Matrix(int number) => kernel.Multiplied == ElementType.Float ? Operand(number) : $"new({Operand(number)})";

    private string Operand(int number) => Names.Camel(kernel.Operands[number].Name);

    private static string Int(Extent extent) => extent.IsConstant ? extent.ToString() : $"(int)({extent})";

    private static string Bool(bool value) => value ? "true" : "false";
}
