using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Layers;

/// <summary>The attention weights of a tower's blocks, which it gives where its options ask for them.</summary>
internal sealed class AttentionOutputs
{
    private readonly List<Value> _own = [], _read = [];

    private AttentionOutputs()
    {
    }

    /// <summary>Null: the tower gives none, or the pass gives nothing that is only looked at.</summary>
    public static AttentionOutputs? Of(ModelBuilder m, TransformerAttribute o) => o.Attentions && m.IsLookedAt ? new() : null;

    /// <summary>Adds what tokens saw of their own sequence, in one run of blocks.</summary>
    public void Own(ModelBuilder m, Value attended) => _own.Add(m.Graph.AttentionWeights(attended));

    /// <summary>Adds what they saw of the tower that they read.</summary>
    public void Read(ModelBuilder m, Value attended) => _read.Add(m.Graph.AttentionWeights(attended));

    /// <summary>Adds the outputs.</summary>
    /// <param name="prefix">What their names begin with.</param>
    public void Give(ModelBuilder m, string prefix = "")
    {
        m.Output(prefix + "attentions", [.. _own]);
        if (_read.Count > 0)
        {
            m.Output(prefix + "cross_attentions", [.. _read]);
        }
    }
}
