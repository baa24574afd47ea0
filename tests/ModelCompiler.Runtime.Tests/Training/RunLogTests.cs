using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Runtime.Tests.Training;

/// <summary>What a run that was asked to stop says of going on.</summary>
public sealed class RunLogTests
{
    [Theory]
    [InlineData("folder", null, "folder/step-1", "stopped at step 1,234; the same call goes on from folder/step-1")]
    [InlineData("folder", "folder/step-0", "folder/step-1", "stopped at step 1,234; the same call without ResumeFrom goes on from folder/step-1")]
    [InlineData("folder", null, null, "stopped at step 1,234; nothing was saved: no step was made")]
    [InlineData(null, null, null, "stopped at step 1,234; nothing was saved: there is no folder of checkpoints")]
    public void An_interrupted_run_says_how_to_go_on(string? folder, string? from, string? checkpoint, string expected)
    {
        using var temporary = new TemporaryFolder();
        using var output = new StringWriter();
        using var log = new RunLog(new FitOptions { Steps = 5000, Checkpoints = folder is null ? null : temporary.Path, ResumeFrom = from, Output = output }, 0, "tokens", null);
        log.End(new FitResult(1234, 1, 1, 1, 1, WasInterrupted: false, checkpoint));
        Assert.Equal("", output.ToString());
        log.End(new FitResult(1234, 1, 1, 1, 1, WasInterrupted: true, checkpoint));
        Assert.Equal(expected, output.ToString().TrimEnd());
    }
}
