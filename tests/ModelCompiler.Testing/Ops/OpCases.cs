using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Testing;

/// <summary>
/// The table of ops: a new op is a few rows here. Shapes have a 1, an odd size, less than a vector, more than a tile of a product
/// and more than a chunk of rows; some depend on batch and length, some do not.
/// </summary>
internal static partial class OpCases
{
    /// <summary>Every case by its name.</summary>
    public static IReadOnlyDictionary<string, OpCase> All { get; } = new[] { Elementwise(), Norms(), Products(), Tokens(), Attention(), Losses() }
        .SelectMany(static rows => rows).ToDictionary(static c => c.ToString());

    /// <summary>Every refusal by its name.</summary>
    public static IReadOnlyDictionary<string, OpRefusal> Refusals { get; } = RefusalRows().ToDictionary(static r => r.ToString());

    /// <summary>Ops that only gradients and expansions are made of, and an op that makes each: its rows cover both.</summary>
    public static IReadOnlyDictionary<Type, Type> MadeBy { get; } = new Dictionary<Type, Type>
    {
        [typeof(SlopeOp)] = typeof(GeluOp),
        [typeof(FormulaOp)] = typeof(LayerNormOp),
        [typeof(RowReduceOp)] = typeof(LayerNormOp),
        [typeof(ColumnSumOp)] = typeof(AddBiasOp),
        [typeof(SumOverBatchOp)] = typeof(AddToEachOp),
        [typeof(DropPrefixOp)] = typeof(PrependOp),
        [typeof(SkipPrefixOp)] = typeof(BeginWithOp),
        [typeof(TakePrefixOp)] = typeof(BeginWithOp),
        [typeof(PlaceTokenOp)] = typeof(SelectTokenOp),
        [typeof(HalfOp)] = typeof(ConcatOp),
        [typeof(HeadRowsOp)] = typeof(SplitHeadsOp),
        [typeof(SelectRowsOp)] = typeof(ReplaceTokensOp),
        [typeof(SpreadMeanOp)] = typeof(MeanTokensOp),
        [typeof(EmbeddingGradientOp)] = typeof(EmbeddingOp),
        [typeof(SelfAttentionGradientOp)] = typeof(SelfAttentionOp),
        [typeof(CrossAttentionGradientOp)] = typeof(CrossAttentionOp),
        [typeof(TakeHeadsOp)] = typeof(JointAttentionOp),
        [typeof(PlaceHeadsOp)] = typeof(JointAttentionOp),
        [typeof(MixedAttentionOp)] = typeof(JointAttentionOp),
        [typeof(JointLogSumOp)] = typeof(JointAttentionOp),
        [typeof(AttentionScoresOp)] = typeof(AttentionWeightsOp),
        [typeof(AttentionProbabilityOp)] = typeof(AttentionWeightsOp),
        [typeof(PickSamplesGradientOp)] = typeof(PickSamplesOp),
        [typeof(TakeSamplesOp)] = typeof(StackSamplesOp),
        [typeof(RowCrossEntropyOp)] = typeof(CrossEntropyOp),
        [typeof(CrossEntropyGradientOp)] = typeof(CrossEntropyOp),
        [typeof(PairSigmoidGradientOp)] = typeof(PairSigmoidOp),
        [typeof(DiagonalOp)] = typeof(TripletOp),
        [typeof(DisorderOp)] = typeof(OrderScoresOp),
        [typeof(OrderScoresGradientOp)] = typeof(OrderScoresOp),
        [typeof(ByRowOp)] = typeof(MatchCrossEntropyOp),
        [typeof(DiagonalHeadsOp)] = typeof(HeadDiagonalOp),
        [typeof(LargestOfTokensOp)] = typeof(TokenSoftmaxOp),
        [typeof(ExpSumOfTokensOp)] = typeof(TokenSoftmaxOp),
        [typeof(ProductOfTokensOp)] = typeof(TokenSoftmaxOp),
        [typeof(TokenProbabilityOp)] = typeof(TokenSoftmaxOp),
        [typeof(TokenSoftmaxGradientOp)] = typeof(TokenSoftmaxOp),
        [typeof(TokenWeightGradientOp)] = typeof(WeighTokensOp),
        [typeof(SpreadWeightsOp)] = typeof(WeighTokensOp),
        [typeof(PairContrastGradientOp)] = typeof(PairContrastOp),
    };

    /// <summary>Shapes of rows and columns, by what is special about them.</summary>
    private static IEnumerable<(string Name, Shape Shape)> Matrices =>
    [
        ("one value", Fixed(1, 1)),
        ("odd", Fixed(3, 7)),
        ("one column", Fixed(5, 1)),
        ("wide", Fixed(70, 37)),
        ("batch and length", new Shape(Batch, Length, Width(16))),
    ];

    private static Axis Batch => new("batch", Extent.Batch);

    private static Axis Length => new("length", Extent.Length);

    private static Shape Fixed(params int[] extents) => new([.. extents.Select(static (extent, i) => new Axis($"d{i}", extent))]);

    private static Axis Width(int width) => new("width", width);

    private static Axis Token(int tokens) => new("token", tokens);

    private static OpCase Row<T>(string name, Func<OpBuilder, Value> build, int batch = 2, int length = 5)
        where T : Op => new(name, typeof(T), build, batch, length);
}
