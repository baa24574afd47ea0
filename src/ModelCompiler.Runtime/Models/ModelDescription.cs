using ModelCompiler.Runtime.Checkpoints;

namespace ModelCompiler.Runtime;

/// <summary>What emitted code tells the runtime of a model.</summary>
public sealed class ModelDescription
{
    public required string Name { get; init; }

    /// <summary>In the order of their numbers.</summary>
    public required InputInfo[] Inputs { get; init; }

    /// <summary>Most tokens of a row, of two texts that meet of the first; 1 for pictures.</summary>
    public required int MaxLength { get; init; }

    /// <summary>Most tokens of a row of the second text; 1 where no two texts meet.</summary>
    public int MaxSecondLength { get; init; } = 1;

    public required bool Trains { get; init; }

    public required bool HasLoss { get; init; }

    /// <summary>Length of the parameter arena.</summary>
    public required long TotalFloats { get; init; }

    /// <summary>Its leading part that trains: the length of gradients and optimizer state.</summary>
    public required long TrainableFloats { get; init; }

    public required IEnumerable<ParameterInfo> Parameters { get; init; }

    /// <summary>Names of the optimizer's state, one float a trainable parameter each.</summary>
    public required string[] State { get; init; }

    /// <summary>An exponential moving average of the weights is kept.</summary>
    public required bool HasAverage { get; init; }

    /// <summary>Largest global norm of the gradients; null: no clipping.</summary>
    public required double? ClipNorm { get; init; }

    /// <summary>Batches of an optimizer step.</summary>
    public required int Accumulate { get; init; }

    /// <summary>Learning rate of a step; 0 is the first.</summary>
    public required Func<long, double> Rate { get; init; }

    public required CheckpointTable Checkpoint { get; init; }

    /// <summary>Parts of themselves that copies keep behind a step; see <see cref="ParameterInfo.Source"/>.</summary>
    public double Momentum { get; init; }

    /// <summary>What is kept of past batches.</summary>
    public QueueInfo[] Queues { get; init; } = [];

    /// <summary>The towers whose weights come and go alone; one without a name where the model is a tower.</summary>
    public TowerInfo[] Towers { get; init; } = [];

    /// <summary>What generation needs to know; null: the model predicts no next token.</summary>
    public DecoderInfo? Decoder { get; init; }

    /// <summary>What is compared of all batches of a step together; empty: each batch is trained on by itself.</summary>
    public GatherInfo[] Gathered { get; init; } = [];
}

/// <summary>A tower, by what no shape of its weights shows.</summary>
/// <param name="Name">What its parameters begin with: <c>text</c>; empty where the model is the tower.</param>
/// <param name="Architecture">Its attribute: <c>TransformerEncoder</c>.</param>
/// <param name="Options">The options of the attribute that decide what weights mean and are not at their default.</param>
public sealed record TowerInfo(string Name, string Architecture, (string Name, string Value)[] Options);

/// <summary>A model that predicts next tokens.</summary>
/// <param name="PositionOffset">Position of the first token that is not padding.</param>
/// <param name="PaddingToken">-1: it has none.</param>
/// <param name="Layers">Layers that keep keys and values.</param>
/// <param name="KeyWidth">Channels of a token's keys, and of its values.</param>
/// <param name="Context">Most tokens of a row that it sees.</param>
/// <param name="Segments">Rows of the segment table; 0: it has none.</param>
public sealed record DecoderInfo(int Vocabulary, int PositionOffset, int PaddingToken, int Layers, int KeyWidth, int Context, int Segments = 0)
{
    /// <summary>First tokens of a row that stand for a picture, which <see cref="Pass.Prime"/> puts there; 0: none.</summary>
    public int Prefix { get; init; }

    /// <summary>Tokens of another tower that each layer reads, whose keys and values <see cref="Pass.Prime"/> leaves; 0: as many as a row of it has. Null: it reads none.</summary>
    public int? Memory { get; init; }

    /// <summary>The input [batch, length] that says which of them are seen; null: all.</summary>
    public string? MemoryMask { get; init; }

    /// <summary>Whether it speaks of something that it is given besides its prompts.</summary>
    public bool ReadsSource => Prefix > 0 || Memory is not null;
}

/// <summary>Vectors that a step on several batches gathers: an output of <see cref="Pass.Embed"/> and an input of <see cref="Pass.Compare"/>.</summary>
/// <param name="Slope">Their gradient, an output of <see cref="Pass.Compare"/> and an input of <see cref="Pass.Backward"/>; null: nothing below them learns.</param>
public sealed record GatherInfo(string Name, int Width, string? Slope);

/// <summary>A queue of vectors, written as a ring behind each step.</summary>
/// <param name="Parameter">The parameter [rows, width] that holds it.</param>
/// <param name="Keys">The training pass's output [batch, width] that goes into it.</param>
/// <param name="Next">The parameter with the number of the row that is written next; queues of one model share it.</param>
public sealed record QueueInfo(string Parameter, string Keys, string Next);

/// <summary>An input of Factor x batch^BatchPower x length^LengthPower x second length^SecondPower values.</summary>
/// <param name="IsTarget">Outputs do not depend on it: a forward pass does without.</param>
public sealed record InputInfo(string Name, bool IsInteger, long Factor, int BatchPower, int LengthPower, bool IsTarget)
{
    public int SecondPower { get; init; }

    /// <summary>Of two towers the one that reads it, 1 or 2; 0: no tower alone.</summary>
    public int Side { get; init; }

    /// <summary>The passes that read it; null: as the other properties say.</summary>
    public Pass[]? Passes { get; init; }

    /// <summary>It is drawn anew for each pass: nobody gives it.</summary>
    public bool IsDrawn { get; init; }

    /// <summary>Whether a pass reads it.</summary>
    public bool IsOf(Pass pass) => Passes is not null ? Passes.Contains(pass) : pass switch
    {
        Pass.Forward => !IsTarget,
        Pass.EncodeFirst => Side == 1,
        Pass.EncodeSecond => Side == 2,

        // A decoder's tokens, each with its mask, position and segment; what pools them is not asked.
        Pass.Prime => false,
        Pass.Decode => !IsTarget && IsInteger && LengthPower == 1,
        _ => true,
    };

    public long Count(long batch, Lengths lengths)
    {
        var count = Factor;
        for (var i = 0; i < BatchPower; i++)
        {
            count = checked(count * batch);
        }

        for (var i = 0; i < LengthPower; i++)
        {
            count = checked(count * lengths.First);
        }

        for (var i = 0; i < SecondPower; i++)
        {
            count = checked(count * lengths.Second);
        }

        return count;
    }
}

/// <summary>What training does with a parameter.</summary>
public enum ParameterRole
{
    Trained,

    /// <summary>No gradient reaches it; part of checkpoints.</summary>
    Frozen,

    /// <summary>Computed or zero; no part of checkpoints.</summary>
    Constant,
}

/// <summary>A named parameter and its place in the arena.</summary>
/// <param name="Offset">In floats.</param>
/// <param name="Decays">Weight decay applies.</param>
public sealed record ParameterInfo(string Name, int[] Shape, long Offset, Initializer Initializer, bool Decays, ParameterRole Role)
{
    public int Count => Shape.Aggregate(1, static (product, extent) => checked(product * extent));

    /// <summary>The parameter of which this one is a moving average and the beginning; null: none.</summary>
    public string? Source { get; init; }
}
