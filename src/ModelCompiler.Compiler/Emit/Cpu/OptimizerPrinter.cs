using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Kernels;
using ModelCompiler.Compiler.Optimizers;

namespace ModelCompiler.Compiler.Emit.Cpu;

/// <summary>Prints the optimizer step: clipping, decay, update and moving average of every parameter in one pass over the arena.</summary>
internal sealed class OptimizerPrinter(OptimizerRule rule, double? average, SourceWriter w)
{
    private static readonly Shape s_shape = Shape.Of(("count", 16));

    public void Print()
    {
        var step = new OptimizerStep(rule, average);
        var (stores, values) = (step.Stores, step.Values);
        var names = step.Operands.Select(Names.Pascal).ToArray();
        var operands = names.Select(static n => new Operand(n, s_shape, ElementType.Float, true)).ToArray();
        var numbers = new[] { "rate", "scale" }.Concat(rule.Numbers.Select(static n => n.Name)).ToArray();
        w.Summary($"One optimizer step: {rule.GetType().Name} over chunks of the parameters that train.");
        using (w.Block("private static class UpdateKernel"))
        {
            using (w.Block("public struct Arguments"))
            {
                w.Line($"public float* {string.Join(", ", names)};");
                w.Line("public ParameterChunk* Chunks;");
                w.Line($"public float {string.Join(", ", numbers.Select(Names.Pascal))}, WeightDecay;");
            }

            w.Line();
            using (w.Block("public static void Run(CpuContext context, Arguments a, int chunks)"))
            {
                w.Line("context.Team.Run(chunks, context.Set switch\n{\n    InstructionSet.Vector512 => &Body<Simd512>,\n    InstructionSet.Vector256 => &Body<Simd256>,\n    _ => &Body<Simd128>,\n}, &a);");
            }

            w.Line();
            using (w.Block("private static void Body<V>(void* state, int chunk, int worker)\n    where V : unmanaged, ISimd<V>"))
            {
                w.Line("ref readonly var a = ref *(Arguments*)state;");
                w.Line("var part = a.Chunks[chunk];");
                foreach (var number in numbers)
                {
                    w.Line($"var {number} = a.{Names.Pascal(number)};");
                }

                w.Line("var decay = part.Decays ? a.WeightDecay : 0f;");
                var pointers = names.Select(Names.Camel).ToArray();
                for (var i = 0; i < names.Length; i++)
                {
                    w.Line($"var {pointers[i]} = a.{names[i]} + part.Offset;");
                }

                var printer = new FormulaPrinter(operands, o => pointers[o], static _ => "", "0L", "0", "c", "n");
                var shared = printer.Share(values);
                printer.Prelude(w, shared, new HashSet<string>(pointers.Concat(numbers)) { "c", "n", "a", "part", "decay" });
                using (w.Block("for (var c = 0; c < part.Count; c += V.Lanes)"))
                {
                    w.Line("var n = part.Count - c;");
                    printer.Shared(w, shared);
                    for (var i = 0; i < stores.Count; i++)
                    {
                        w.Line($"V.Store({pointers[stores[i]]} + c, {printer.Print(shared[i])}, n);");
                    }
                }
            }
        }
    }
}
