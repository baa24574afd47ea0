using ModelCompiler.Gpu;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Where cuBLAS is looked for, and what is said when it is not there or is something else.</summary>
[Trait("suite", "gpu")]
public sealed class CublasLoaderTests
{
    [Fact]
    public void The_newest_is_asked_for_first()
    {
        Assert.Equal(["libcublas.so.13", "libcublas.so.12", "libcublas.so.11"], CublasLoader.Names(isWindows: false));
        Assert.Equal(["cublas64_13.dll", "cublas64_12.dll", "cublas64_11.dll"], CublasLoader.Names(isWindows: true));
    }

    [Fact]
    public void A_machine_without_it_says_which_files_were_looked_for()
    {
        var (library, text) = CublasLoader.Find("none-such.so.2", "none-such.so.1");
        Assert.Null(library);
        Assert.StartsWith("none of none-such.so.2, none-such.so.1 was found: it comes with CUDA's toolkit", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_lacks_a_function_is_no_cuBLAS()
    {
        var file = OperatingSystem.IsWindows() ? "kernel32.dll" : OperatingSystem.IsMacOS() ? "libSystem.dylib" : "libc.so.6";
        var (library, text) = CublasLoader.Find("none-such.so.2", file);
        Assert.Null(library);
        Assert.StartsWith($"{file} is not cuBLAS as it is needed: ", text, StringComparison.Ordinal);
        Assert.Contains("cublasCreate_v2", text, StringComparison.Ordinal);
    }
}
