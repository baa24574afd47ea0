using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Kernels;

namespace ModelCompiler.Compiler.Emit.Programs;

/// <summary>Prints kernels whose whole schedule is the runtime's: a call with the sizes filled in.</summary>
internal sealed class ScheduledKernelPrinter(Dialect dialect, SourceWriter w)
{
    public void Print(AttentionKernel k)
    {
        var names = k.Operands.Select(static o => Names.Camel(o.Name)).ToArray();
        var (output, sums) = (names[k.Output], names[k.LogSums]);
        var widened = Widened(k);
        if (dialect.HasWorkerScratch)
        {
            w.Line("/// <summary>Bytes of scratch memory of each thread.</summary>");
            w.Line($"public static long WorkerScratchBytes(long batch, long length) => {(k.IsKept ? "0" : $"Attention.WorkerScratchBytes({Int(k.Queries)}, {Int(k.Keys)}, {k.HeadWidth})")};");
            w.Line();
        }

        var scratch = widened.Length > 0 ? string.Join(" + ", widened.Select(o => $"Widening.Bytes({k.Operands[o].Shape.Count})"))
            : k.IsGradient && dialect.HasAttentionScratch ? $"Attention.ScratchBytes({k.Samples}, {k.Heads}, {Int(k.Queries)})" : "0";
        w.Line($"public static long ScratchBytes(long batch, long length) => {scratch};");
        w.Line();
        using (w.Block($"public static void Run({KernelSignature.Parameters(dialect, k)})"))
        {
            for (var i = 0; i < widened.Length; i++)
            {
                var (name, count) = (names[widened[i]], k.Operands[widened[i]].Shape.Count);
                w.Line($"var {Names.Camel("wide_" + name)} = Widening.Run(context, {name}, {count}, {(i == 0 ? "context.Shared" : $"(byte*){names[widened[i - 1]]} + Widening.Bytes({k.Operands[widened[i - 1]].Shape.Count})")});");
                names[widened[i]] = Names.Camel("wide_" + name);
            }

            var suffix = dialect.AttentionSuffix(k.Operands[0].Type);
            w.Line($"AttentionArguments{suffix} a = default;");
            w.Line($"a.Query = {Attended(k.Query)};" + (k.IsKept ? "" : $"\na.Key = {Attended(k.Key)};\na.Value = {Attended(k.Value)};"));
            w.Line($"a.Output = {output};\na.LogSumExp = {sums};");
            w.Line(k.IsKept ? $"a.QueryStride = {k.Query.Stride};" : Strides("a", ""));
            w.Line($"(a.OutputStride, a.Heads, a.KeyHeads, a.HeadWidth) = ({k.Width}, {k.Heads}, {k.KeyHeads}, {k.HeadWidth});");
            w.Line(k.IsKept ? $"(a.Batch, a.Queries) = ((int)batch, {Int(k.Queries)});" : $"(a.Batch, a.Queries, a.Keys) = ({(k.Samples == Extent.Batch ? "(int)batch" : Int(k.Samples))}, {Int(k.Queries)}, {Int(k.Keys)});");
            w.Line($"(a.Causal, a.Scale) = ({(k.IsCausal ? "true" : "false")}, {(k.ByLayer ? $"{Names.Float(k.Scale)} / (layer + 1)" : Names.Float(k.Scale))});");
            if (k.HasMask)
            {
                w.Line($"a.KeyMask = {(k.Operands[k.Mask].Type == ElementType.Integer ? names[k.Mask] : dialect.Bits(names[k.Mask]))};");
            }

            if (k.Dropout > 0)
            {
                w.Line("(a.Dropout, a.HasDropout) = (keep0, true);");
            }

            if (!k.IsGradient)
            {
                w.Line(k.IsKept ? "cache.Read(context, ref a);" : k.IsCached ? "cache.Attend(context, ref a);" : "Attention.Forward(context, in a);");
                w.Line(KernelSignature.Watch(dialect, k, KernelTable.Placeholder));
                return;
            }

            w.Line($"AttentionGradients{suffix} g = default;");
            w.Line($"g.OutputGradient = {dialect.Attended(names[k.OutputGradient])};\ng.OutputGradientStride = {k.Width};");
            w.Line($"g.QueryGradient = {Gradient(k.Query)};\ng.KeyGradient = {Gradient(k.Key)};\ng.ValueGradient = {Gradient(k.Value)};");
            w.Line(Strides("g", "Gradient"));
            w.Line("Attention.Backward(context, in a, in g);");
            w.Line(KernelSignature.Watch(dialect, k, KernelTable.Placeholder));
        }

        string At(string operand, AttentionPlace place) => place.Offset == 0 ? operand : dialect.From(operand, place.Offset);

        string Attended(AttentionPlace place) => dialect.Attended(At(names[place.Operand], place));

        string Gradient(AttentionPlace place) => At(names[k.GradientOf(place)], place);

        string Strides(string of, string what) => k.Query.Stride == k.Key.Stride
            ? $"{of}.Query{what}Stride = {of}.Key{what}Stride = {of}.Value{what}Stride = {k.Query.Stride};"
            : $"({of}.Query{what}Stride, {of}.Key{what}Stride, {of}.Value{what}Stride) = ({k.Query.Stride}, {k.Key.Stride}, {k.Value.Stride});";
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

    public void Print(PairKernel k)
    {
        var entry = k.Rule is PairRule.Contrast ? "Contrast" : "PairSigmoid";
        if (dialect.HasWorkerScratch)
        {
            w.Line("/// <summary>Bytes of scratch memory of each thread.</summary>");
            w.Line($"public static long WorkerScratchBytes(long batch, long length) => PairBlocks.WorkerScratchBytes({k.Width}, {k.TeacherWidth});");
            w.Line();
        }

        w.Line("/// <summary>Bytes of scratch memory that all threads share.</summary>");
        w.Line($"public static long ScratchBytes(long batch, long length) => PairBlocks.SharedScratchBytes({Int(k.Pairs)}, {Int(k.Queued)}, {k.Width}, {k.TeacherWidth});");
        w.Line();
        using (w.Block($"public static void Run({KernelSignature.Parameters(dialect, k)})"))
        {
            w.Line("PairArguments a = default;");
            foreach (var (role, operand) in k.Roles.Zip(k.Operands, static (role, operand) => (role, operand)))
            {
                w.Line($"a.{role} = {Names.Camel(operand.Name)};");
                if (operand.Adds)
                {
                    w.Line($"a.Adds = {KernelSignature.Adds(operand)};");
                }
            }

            w.Line($"(a.Pairs, a.Queued, a.Width, a.TeacherWidth) = ({Int(k.Pairs)}, {Int(k.Queued)}, {k.Width}, {k.TeacherWidth});");
            if (k.Rule is PairRule.Contrast c)
            {
                w.Line($"(a.BothWays, a.WithoutOwn, a.OwnOnly, a.Softness) = ({Flag(c.BothWays)}, {Flag(c.WithoutOwn)}, {Flag(c.OwnOnly)}, {Names.Float(c.Softness)});");
            }

            w.Line($"{entry}.{(k.IsGradient ? "Backward" : "Forward")}(context, in a);");
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

    // Numbers of the narrow operands of which the back end's attention needs copies.
    private int[] Widened(AttentionKernel k) => dialect.WidensAttention ? [.. Enumerable.Range(0, k.Operands.Count).Where(i => k.Operands[i].Type == ElementType.BFloat16)] : [];

    private static string Flag(bool value) => value ? "true" : "false";

    private static string Int(Extent extent) => extent.IsConstant ? extent.ToString() : $"(int)({extent})";
}
