using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Testing;

/// <summary>How the calls of a stored operation are made with our ops.</summary>
/// <param name="Ops">The ops that it proves.</param>
/// <param name="Build">Repeats a call; false where our ops cannot.</param>
internal sealed record GoldenOp(Type[] Ops, Func<GoldenOpBuilder, bool> Build);

/// <summary>Stored operations that have a counterpart here.</summary>
internal static partial class GoldenOps
{
    public static IReadOnlyDictionary<string, GoldenOp> All { get; } = new Dictionary<string, GoldenOp>
    {
        ["gelu"] = Function<GeluOp>(static (g, x) => g.Gelu(x)),
        ["gelu-tanh"] = Function<GeluTanhOp>(static (g, x) => g.GeluTanh(x)),
        ["quick-gelu"] = Function<QuickGeluOp>(static (g, x) => g.QuickGelu(x)),
        ["relu"] = Function<ReluOp>(static (g, x) => g.Relu(x)),
        ["silu"] = Function<SiluOp>(static (g, x) => g.Silu(x)),
        ["sigmoid"] = Function<SigmoidOp>(static (g, x) => g.Sigmoid(x)),
        ["tanh"] = Function<TanhOp>(static (g, x) => g.Tanh(x)),
        ["layer-norm"] = Always([typeof(LayerNormOp)], static b => b.Result(b.Graph.LayerNorm(b.Tensor("x"), Weight(b), b.File.Has("in.bias") ? b.Tensor("bias") : null, Epsilon(b)))),
        ["rms-norm"] = new([typeof(RmsNormOp)], static b => b.File.Option("offset").GetDouble() == 0 && Done(() => b.Result(b.Graph.RmsNorm(b.Tensor("x"), Weight(b), Epsilon(b))))),
        ["normalise"] = new([typeof(NormalizeOp)], static b => b.File.Option("floor").GetString() is "max" or "none" && b.File.Option("eps").GetDouble() == 1e-12 && b.File.Option("axis").GetInt32() == -1
            && Done(() => b.Result(b.Graph.Normalize(b.Tensor("x"))))),
        ["layer-scale"] = Always([typeof(ChannelScaleOp), typeof(AddOp)], static b => b.Result(b.Graph.Add(b.Tensor("x"), b.Graph.ChannelScale(b.Tensor("branch"), b.Tensor("scale"))))),
        ["linear"] = Always([typeof(MatMulOp), typeof(AddBiasOp)], Linear),
        ["matmul"] = new([typeof(MatMulOp)], static b => b.File.Shape("in.a").Length == 2 && Done(() => b.Result(b.Graph.MatMul(b.Tensor("a"), b.Tensor("b"), false, false, "product")))),
        ["embedding"] = new([typeof(EmbeddingOp)], static b => b.File.Option("scale").GetDouble() == 1 && Done(() => b.Result(b.Graph.Embedding(b.Tensor("table"), b.Integers("ids"), Padding(b))))),
        ["embedding-sum"] = Always([typeof(EmbeddingOp), typeof(AddOp)], EmbeddingSum),
        ["dropout"] = new([typeof(DropoutOp)], Dropout),
        ["attention"] = new([typeof(SelfAttentionOp), typeof(CrossAttentionOp)], Attention),
        ["rotary"] = new([typeof(RotaryOp)], Rotary),
        ["swiglu"] = Gated<SiluOp>(static (g, x) => g.Silu(x)),
        ["geglu"] = Gated<GeluOp>(static (g, x) => g.Gelu(x)),
        ["geglu-tanh"] = Gated<GeluTanhOp>(static (g, x) => g.GeluTanh(x)),
        ["concat"] = new([typeof(PrependOp)], Prepend),
        ["pooling"] = new([typeof(MeanTokensOp), typeof(SelectTokenOp)], Pool),
        ["patchify"] = new([typeof(PatchifyOp)], Patchify),
        ["patch-embedding"] = Always([typeof(PatchifyOp), typeof(MatMulOp), typeof(AddBiasOp)], PatchEmbedding),
        ["position-table"] = new([typeof(MatMulOp)], PositionTable),
        ["interpolate"] = new([typeof(MatMulOp)], Interpolate),
        ["cross-entropy"] = new([typeof(CrossEntropyOp), typeof(SoftCrossEntropyOp)], CrossEntropy),
        ["bce-with-logits"] = new([typeof(LogisticLossOp)], LogisticLoss),
        ["kl-divergence"] = new([typeof(KlDivergenceOp)], KlDivergence),
        ["mse"] = new([typeof(SquaredErrorOp)], SquaredError),
    };

    /// <summary>Ops without a stored operation, and why that is enough.</summary>
    public static IReadOnlyDictionary<Type, string> Without { get; } = new Dictionary<Type, string>
    {
        [typeof(ScaleOp)] = "a product with a constant; checkpoints of whole models hold its numbers",
        [typeof(BeginWithOp)] = "tokens that are put first; checkpoints of whole models hold its numbers",
        [typeof(RepeatOp)] = "learned queries for each sample; checkpoints of whole models hold its numbers",
        [typeof(AttentionWeightsOp)] = "the probabilities of attention, which has stored calls; softmaxes in plain doubles hold its numbers",
        [typeof(JointAttentionOp)] = "two parts of attention, which has stored calls; checkpoints of whole models hold its numbers",
        [typeof(PickSamplesOp)] = "checkpoints of whole models hold its numbers",
        [typeof(StackSamplesOp)] = "it moves numbers without changing them",
        [typeof(ReshapeOp)] = "it moves numbers without changing them",
        [typeof(TransposeOp)] = "it moves numbers without changing them",
        [typeof(DetachOp)] = "it hands numbers on",
        [typeof(FloatsOp)] = "0 and 1",
        [typeof(NumbersOp)] = "it counts",
        [typeof(LargestOp)] = "checkpoints of whole models hold its numbers",
        [typeof(PairMatchOp)] = "a cross-entropy whose labels are known; checkpoints of whole models hold its numbers",
        [typeof(ScaleByOp)] = "stored losses of pairs hold its numbers",
        [typeof(ExpScaleOp)] = "stored losses of pairs hold its numbers",
        [typeof(PairContrastOp)] = "stored losses of pairs hold its numbers",
        [typeof(ShiftByOp)] = "stored losses of pairs hold its numbers",
        [typeof(PairSigmoidOp)] = "stored losses of pairs hold its numbers",
        [typeof(ReciprocalScaleOp)] = "stored losses of pairs hold its numbers",
        [typeof(FocalLossOp)] = "a stored loss holds its numbers",
        [typeof(AbsOp)] = "stored losses of pairs hold its numbers",
        [typeof(OrderScoresOp)] = "stored losses of pairs hold its numbers",
        [typeof(TripletOp)] = "stored losses of pairs hold its numbers",
        [typeof(MatchCrossEntropyOp)] = "stored losses of pairs hold its numbers",
        [typeof(HeadDiagonalOp)] = "it moves numbers without changing them; checkpoints of whole models hold them",
        [typeof(TokenSoftmaxOp)] = "checkpoints of whole models hold its numbers",
        [typeof(WeighTokensOp)] = "checkpoints of whole models hold its numbers",
        [typeof(Relu6Op)] = "a ReLU with a second edge",
        [typeof(Gelu10Op)] = "a GELU with an edge",
        [typeof(SplitHeadsOp)] = "it moves numbers without changing them",
        [typeof(JoinHeadsOp)] = "it moves numbers without changing them",
        [typeof(ConcatOp)] = "it moves numbers without changing them; checkpoints of whole models hold them",
        [typeof(ReplaceTokensOp)] = "it moves numbers without changing them; checkpoints of whole models hold them",
        [typeof(AddToEachOp)] = "an addition with the table repeated; checkpoints of whole models hold its numbers",
    };

    /// <summary>The stored calls that can be repeated, by name.</summary>
    public static IReadOnlyDictionary<string, GoldenOpBuilder> Calls() => All
        .SelectMany(static op => GoldenOpFile.All(op.Key).Select(f => (Name: f.ToString(), Builder: new GoldenOpBuilder(f), Op: op.Value)))
        .Where(static c => c.Op.Build(c.Builder)).ToDictionary(static c => c.Name, static c => c.Builder);

    private static GoldenOp Always(Type[] ops, Action<GoldenOpBuilder> build) => new(ops, b => Done(() => build(b)));

    private static GoldenOp Function<T>(Func<GraphBuilder, Value, Value> apply)
        where T : UnaryOp => Always([typeof(T)], b => b.Result(apply(b.Graph, b.Tensor("x"))));

    // Ours are two projections, not the halves of one.
    private static GoldenOp Gated<T>(Func<GraphBuilder, Value, Value> apply)
        where T : UnaryOp => new([typeof(T), typeof(MultiplyOp)], b => b.File.Option("layout").GetString() == "separate"
            && Done(() => b.Result(b.Graph.Multiply(apply(b.Graph, b.Tensor("gate")), b.Tensor("value")))));

    private static bool Done(Action build)
    {
        build();
        return true;
    }

    private static Value Weight(GoldenOpBuilder b) => b.File.Has("in.weight")
        ? b.Tensor("weight")
        : b.Data("weight", Shape.Of(("width", b.File.Shape("in.x")[^1])), static _ => 1);

    private static double Epsilon(GoldenOpBuilder b) => b.File.Option("eps").GetDouble();

    private static int Padding(GoldenOpBuilder b) => b.File.Option("padding_id") is { ValueKind: System.Text.Json.JsonValueKind.Number } id ? id.GetInt32() : -1;

    private static void Linear(GoldenOpBuilder b)
    {
        var y = b.Graph.MatMul(b.Tensor("x"), b.Tensor("weight"), false, b.File.Option("layout").GetString() == "linear", "product");
        b.Result(b.File.Has("in.bias") ? b.Graph.AddBias(y, b.Tensor("bias")) : y);
    }

    private static void EmbeddingSum(GoldenOpBuilder b)
    {
        var tokens = b.Graph.Embedding(b.Tensor("token"), b.Integers("ids"));
        var positions = b.Graph.Embedding(b.Tensor("position"), b.Integers("positions"));
        b.Result(b.Graph.Add(b.Graph.Add(tokens, positions), b.Graph.Embedding(b.Tensor("segment"), b.Integers("segments"))));
    }

    private static bool Dropout(GoldenOpBuilder b)
    {
        var probability = b.File.Option("p").GetDouble();
        if (probability == 0)
        {
            return false;
        }

        b.Numbers.Kept = element => b.File.Values("in.keep")[element] > 0;
        var y = b.Graph.Dropout(b.Tensor("x"), 0, probability);
        b.Result(b.File.Has("in.residual") ? b.Graph.Add(b.Tensor("residual"), y) : y);
        return true;
    }
}
