using System.Diagnostics;

namespace ModelCompiler.Trainee;

/// <summary>The trainee's program in a process of its own.</summary>
public static class TraineeProcess
{
    private static string Program => Path.Combine(AppContext.BaseDirectory, "ModelCompiler.Trainee.dll");

    /// <summary>Starts it; its output and errors are the caller's to read.</summary>
    /// <param name="milliseconds">What each batch takes; null: no time.</param>
    public static Process Start(string folder, long steps, int? milliseconds = null) =>
        Start("dotnet", [Program, folder, $"{steps}", .. milliseconds is { } time ? [$"{time}"] : Array.Empty<string>()]);

    /// <summary>Starts it so that its evaluations have so many batches; it says when it is in the middle of the first.</summary>
    public static Process StartEvaluating(string folder, long steps, int batches) => Start("dotnet", [Program, folder, $"{steps}", "0", $"{batches}"]);

    /// <summary>Starts it so that it can write no file of more than so many KiB, as if the disk were full.</summary>
    public static Process StartWithLimit(string folder, long steps, int kibibytes) =>
        Start("bash", ["-c", $"trap '' XFSZ; ulimit -f {kibibytes}; exec dotnet \"$@\"", "bash", Program, folder, $"{steps}"]);

    private static Process Start(string file, string[] arguments)
    {
        var info = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        info.Environment["DOTNET_EnableWriteXorExecute"] = "0"; // its file would be beyond the limit
        return Process.Start(info)!;
    }
}
