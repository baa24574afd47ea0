using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Kernels;

namespace ModelCompiler.Compiler.Emit.Programs;

/// <summary>Prints kernels whose whole schedule is the runtime's: a call with the sizes filled in.</summary>
internal sealed class ScheduledKernelPrinter(Dialect dialect, SourceWriter w)
{
    public void Print(AttentionKernel k)
    {
        var names = k.Operands.Select(static o => Names.Camel(o.Name)).ToArray();
        var (width, keys) = (k.Heads * k.HeadWidth, k.KeyHeads * k.HeadWidth);
        var (output, sums) = k.IsGradient ? (names[1], names[2]) : (names[names.Length - 2], names[names.Length - 1]);
        if (dialect.HasWorkerScratch)
        {
            w.Line("/// <summary>Bytes of scratch memory of each thread.</summary>");
            w.Line($"public static long WorkerScratchBytes(long batch, long length) => Attention.WorkerScratchBytes({Int(k.Tokens)}, {Int(k.Tokens)}, {k.HeadWidth});");
            w.Line();
        }

        w.Line("public static long ScratchBytes(long batch, long length) => 0;");
        w.Line();
        using (w.Block($"public static void Run({KernelSignature.Parameters(dialect, k)})"))
        {
            w.Line("AttentionArguments a = default;");
            w.Line($"a.Query = {names[0]};\na.Key = {dialect.From(names[0], width)};\na.Value = {dialect.From(names[0], width + keys)};");
            w.Line($"a.Output = {output};\na.LogSumExp = {sums};");
            w.Line($"a.QueryStride = a.KeyStride = a.ValueStride = {width + (2 * keys)};");
            w.Line($"(a.OutputStride, a.Heads, a.KeyHeads, a.HeadWidth) = ({width}, {k.Heads}, {k.KeyHeads}, {k.HeadWidth});");
            w.Line($"(a.Batch, a.Queries, a.Keys) = ((int)batch, {Int(k.Tokens)}, {Int(k.Tokens)});");
            w.Line($"(a.Causal, a.Scale) = ({(k.IsCausal ? "true" : "false")}, {(k.ByLayer ? $"{Names.Float(k.Scale)} / (layer + 1)" : Names.Float(k.Scale))});");
            if (k.HasMask)
            {
                w.Line($"a.KeyMask = {names[k.IsGradient ? 4 : 1]};");
            }

            if (k.Dropout > 0)
            {
                w.Line("(a.Dropout, a.HasDropout) = (keep0, true);");
            }

            if (!k.IsGradient)
            {
                w.Line("Attention.Forward(context, in a);");
                w.Line(KernelSignature.Watch(dialect, k, KernelTable.Placeholder));
                return;
            }

            var d = names[names.Length - 1];
            w.Line("AttentionGradients g = default;");
            w.Line($"g.OutputGradient = {names[3]};\ng.OutputGradientStride = {width};");
            w.Line($"g.QueryGradient = {d};\ng.KeyGradient = {dialect.From(d, width)};\ng.ValueGradient = {dialect.From(d, width + keys)};");
            w.Line($"g.QueryGradientStride = g.KeyGradientStride = g.ValueGradientStride = {width + (2 * keys)};");
            w.Line("Attention.Backward(context, in a, in g);");
            w.Line(KernelSignature.Watch(dialect, k, KernelTable.Placeholder));
        }
    }

    public void Print(EmbeddingGradientKernel k)
    {
        var names = k.Operands.Select(static o => Names.Camel(o.Name)).ToArray();
        w.Line("/// <summary>Bytes of scratch memory that all threads share.</summary>");
        w.Line($"public static long ScratchBytes(long batch, long length) => EmbeddingGradient.SharedScratchBytes({k.Rows}, {k.Vocabulary});");
        w.Line();
        using (w.Block($"public static void Run({KernelSignature.Parameters(dialect, k)})"))
        {
            var table = k.Operands[2];
            w.Line($"EmbeddingGradient.Run(context, {names[1]}, {names[0]}, {k.Rows}, {k.Width}, {names[2]}, {k.Vocabulary}, {k.PaddingId}, {(table.Adds ? KernelSignature.Adds(table) : "false")});");
            w.Line(KernelSignature.Watch(dialect, k, KernelTable.Placeholder));
        }
    }

    public void Print(ContrastKernel k)
    {
        var names = k.Operands.Select(static o => Names.Camel(o.Name)).ToArray();
        if (dialect.HasWorkerScratch)
        {
            w.Line("/// <summary>Bytes of scratch memory of each thread.</summary>");
            w.Line($"public static long WorkerScratchBytes(long batch, long length) => Contrast.WorkerScratchBytes({k.Width});");
            w.Line();
        }

        w.Line("/// <summary>Bytes of scratch memory that all threads share.</summary>");
        w.Line($"public static long ScratchBytes(long batch, long length) => Contrast.SharedScratchBytes({Int(k.Pairs)}, {k.Width});");
        w.Line();
        using (w.Block($"public static void Run({KernelSignature.Parameters(dialect, k)})"))
        {
            var kept = k.IsGradient ? 2 : 4;
            w.Line("ContrastArguments a = default;");
            w.Line($"a.First = {names[0]};\na.Second = {names[1]};");
            w.Line($"a.FirstLargest = {names[kept]};\na.FirstLogSum = {names[kept + 1]};\na.SecondLargest = {names[kept + 2]};\na.SecondLogSum = {names[kept + 3]};");
            w.Line($"(a.Pairs, a.Width) = ({Int(k.Pairs)}, {k.Width});");
            if (k.IsGradient)
            {
                w.Line("ContrastGradient g = default;");
                w.Line($"g.Scale = {names[6]};\ng.Loss = {names[7]};\ng.Vectors = {names[8]};");
                if (k.Operands[8].Adds)
                {
                    w.Line($"g.Adds = {KernelSignature.Adds(k.Operands[8])};");
                }

                w.Line("Contrast.Backward(context, in a, in g);");
            }
            else
            {
                w.Line($"a.Own = {names[8]};");
                w.Line($"Contrast.Forward(context, in a, {names[2]}, {names[3]});");
            }

            w.Line(KernelSignature.Watch(dialect, k, KernelTable.Placeholder));
        }
    }

    public void Print(PatchifyKernel k)
    {
        w.Line("public static long ScratchBytes(long batch, long length) => 0;");
        w.Line();
        using (w.Block($"public static void Run({KernelSignature.Parameters(dialect, k)})"))
        {
            w.Line($"Patches.Extract(context, {Names.Camel(k.Operands[0].Name)}, {Names.Camel(k.Operands[1].Name)}, batch, {k.Channels}, {k.Height}, {k.Width}, {k.PatchHeight}, {k.PatchWidth});");
            w.Line(KernelSignature.Watch(dialect, k, KernelTable.Placeholder));
        }
    }

    private static string Int(Extent extent) => extent.IsConstant ? extent.ToString() : $"(int)({extent})";
}
