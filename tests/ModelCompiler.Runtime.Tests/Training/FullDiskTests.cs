using ModelCompiler.Trainee;

namespace ModelCompiler.Runtime.Tests.Training;

/// <summary>A disk that takes no more: the file is named, what was saved is still there, and the run goes on once there is room.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FullDiskTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "files cannot be limited here");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(100, "step-0000000025.safetensors cannot be written: ")] // a checkpoint has 130 KiB, the best weights 31
    [InlineData(20, "model.safetensors cannot be written: ")]
    [InlineData(1, "metrics.csv cannot be written: ")]
    public void The_file_is_named_and_the_run_goes_on_later(int kibibytes, string message)
    {
        Fits.Run(Fits.Options(_folder.Path, 20) with { KeepLast = 2 });
        if (kibibytes == 20)
        {
            Fits.Cut(Fits.Options(_folder.Path, 39), 39);
        }

        var before = Fits.Checkpoints(_folder).ToArray();
        using var process = TraineeProcess.StartWithLimit(_folder.Path, Fits.Steps, kibibytes);
        var error = process.StandardError.ReadToEnd();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(1, process.ExitCode);
        Assert.Contains(message, error);
        Assert.Equal(before, Fits.Checkpoints(_folder));
        Assert.DoesNotContain(Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories), static p => p.EndsWith(".tmp", StringComparison.Ordinal));
        Assert.Equal(Fits.Whole.Digest, Fits.Run(Fits.Options(_folder.Path)).Digest);
    }
}
