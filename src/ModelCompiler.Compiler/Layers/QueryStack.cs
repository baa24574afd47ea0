using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Layers;

/// <summary>What texts and queries see of each other. Where one must not see the other, nothing is computed; padding and what comes later are hidden by index tests.</summary>
internal enum TextSight
{
    /// <summary>Nothing: each sees its own.</summary>
    Apart,

    /// <summary>A token sees the queries, itself and what is before it; queries see each other alone.</summary>
    Behind,

    /// <summary>All see all.</summary>
    Together,
}

/// <summary>A text that goes through the blocks of a Q-Former.</summary>
/// <param name="Mask">Tokens that are not padding; null: all.</param>
internal sealed record TextStream(Value Tokens, Value? Mask, TextSight Sight);

/// <summary>
/// The blocks of a Q-Former with texts beside its queries: self-attention of the same weights for all, cross-attention of the queries alone, a feed-forward for queries and one for texts.
/// Queries that do not see a text are the same for all texts, so several texts go beside the same queries.
/// </summary>
internal static class QueryStack
{
    /// <summary>Returns what every block got and what the last one gave, the queries first.</summary>
    /// <param name="weights">For the queries and each text, where it sees its own alone, what it gives of its attention.</param>
    public static (IReadOnlyList<IReadOnlyList<Value>> Entries, IReadOnlyList<Value> Results) Apply(
        ModelBuilder m, string name, Side bridge, Side text, Value queries, Memory memory, IReadOnlyList<TextStream> texts, IReadOnlyList<AttentionOutputs?> weights)
    {
        var entries = new List<IReadOnlyList<Value>>();
        IReadOnlyList<Value> streams = [queries, .. texts.Select(static t => t.Tokens)];
        foreach (var run in m.RunsOf([Blocks(bridge), Blocks(text)], bridge.Transformer.Depth, memory.IsReadBy))
        {
            streams = m.Graph.BeginBlock(new Block(run.First == 0 ? name : $"{name}_from_{run.First}", run.First, run.Count, null), [.. streams]);
            entries.Add(streams);
            Value[] attended;
            using (In(m, bridge, run))
            {
                attended = Attend(m, bridge.Transformer, streams, texts, weights);
                if (memory.IsReadBy(run.First))
                {
                    attended[0] = BlockStack.SubLayer(m, attended[0], bridge.Transformer, "cross_attention", h => CrossAttentionLayer.Apply(m, h, memory, bridge.Transformer, weights.FirstOrDefault()));
                }

                attended[0] = FeedForward(m, attended[0], bridge.Transformer);
            }

            using (In(m, text, run))
            {
                streams = m.Graph.EndBlock([attended[0], .. attended.Skip(1).Select(x => FeedForward(m, x, text.Transformer))]);
            }
        }

        return (entries, streams);
    }

    private static Value[] Attend(ModelBuilder m, TransformerAttribute o, IReadOnlyList<Value> streams, IReadOnlyList<TextStream> texts, IReadOnlyList<AttentionOutputs?> weights)
    {
        Value[] entered = [.. streams.Select(x => BlockStack.Enter(m, x, o, "attention"))];
        Value[] branches;
        using (m.Scope("attention"))
        {
            Value[] met = [.. entered.Select(h => AttentionLayer.QueriesKeysValues(m, h, o))];
            var together = texts.ToList().FindIndex(static t => t.Sight == TextSight.Together);
            branches =
            [
                together < 0 ? Alone(met[0], null) : Joint(met[0], null, false, met[together + 1], texts[together].Mask),
                .. texts.Select((t, i) => t.Sight == TextSight.Apart ? Alone(met[i + 1], t.Mask) : Joint(met[i + 1], t.Mask, t.Sight == TextSight.Behind, met[0], null)),
            ];
            for (var i = 0; i < weights.Count; i++)
            {
                weights[i]?.Own(m, branches[i]);
            }

            branches = [.. branches.Select(x => AttentionLayer.Output(m, x, o))];
        }

        return [.. streams.Select((x, i) => BlockStack.Leave(m, x, branches[i], o, "attention"))];

        Value Alone(Value own, Value? mask) => m.Graph.SelfAttention(own, mask, Options(false, mask));

        Value Joint(Value own, Value? ownMask, bool isCausal, Value other, Value? otherMask) =>
            m.Graph.JointAttention(own, ownMask, Options(isCausal, ownMask), other, otherMask, Options(false, otherMask));

        AttentionOptions Options(bool isCausal, Value? mask) => AttentionLayer.Options(m, o, isCausal) with { FloatMask = mask?.Type == ElementType.Float };
    }

    private static Value FeedForward(ModelBuilder m, Value x, TransformerAttribute o) => BlockStack.SubLayer(m, x, o, "feed_forward", h => FeedForwardLayer.Apply(m, h, o));

    private static string Blocks(Side side) => side.Prefix + "blocks";

    // Layers of one run, as a tower's parameters are named.
    private static IDisposable In(ModelBuilder m, Side side, LayerRun run)
    {
        var tower = m.Tower(side.Name, hasOutputs: false);
        var scope = m.Scope("blocks");
        m.Run = run with { Name = Blocks(side) };
        return new Part(m, tower, scope);
    }

    private sealed class Part(ModelBuilder m, IDisposable tower, IDisposable scope) : IDisposable
    {
        public void Dispose()
        {
            m.Run = null;
            scope.Dispose();
            tower.Dispose();
        }
    }
}
