using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Kernels;
using ModelCompiler.Compiler.Optimizers;

namespace ModelCompiler.Compiler.Emit.Gpu;

/// <summary>Prints the optimizer step: clipping, decay, update and moving average of every parameter in one launch over the arena.</summary>
internal sealed class OptimizerPrinter(OptimizerRule rule, double? average, SourceWriter w)
{
    public void Print()
    {
        var step = new OptimizerStep(rule, average);
        var names = step.Operands.Select(Names.Pascal).ToArray();
        var operands = names.Select(static n => new Operand(n, Shape.Of(("count", 16)), ElementType.Float, true)).ToArray();
        w.Summary($"One optimizer step: {rule.GetType().Name} over chunks of the parameters that train.");
        using (w.Block("internal static class UpdateKernel"))
        {
            using (w.Block("public struct Arguments"))
            {
                w.Line($"public ArrayView<float> {string.Join(", ", names)}, Scale;");
                w.Line("public ArrayView<ParameterChunk> Chunks;");
                w.Line("public ArrayView<StepNumbers> Numbers;");
                w.Line("public float WeightDecay;");
            }

            w.Line();
            w.Line("public static void Run(GpuContext context, Arguments a, int chunks) => context.Launch(Body, chunks, Groups.Size, in a);");
            w.Line();
            using (w.Block("private static void Body(Arguments a)"))
            {
                w.Line("var (thread, threads, group) = (Group.IdxX, Group.DimX, Grid.IdxX);");
                w.Line("var scale = a.Scale[0];");
                w.Line("if (scale < 0f)\n{\n    return; // the step is not made\n}\n");
                w.Line("var part = a.Chunks[group];");
                w.Line("var last = part.Offset + part.Count;");
                w.Line("var numbers = a.Numbers[0];");
                w.Line("var rate = numbers.Rate;");
                for (var i = 0; i < rule.Numbers.Count; i++)
                {
                    w.Line($"var {rule.Numbers[i].Name} = numbers.{Names.StepNumber(i)};");
                }

                w.Line("var decay = part.Decays != 0 ? a.WeightDecay : 0f;");
                var printer = new FormulaPrinter(operands, o => "a." + names[o], static _ => "", "0", "0", "c");
                var shared = printer.Share(step.Values);
                using (w.Block("for (var c = part.Offset + thread; c < last; c += threads)"))
                {
                    printer.Shared(w, shared);
                    for (var i = 0; i < step.Stores.Count; i++)
                    {
                        w.Line($"var new{names[step.Stores[i]]} = {printer.Print(shared[i])};");
                    }

                    foreach (var store in step.Stores)
                    {
                        w.Line($"a.{names[store]}[c] = new{names[store]};");
                    }
                }
            }
        }
    }
}
