using static ModelCompiler.Generators.Tests.Harness.Models;

namespace ModelCompiler.Generators.Tests.Diagnostics;

/// <summary>Options that exclude or need each other, and architectures with objectives.</summary>
internal static class OptionRows
{
    public static IReadOnlyList<Row> All { get; } =
    [
        new("MC1004", Vit("Positions = [|Positions.Sinusoidal|]"), "Positions.Sinusoidal is for text; legal for pictures: None, Learned, SinusoidalGrid; nearest: SinusoidalGrid"),
        new("MC1004", Gpt("Positions = [|Positions.SinusoidalGrid|]"), "Positions.SinusoidalGrid is for pictures; legal for text: None, Learned, Sinusoidal, SinusoidalHalves, Rotary; nearest: Sinusoidal"),
        new("MC1004", Vit("Pooling = [|Pooling.Last|]"), "Pooling.Last needs a last token, and pictures have none; legal for pictures: None, Cls, Mean, ClsAndMean, Attention; nearest: Mean"),
        new("MC1004", Vit(attributes: ", FeatureRegression(Hidden = [|false|])"), "Hidden and Pooled are both false, so FeatureRegression compares nothing: set one of them to true"),
        new("MC1003", Vit("Width = [|10|], Heads = 4, HeadWidth = 4, Pooling = Pooling.Attention"), "Width (10) must be divisible by Heads (4), those of Pooling.Attention; nearest: 8 or 12"),
        new("MC1004", Gpt("Pooling = [|Pooling.Attention|]"), "Pooling.Attention is for pictures; legal for text: None, Cls, Mean, Last, End, HighestId, ClsAndMean; nearest: Last"),
        new("MC1004", Bert("AttendPadding = [|true|], PaddingToken = 0"), "AttendPadding takes padding for a token like any other, but PaddingToken is 0: leave one of them out"),
        new("MC1004", Bert("AttendPadding = [|true|], Pooling = Pooling.Mean"),
            "AttendPadding takes padding for a token like any other, but Pooling.Mean leaves it out: set Pooling to Last, or leave AttendPadding out"),
        new("MC1005", Bert("PoolerBias = [|false|]"),
            "PoolerBias is false, but Pooler is None, so there is no bias to leave out: set Pooler to Tanh, Relu, Gelu or Linear, or leave PoolerBias out"),
        new("MC1005", Vit("Pooling = Pooling.None, PoolNorm = [|true|]", ""), "PoolNorm needs a pooled vector, but Pooling is None: set Pooling to Cls, Mean, ClsAndMean or Attention, or leave PoolNorm out"),
        new("MC1005", Gpt("PoolNorm = [|true|]"), "PoolNorm needs a pooled vector, but Pooling is None: set Pooling to Cls, Mean, Last, End, HighestId or ClsAndMean, or leave PoolNorm out"),
        new("MC1005", Bert("Pooler = [|Pooler.Tanh|]"), "Pooler.Tanh needs a pooled vector, but Pooling is None: set Pooling to Cls, Mean, Last, End, HighestId or ClsAndMean, or leave Pooler out"),
        new("MC1005", Vit("Pooling = [|Pooling.Cls|], ClassToken = false"), "Pooling.Cls needs the class token, but ClassToken is false: set Pooling to Mean or None, or ClassToken to true"),
        new("MC1005", Vit("ClassToken = [|false|]"), "Pooling.Cls needs the class token, but ClassToken is false: set Pooling to Mean or None, or ClassToken to true"),
        new("MC1005", Vit("Positions = Positions.None, PositionRows = [|2|]"), "PositionRows (2) is the size of a learned table, but Positions is None: set Positions to Learned, or leave PositionRows out"),
        new("MC1005", Vit("Positions = Positions.SinusoidalGrid, PositionColumns = [|2|]"), "PositionColumns (2) is the size of a learned table, but Positions is SinusoidalGrid: set Positions to Learned, or leave PositionColumns out"),
        new("MC1005", Bert("Positions = Positions.None, PositionOffset = [|2|]"), "PositionOffset (2) needs a table of positions, but Positions is None: set Positions to Learned or Sinusoidal, or leave PositionOffset out"),
        new("MC1005", Gpt(attributes: ", [|Classification|](Classes = 2)"), "Classification reads one vector a sample, but Pooling is None: set Pooling of the architecture to Cls, Mean, Last, End, HighestId or ClsAndMean"),
        new("MC1005", Vit("Pooling = Pooling.None", ", FeatureRegression(Pooled = [|true|])"), "Pooled compares one vector a sample, but Pooling is None: set Pooling of the architecture to Cls, Mean, ClsAndMean or Attention"),
        new("MC1005", Bert(attributes: ", MaskedLanguageModel(NextSentence = [|true|])"), "NextSentence reads one vector a sample, but Pooling is None: set Pooling of the architecture to Cls, Mean, Last, End, HighestId or ClsAndMean"),
        new("MC1004", Vit("Positions = [|Positions.Rotary|]"), "Positions.Rotary is for text; legal for pictures: None, Learned, SinusoidalGrid; nearest: SinusoidalGrid"),
        new("MC1005", Vit("Pooling = [|Pooling.ClsAndMean|], ClassToken = false"), "Pooling.ClsAndMean needs the class token, but ClassToken is false: set Pooling to Mean or None, or ClassToken to true"),
        new("MC1005", Vit("Pooling = Pooling.Mean, ClassToken = false, DistillationToken = [|true|]"), "DistillationToken stands behind the class token, but ClassToken is false: set ClassToken to true, or leave DistillationToken out"),
        new("MC1005", Vit(attributes: ", Classification(Classes = 3, Distilled = [|true|])"), "Distilled reads the distillation token, and the model has none: set DistillationToken of a VisionTransformer to true, or leave Distilled out"),
        new("MC1002", Vit(attributes: ", Classification(Classes = 3, LabelSmoothing = [|1|])"), "LabelSmoothing (1) must be at least 0 and below 1; usual: 0.1"),
        new("MC1002", Vit(attributes: ", Classification(Classes = 3, LabelSmoothing = [|-0.1|])"), "LabelSmoothing (-0.1) must be at least 0 and below 1; nearest: 0"),
        new("MC1004", Vit(attributes: ", Classification(Classes = 3, MultiLabel = true, LabelSmoothing = [|0.1|])"),
            "LabelSmoothing moves a share of one class to all, but with MultiLabel every class is a yes or no of its own: leave it out, and give Labels between 0 and 1"),
        new("MC1004", Vit(attributes: ", Classification(Classes = 3, MultiLabel = true, Targets = [|ClassTargets.Probabilities|])"),
            "ClassTargets.Probabilities says how much a sample is of each class, but with MultiLabel every class is a yes or no of its own, and Labels hold a number for each: leave one of them out"),
        new("MC1008", Vit(attributes: ", Classification(Classes = 3, Targets = [|(ClassTargets)2|])"), "Targets (2) is no value of ClassTargets; legal: Labels, Probabilities; nearest: Probabilities"),
        new("MC1005", Vit("PoolerWidth = [|5|]"), "PoolerWidth (5) needs a pooler, but Pooler is None: set Pooler to Tanh, Relu, Gelu or Linear, or leave PoolerWidth out"),
        new("MC1005", Gpt("LearnPadding = [|Toggle.Off|]"), "LearnPadding is Off, but there is no padding token: set PaddingToken, or leave LearnPadding out"),
        new("MC1005", Gpt("Positions = Positions.Rotary, PositionOffset = [|2|]"), "PositionOffset (2) needs a table of positions, but Positions is Rotary: set Positions to Learned or Sinusoidal, or leave PositionOffset out"),
        new("MC1008", Vit("Activation = [|(Activation)99|]"), "Activation (99) is no value of Activation; legal: Gelu, GeluTanh, QuickGelu, Relu, Silu, Tanh, Sigmoid, Relu6, Gelu10; nearest: Gelu10"),
        new("MC1008", Vit("Norm = [|(Norm)(-1)|]"), "Norm (-1) is no value of Norm; legal: Layer, Rms; nearest: Layer"),
        new("MC1008", Vit("Biases = [|(Biases)513|]"), "Biases (513) is no value of Biases; legal: None, Query, Key, Value, QueryKeyValue, Output, Up, Down, Norm, Patch, Gate, FeedForward, All; nearest: Query"),
        new("MC1008", Bert(attributes: ", MaskedLanguageModel(Activation = [|(Activation)9|])"), "Activation (9) is no value of Activation; legal: Gelu, GeluTanh, QuickGelu, Relu, Silu, Tanh, Sigmoid, Relu6, Gelu10; nearest: Gelu10"),
        new("MC2001", Vit(attributes: ", [|TransformerDecoder|](Vocabulary = 11)"), "'M' has the architecture [VisionTransformer] already, and a model has one: remove [VisionTransformer] or [TransformerDecoder]"),
        new("MC2002", "[AdamW] public partial class [|M|];", "'M' needs an architecture: add one of [Blip2], [Blip2Pretraining], [Clip], [DualEncoder], [EncoderDecoder], [PrecomputedFeatures], [QFormer], [TransformerDecoder], [TransformerEncoder], [VisionTransformer]"),
        new("MC2003", Vit(attributes: ", [|CausalLanguageModel|]"), "[CausalLanguageModel] needs tokens, and a VisionTransformer reads pictures; legal: [Classification], [FeatureRegression], [SupervisedContrastive]"),
        new("MC2003", Vit(attributes: ", [|MaskedLanguageModel|]"), "[MaskedLanguageModel] needs tokens, and a VisionTransformer reads pictures; legal: [Classification], [FeatureRegression], [SupervisedContrastive]"),
        new("MC2003", Gpt(attributes: ", [|MaskedLanguageModel|](Tied = false)"), "[MaskedLanguageModel] reads the tokens on both sides, and a TransformerDecoder sees only earlier ones; legal: [CausalLanguageModel], [Classification], [FeatureRegression], [SupervisedContrastive]; nearest: [CausalLanguageModel]"),
        new("MC2003", Bert(attributes: ", [|CausalLanguageModel|]"), "[CausalLanguageModel] predicts the next token, and a TransformerEncoder sees it; legal: [Classification], [FeatureRegression], [MaskedLanguageModel], [SupervisedContrastive]; nearest: [MaskedLanguageModel]"),
        new("MC2004", Gpt(attributes: ", CausalLanguageModel, [|FeatureRegression|]"), "'M' has the objective [CausalLanguageModel] already, and a model has one: remove [CausalLanguageModel] or [FeatureRegression]"),
    ];
}
