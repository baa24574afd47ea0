using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Layers;

/// <summary>The blocks of a transformer: attention, attention to another tower where there is one, and feed-forward, each on the residual stream, pre- or post-norm.</summary>
internal static class BlockStack
{
    /// <summary>Returns what every block got, and what the last one gave.</summary>
    public static (IReadOnlyList<Value> Entries, Value Result) Apply(ModelBuilder m, Value x, Sight sight, TransformerAttribute o, AttentionOutputs? weights)
    {
        var entries = new List<Value>();
        foreach (var run in m.Runs("blocks", o.Depth, layer => sight.Memory?.IsReadBy(layer) == true))
        {
            using var scope = m.Scope("blocks");
            m.Run = run;
            var entry = m.Graph.BeginBlock(Of(m, run), x)[0];
            entries.Add(entry);
            x = m.Graph.EndBlock(Block(m, entry, sight, o, weights))[0];
            m.Run = null;
        }

        return (entries, x);
    }

    /// <summary>Keys and values that the blocks have of what they read, one value for each run of layers.</summary>
    public static IReadOnlyList<Value> KeysAndValues(ModelBuilder m, Value read, TransformerAttribute o)
    {
        var all = new List<Value>();
        foreach (var run in m.Runs("blocks", o.Depth, static _ => true))
        {
            using var scope = m.Scope("blocks");
            m.Run = run;
            m.Graph.BeginBlock(Of(m, run));
            all.Add(CrossAttentionLayer.KeysAndValues(m, read, o));
            m.Graph.EndBlock();
            m.Run = null;
        }

        return all;
    }

    private static Block Of(ModelBuilder m, LayerRun run) => new(run.First == 0 ? m.Stack("blocks") : $"{m.Stack("blocks")}_from_{run.First}", run.First, run.Count, null);

    private static Value Block(ModelBuilder m, Value x, Sight sight, TransformerAttribute o, AttentionOutputs? weights)
    {
        x = SubLayer(m, x, o, "attention", h => AttentionLayer.Apply(m, h, sight.Mask, o, sight.IsCausal, weights));
        if (sight.Memory is { } memory && memory.IsReadBy(m.Run!.First))
        {
            x = SubLayer(m, x, o, "cross_attention", h => CrossAttentionLayer.Apply(m, h, memory, o, weights));
        }

        return SubLayer(m, x, o, "feed_forward", h => FeedForwardLayer.Apply(m, h, o));
    }

    /// <summary>Pre: x + scale f(norm(x)). Post: norm(x + scale f(x)). Dropout stands before the sum.</summary>
    public static Value SubLayer(ModelBuilder m, Value x, TransformerAttribute o, string name, Func<Value, Value> layer) => Leave(m, x, layer(Enter(m, x, o, name)), o, name);

    /// <summary>What a sub-layer gets of the residual stream.</summary>
    public static Value Enter(ModelBuilder m, Value x, TransformerAttribute o, string name) => o.NormPlacement == NormPlacement.Pre ? NormLayer.Apply(m, name + "_norm", x, o) : x;

    /// <summary>The residual stream with what a sub-layer gave.</summary>
    public static Value Leave(ModelBuilder m, Value x, Value branch, TransformerAttribute o, string name)
    {
        if (o.LayerScale != 0)
        {
            branch = m.Graph.ChannelScale(branch, m.Parameter(name + "_scale", [o.Width], ParameterKind.Vector, new Initializer.Constant(o.LayerScale)));
        }

        var sum = m.Graph.Add(x, m.Dropout(branch, o.ResidualDropout));
        return o.NormPlacement == NormPlacement.Pre ? sum : NormLayer.Apply(m, name + "_norm", sum, o);
    }
}
