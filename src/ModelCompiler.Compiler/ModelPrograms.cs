using ModelCompiler.Compiler.Architectures;
using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Kernels;
using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Lowering;
using ModelCompiler.Compiler.Passes;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler;

/// <summary>What a model can be asked to do; each is a program of its own.</summary>
internal enum Pass
{
    /// <summary>Outputs from inputs, without dropout.</summary>
    Forward,

    /// <summary>Outputs and losses, without dropout.</summary>
    Evaluate,

    /// <summary>Losses and gradients, with dropout.</summary>
    Train,

    /// <summary>The features of the first tower of two.</summary>
    EncodeFirst,

    /// <summary>The features of the second tower of two.</summary>
    EncodeSecond,

    /// <summary>Logits of the next token behind tokens whose predecessors are in the cache of keys and values: a prompt, or one token more.</summary>
    Decode,

    /// <summary>What decoding begins with, once for each source: keys and values of what the decoder reads of another tower, or a prompt that begins with a picture.</summary>
    Prime,

    /// <summary>The features of both towers with dropout, of one batch of a step on several.</summary>
    Embed,

    /// <summary>Losses and gradients of the features of all batches of a step.</summary>
    Compare,

    /// <summary>Gradients of the towers from those of their features, of one batch of a step on several.</summary>
    Backward,
}

/// <summary>The stages between a checked model and its programs.</summary>
internal static class ModelPrograms
{
    /// <summary>The graph as its layers build it, before any pass, and the parameters in the order in which they were asked for.</summary>
    public static (Graph Graph, IReadOnlyList<Parameter> Parameters) Build(BoundModel model, Pass pass, SharedParameters? shared = null) =>
        ArchitectureCatalogue.Build(model, pass, shared);

    /// <summary>
    /// The passes in order. Composites are expanded only behind differentiation, because their gradients are written for the
    /// whole; carries are isolated when nothing removes or merges nodes any more, and how values are stored is chosen last.
    /// </summary>
    /// <param name="recompute">Blocks are computed once more in backward instead of kept.</param>
    /// <param name="mixed">Activations are stored in 16 bits.</param>
    public static Graph Optimize(Graph graph, Pass pass, bool recompute, bool mixed = false)
    {
        GraphVerifier.Verify(graph, "the layers");
        if (pass is Pass.Train or Pass.Compare or Pass.Backward)
        {
            graph = Run("differentiate", graph, g => Differentiate.Run(g, "loss", recompute));
        }

        graph = Run("expand", graph, static g => new Expand().Run(g));
        graph = Run("simplify", graph, static g => new Simplify().Run(g));
        graph = Run("isolate", graph, static g => new IsolateCarries().Run(g));
        return mixed ? Run("narrow", graph, static g => new StoreNarrow().Run(g)) : graph;
    }

    /// <summary>The passes with the model's options. What a decoder keeps is floats: the few tokens of a step are no memory worth halving.</summary>
    public static Graph Optimize(Graph graph, BoundModel model, Pass pass) =>
        Optimize(graph, pass, Side.All(model).Select(static s => s.Options).Append(model.Architecture).Any(static o => o is TransformerAttribute { Recompute: true }), pass is not (Pass.Prime or Pass.Decode) && model.Get<MixedPrecisionAttribute>() is not null);

    /// <summary>All stages up to kernels.</summary>
    public static Program Compile(BoundModel model, Pass pass, bool fuse = true, SharedParameters? shared = null)
    {
        var graph = Optimize(Build(model, pass, shared).Graph, model, pass);
        return CompilerStage.Run("fuse", () => ProgramVerifier.Verify(Lower.Run(graph, fuse)));
    }

    private static Graph Run(string stage, Graph graph, Func<Graph, Graph> pass) => CompilerStage.Run(stage, () => GraphVerifier.Verify(pass(graph), stage));
}
