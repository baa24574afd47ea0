using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Kernels;

namespace ModelCompiler.Compiler.Reference;

/// <summary>One launch: buffers in operand order and the sizes of this run.</summary>
internal sealed record KernelCall(double[][] Buffers, int Batch, int Length, int Layer, Func<int, long, double, bool>? Keep, InterpretedCache? Cache = null, int Second = 1);

/// <summary>The plain meaning of each kernel.</summary>
internal static class KernelInterpreters
{
    public static void Run(Kernel kernel, KernelCall call)
    {
        switch (kernel)
        {
            case RowKernel k:
                Rows(k, call);
                break;
            case MatMulKernel k:
                Product(k, call);
                break;
            case AttentionKernel k:
                AttentionInterpreter.Run(k, call);
                break;
            case EmbeddingGradientKernel k:
                EmbeddingGradient(k, call);
                break;
            case PairKernel k:
                PairInterpreter.Run(k, call);
                break;
            case PatchifyKernel k:
                Patchify(k, call);
                break;
            default:
                throw new InvalidOperationException($"no interpreter for {kernel.GetType().Name}");
        }
    }

    private static void Rows(RowKernel k, KernelCall call)
    {
        var (rows, columns) = (k.Rows.At(call.Batch, call.Length, call.Second), (int)k.Columns.At(call.Batch, call.Length, call.Second));
        var locals = new Dictionary<string, double>();
        var e = new ScalarInterpreter(k.Operands, columns, call, locals);
        for (var row = 0L; row < rows; row++)
        {
            foreach (var step in k.Steps)
            {
                switch (step)
                {
                    case RowStep.Local s:
                        locals[s.Name] = e.Evaluate(s.Value, row, 0);
                        break;
                    case RowStep.Reduce s:
                        var each = Enumerable.Range(0, columns).Select(c => e.Evaluate(s.Value, row, c));
                        locals[s.Name] = s.IsMax ? each.Max() : each.Sum();
                        break;
                    case RowStep.Store s:
                        for (var c = 0; c < columns; c++)
                        {
                            Put(k.Operands[s.Operand], call.Buffers[s.Operand], (row * columns) + c, e.Evaluate(s.Value, row, c));
                        }

                        break;
                    case RowStep.StoreRow s:
                        Put(k.Operands[s.Operand], call.Buffers[s.Operand], row, e.Evaluate(s.Value, row, 0));
                        break;
                    case RowStep.ColumnSum s:
                        for (var c = 0; c < columns; c++)
                        {
                            call.Buffers[s.Operand][c] += e.Evaluate(s.Value, row, c);
                        }

                        break;
                    case RowStep.RowTotal s:
                        call.Buffers[s.Operand][0] += e.Evaluate(s.Value, row, 0);
                        break;
                }
            }
        }
    }

    private static void Product(MatMulKernel k, KernelCall call)
    {
        var (rows, columns, inner) = (k.Rows.At(call.Batch, call.Length, call.Second), k.Columns.At(call.Batch, call.Length, call.Second), k.Inner.At(call.Batch, call.Length, call.Second));
        var (a, b) = (Multiplied(k, call.Buffers[0]), Multiplied(k, call.Buffers[1]));
        var e = new ScalarInterpreter(k.Operands, columns, call, new Dictionary<string, double>());
        for (var i = 0L; i < rows; i++)
        {
            for (var j = 0L; j < columns; j++)
            {
                var sum = 0.0;
                for (var x = 0L; x < inner; x++)
                {
                    sum += a[k.TransposeA ? (x * rows) + i : (i * inner) + x] * b[k.TransposeB ? (j * inner) + x : (x * columns) + j];
                }

                e.Accumulator = sum;
                foreach (var store in k.Extra)
                {
                    Put(k.Operands[store.Operand], call.Buffers[store.Operand], (i * columns) + j, e.Evaluate(store.Value, i, (int)j));
                }

                Put(k.Operands[k.Result], call.Buffers[k.Result], (i * columns) + j, e.Evaluate(k.Value, i, (int)j));
            }
        }
    }

    private static double[] Multiplied(MatMulKernel k, double[] operand)
    {
        if (k.Multiplied == ElementType.BFloat16)
        {
            operand = [.. operand];
            Narrow.Round(operand);
        }

        return operand;
    }

    private static void EmbeddingGradient(EmbeddingGradientKernel k, KernelCall call)
    {
        for (var row = 0L; row < k.Rows.At(call.Batch, call.Length, call.Second); row++)
        {
            var id = (int)call.Buffers[1][row];
            for (var c = 0; id != k.PaddingId && c < k.Width; c++)
            {
                call.Buffers[2][((long)id * k.Width) + c] += call.Buffers[0][(row * k.Width) + c];
            }
        }
    }

    private static void Patchify(PatchifyKernel k, KernelCall call)
    {
        var (rows, columns) = (k.Height / k.PatchHeight, k.Width / k.PatchWidth);
        var (area, at) = (k.PatchHeight * k.PatchWidth, 0L);
        for (var b = 0; b < call.Batch; b++)
        {
            for (var patch = 0; patch < rows * columns; patch++)
            {
                for (var pixel = 0; pixel < k.Channels * area; pixel++)
                {
                    var (channel, inside) = (pixel / area, pixel % area);
                    var y = (patch / columns * k.PatchHeight) + (inside / k.PatchWidth);
                    var x = (patch % columns * k.PatchWidth) + (inside % k.PatchWidth);
                    call.Buffers[1][at++] = call.Buffers[0][(((((long)b * k.Channels) + channel) * k.Height) + y) * k.Width + x];
                }
            }
        }
    }

    // A part of a gradient is added to the parts before it; the interpreter's gradients start at 0.
    private static void Put(Operand operand, double[] buffer, long at, double value) => buffer[at] = operand.Adds ? buffer[at] + value : value;
}
