namespace ModelCompiler.Trainee;

/// <summary>What is read: texts of 30 words.</summary>
[TransformerEncoder(Vocabulary = 30, Context = 16, Width = 16, Depth = 2, Heads = 2, Positions = Positions.Sinusoidal)]
public partial class TraineeReader;

/// <summary>What is said of it.</summary>
[TransformerDecoder(Vocabulary = 30, Context = 16, Width = 16, Depth = 2, Heads = 2), CausalLanguageModel]
public partial class TraineeSpeaker;

/// <summary>A translator.</summary>
[EncoderDecoder<TraineeReader, TraineeSpeaker>, CausalLanguageModel, AdamW(LearningRate = 1e-2)]
public partial class TraineeTranslator;

/// <summary>Says what is in a picture.</summary>
[EncoderDecoder<TraineePictures, TraineeSpeaker>(Projection = true), CausalLanguageModel, AdamW(LearningRate = 1e-2)]
public partial class TraineeCaptioner;

/// <summary>What asks a picture.</summary>
[QFormer<TraineePictures>(Queries = 3, Width = 16, Depth = 2, Heads = 2)]
public partial class TraineeQueries;

/// <summary>Goes on from a picture and a prompt.</summary>
[Blip2<TraineePictures, TraineeQueries, TraineeSpeaker>, CausalLanguageModel, AdamW(LearningRate = 1e-2)]
public partial class TraineeTeller;
