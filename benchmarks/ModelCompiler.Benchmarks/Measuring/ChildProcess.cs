using System.Diagnostics;

namespace ModelCompiler.Benchmarks.Measuring;

/// <summary>Programs that are started to measure what this process cannot measure in itself.</summary>
internal static class ChildProcess
{
    /// <summary>This program once more.</summary>
    /// <param name="environment">Added to the environment.</param>
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static string Self(string[] arguments, params IEnumerable<(string Name, string Value)> environment)
    {
        var host = Environment.ProcessPath!;
        string[] all = Path.GetFileNameWithoutExtension(host) == "dotnet" ? [typeof(ChildProcess).Assembly.Location, .. arguments] : arguments;
        using var process = Start(host, all, environment);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException($"'{string.Join(' ', arguments)}' ended with {process.ExitCode}.");
    }

    /// <summary>Starts a program whose input and output are this process's to write and read; its errors go where ours go.</summary>
    public static Process Start(string file, IEnumerable<string> arguments, params IEnumerable<(string Name, string Value)> environment)
    {
        var info = new ProcessStartInfo(file, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
        {
            info.Environment[name] = value;
        }

        return Process.Start(info)!;
    }
}
