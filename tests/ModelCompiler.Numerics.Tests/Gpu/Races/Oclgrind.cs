using System.Diagnostics;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Runs tests of this program in a process whose only OpenCL device is oclgrind's: an interpreter that sees races and accesses out of bounds.</summary>
internal static class Oclgrind
{
    private static readonly string[] s_drivers = ["/usr/lib/oclgrind/liboclgrind-rt-icd.so", "/usr/lib/x86_64-linux-gnu/oclgrind/liboclgrind-rt-icd.so"];

    /// <summary>What oclgrind saw and how many tests passed; the test that asks is skipped, and says so, where there is no oclgrind.</summary>
    /// <param name="test">One of <see cref="RaceRuns"/>.</param>
    public static (string Seen, string Summary) Run(string test)
    {
        var driver = s_drivers.FirstOrDefault(File.Exists);
        Assert.SkipUnless(driver is not null, "there is no oclgrind: apt-get install oclgrind");
        _ = GpuDevicesOfTests.OpenCl();
        var folder = Directory.CreateTempSubdirectory("oclgrind").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "oclgrind.icd"), driver);
            var log = Path.Combine(folder, "log");
            var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, typeof(Oclgrind).Assembly.GetName().Name!), ["-explicit", "only", "-method", $"{typeof(RaceRuns).FullName}.{test}", "-noColor"]) { RedirectStandardOutput = true };
            start.Environment["OCL_ICD_VENDORS"] = folder;
            start.Environment["OCLGRIND_DATA_RACES"] = "1";
            start.Environment["OCLGRIND_LOG"] = log;
            start.Environment["OCLGRIND_LOCAL_MEM_SIZE"] = $"{PtxRules.SharedLimit}";
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (File.Exists(log) ? File.ReadAllText(log) : "", $"{output}exit code {process.ExitCode}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
