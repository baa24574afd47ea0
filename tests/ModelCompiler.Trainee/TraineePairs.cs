namespace ModelCompiler.Trainee;

/// <summary>A small tower of pictures with dropout.</summary>
[VisionTransformer(ImageSize = 8, PatchSize = 4, Channels = 1, Width = 8, Depth = 1, Heads = 2, ResidualDropout = 0.2)]
public partial class TraineePictures;

/// <summary>A small tower of text.</summary>
[TransformerEncoder(Vocabulary = 20, Context = 6, Width = 8, Depth = 1, Heads = 2, Pooling = Pooling.Mean)]
public partial class TraineeWords;

/// <summary>Two towers whose pairs meet in one batch.</summary>
[Clip<TraineePictures, TraineeWords>(Embedding = 6), Contrastive(ByIds = true), AdamW(LearningRate = 1e-2)]
public partial class TraineePairs;

/// <summary>The same with the pairs of three batches.</summary>
[Clip<TraineePictures, TraineeWords>(Embedding = 6), Contrastive(ByIds = true), AdamW(LearningRate = 1e-2), Accumulate(3)]
public partial class GatheringPairs;

/// <summary>Pairs of two batches, without targets of its own.</summary>
[Clip<TraineePictures, TraineeWords>(Embedding = 6), Contrastive, AdamW(LearningRate = 1e-2), Accumulate(2)]
public partial class GatheringTwo;
