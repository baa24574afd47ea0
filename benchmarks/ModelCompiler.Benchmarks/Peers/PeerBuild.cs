using System.Reflection;
using ModelCompiler.Benchmarks.Measuring;

namespace ModelCompiler.Benchmarks.Peers;

/// <summary>Builds the peer where it is asked for, so that nothing else restores libtorch.</summary>
internal static class PeerBuild
{
    private static readonly Lazy<string?> s_path = new(Build);

    /// <summary>Path of the peer's assembly; null where it cannot be built, as without its packages.</summary>
    public static string? Path => s_path.Value;

    private static string? Build()
    {
        var root = typeof(PeerBuild).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static a => a.Key == "RepositoryRoot").Value!;
        var project = System.IO.Path.Combine(root, "benchmarks", "ModelCompiler.Peer");
        using var process = ChildProcess.Start("dotnet", ["build", project, "-c", "Release", "-v", "q", "--nologo"]);
        Console.Error.Write(process.StandardOutput.ReadToEnd());
        process.WaitForExit();
        var output = System.IO.Path.Combine(project, "bin", "Release");
        return process.ExitCode == 0 ? Directory.GetFiles(output, "peer.dll", SearchOption.AllDirectories).FirstOrDefault() : null;
    }
}
