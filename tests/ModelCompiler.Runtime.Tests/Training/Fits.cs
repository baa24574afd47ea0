using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Runtime.Tests.Training;

/// <summary>Short runs of the trainee.</summary>
internal static class Fits
{
    public const int Steps = 60;
    private static readonly Lazy<(string, FitResult)> s_whole = new(static () =>
    {
        using var folder = new TemporaryFolder();
        return Run(Options(folder.Path));
    });

    /// <summary>The run of <see cref="Steps"/> steps that nothing happens to.</summary>
    public static (string Digest, FitResult Result) Whole => s_whole.Value;

    /// <summary>Checkpoints every 5 steps, evaluations every 10; silent.</summary>
    public static FitOptions Options(string? folder, long steps = Steps) => new()
    {
        Steps = steps,
        Checkpoints = folder,
        CheckpointEvery = 5,
        EvaluateEvery = 10,
        EvaluationBatches = 2,
        Output = TextWriter.Null,
        HandleInterrupts = false,
    };

    /// <summary>Trains a new model and digests its weights.</summary>
    public static (string Digest, FitResult Result) Run(FitOptions options, int threads = 2)
    {
        using var model = Trainee.Trainee.Create(threads);
        var result = model.Fit(Trainee.Trainee.Data(1), options, Trainee.Trainee.Data(2));
        return (model.Digest(), result);
    }

    /// <summary>Runs until behind a step, where it fails; its checkpoints are those of the steps before.</summary>
    public static void Cut(FitOptions options, long step, int threads = 2) =>
        Assert.Throws<TimeoutException>(() => Run(options with { Stepped = r => Throw(r.Step == step) }, threads));

    /// <summary>Names of the checkpoints in a folder.</summary>
    public static IEnumerable<string> Checkpoints(TemporaryFolder folder) => folder.Names.Where(static n => n.StartsWith("step-", StringComparison.Ordinal));

    /// <summary>Path of the checkpoint of a step.</summary>
    public static string Checkpoint(TemporaryFolder folder, int step) => folder[$"step-{step:D10}.safetensors"];

    private static void Throw(bool now)
    {
        if (now)
        {
            throw new TimeoutException();
        }
    }
}
