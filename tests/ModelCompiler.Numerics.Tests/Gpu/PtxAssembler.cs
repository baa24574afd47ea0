using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ModelCompiler.Numerics.Tests;

/// <summary>NVIDIA's assembler, where this machine has it.</summary>
internal sealed partial class PtxAssembler : IDisposable
{
    /// <summary>Registers that all threads of a group have together.</summary>
    public const int RegistersOfGroup = 65536;

    // Models have kernels in common, and others that read alike: each is assembled once.
    private static readonly ConcurrentDictionary<(string Ptx, string Architecture), Lazy<(int Registers, int Stack)>> s_assembled = [];

    private readonly string _file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.ptx");

    private PtxAssembler()
    {
    }

    /// <summary>The assembler; the test is skipped, and says so, where there is none.</summary>
    public static PtxAssembler Find()
    {
        Assert.SkipUnless((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(static f => File.Exists(Path.Combine(f, "ptxas"))), "there is no ptxas: it comes with NVIDIA's CUDA toolkit");
        return new PtxAssembler();
    }

    /// <summary>Registers of a thread, and bytes of memory for what they do not hold.</summary>
    public (int Registers, int Stack) Assemble(string ptx, string architecture) => s_assembled.GetOrAdd((ptx, architecture), k => new(() => Run(k.Ptx, k.Architecture))).Value;

    public void Dispose() => File.Delete(_file);

    private (int Registers, int Stack) Run(string ptx, string architecture)
    {
        File.WriteAllText(_file, ptx);
        using var process = Process.Start(new ProcessStartInfo("ptxas", ["-v", "-arch=" + architecture, "-o", "/dev/null", _file]) { RedirectStandardError = true })!;
        var log = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, log);
        return (Number(Registers().Match(log)), Number(Stack().Match(log)));
    }

    private static int Number(Match match) => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Used (\d+) registers")]
    private static partial Regex Registers();

    [GeneratedRegex(@"(\d+) bytes stack frame")]
    private static partial Regex Stack();
}
