using System.Diagnostics;
using ModelCompiler.Trainee;

namespace ModelCompiler.Runtime.Tests.Training;

/// <summary>A request to end saves and ends the run; a second one ends the process.</summary>
public sealed class SignalTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();
    private Process? _process;

    public SignalTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no kill here");

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process?.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void A_signal_saves_the_very_step_and_the_run_goes_on_from_there(string signal)
    {
        var process = Start(1_000_000);
        Assert.True(SpinWait.SpinUntil(() => Fits.Checkpoints(_folder).Any(), s_patience));
        Send(process, signal);
        var lines = process.StandardOutput.ReadToEnd().TrimEnd().Split('\n');
        Assert.True(process.WaitForExit(s_patience));
        Assert.Equal((0, ""), (process.ExitCode, process.StandardError.ReadToEnd()));
        var step = int.Parse(lines[^1].Split(' ')[0]);
        Assert.Equal($"stopped at step {step:N0}; the same call goes on from {Fits.Checkpoint(_folder, step)}", lines[^2]);
        Assert.Equal(_folder[Fits.Checkpoints(_folder).Last()], Fits.Checkpoint(_folder, step));
        Assert.Equal(Fits.Run(Fits.Options(null, step + 7)).Digest, Fits.Run(Fits.Options(_folder.Path, step + 7)).Digest);
    }

    [Fact]
    public void An_evaluation_under_way_is_finished_and_noted_first()
    {
        var process = _process = TraineeProcess.StartEvaluating(_folder.Path, 1_000, batches: 40);
        Assert.True(SpinWait.SpinUntil(() => process.StandardOutput.ReadLine() is null or "evaluating", s_patience));
        Send(process, "INT");
        Assert.True(process.WaitForExit(s_patience));
        Assert.Equal((0, ""), (process.ExitCode, process.StandardError.ReadToEnd()));
        Assert.DoesNotMatch(",$", File.ReadAllLines(_folder["metrics.csv"])[20]);
        Assert.True(Directory.Exists(_folder["best"]));
    }

    [Fact]
    public void A_second_signal_ends_the_process_at_once()
    {
        var process = Start(10, milliseconds: 600_000);
        Assert.Equal("waiting for data", process.StandardOutput.ReadLine());
        Send(process, "INT");
        Assert.False(process.WaitForExit(500)); // it waits for its batch
        Send(process, "INT");
        Assert.True(process.WaitForExit(s_patience));
        Assert.Equal(128 + 2, process.ExitCode);
    }

    private Process Start(long steps, int? milliseconds = null) => _process = TraineeProcess.Start(_folder.Path, steps, milliseconds);

    private static void Send(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }
}
