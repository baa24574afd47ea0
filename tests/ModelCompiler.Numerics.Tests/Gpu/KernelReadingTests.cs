using System.Reflection;
using ILGPU.Runtime.Cuda;
using ModelCompiler.Gpu;
using ModelCompiler.Gpu.Offline;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Kernels are one for the tests where they read alike: not less, and not more.</summary>
[Trait("suite", "gpu")]
public sealed class KernelReadingTests
{
    // What is emitted, as an emitted program has it around a kernel.
    private const string Kernel = """
            public abstract class First() : ModelCompiler.Gpu.GpuEngine(null!, null!)
            {
                public static class Kernel
                {
                    public static void Body<T>(Arguments a) where T : struct, IFormula => a.Values[0] = Twice(T.Of(a.Values[a.Place])) + 3f;

                    public static float Twice(float x) => 2f * x;

                    public struct Arguments
                    {
                        public int Place;
                        public ILGPU.ArrayView<float> Values;
                    }

                    public struct Formula : IFormula
                    {
                        public static float Of(float x) => x + 1f;
                    }
                }
            }
            """;

    [Fact]
    public void Kernels_that_read_alike_compile_alike()
    {
        string[] models = ["vit", "vit-dropout", "vit-mean"];
        var alike = models.SelectMany(static m => GpuZoo.Kernels(m, GpuKind.Cuda).Keys).Distinct().GroupBy(KernelReading.Of).Where(static g => g.Count() > 1).ToArray();
        Assert.True(alike.Length > 10, $"{alike.Length} kernels of three models read like another's");
        foreach (var kernels in alike.Take(5))
        {
            Assert.Single(kernels.Select(Compile).Distinct());
        }

        // What the compiler had before would show in the order of registers.
        static string Compile(MethodInfo kernel)
        {
            using var compiler = new PtxCompiler(CudaArchitecture.SM_80);
            return compiler.Compile(kernel);
        }
    }

    [Fact]
    public void Names_are_not_read()
    {
        var (kernel, renamed) = Read(Kernel, Kernel.Replace("Twice", "Double").Replace("Arguments", "Numbers").Replace("Values", "All").Replace("Place", "At").Replace("Kernel", "Other"));
        Assert.Equal(kernel, renamed);
    }

    [Theory]
    [InlineData("+ 3f", "+ 4f")]
    [InlineData("2f * x", "x * x")]
    [InlineData("> Values;", "> Values; public int More;")]
    [InlineData("x + 1f", "x - 1f")]
    public void Whatever_else_differs_is_read(string part, string other)
    {
        Assert.Contains(part, Kernel, StringComparison.Ordinal);
        var (kernel, changed) = Read(Kernel, Kernel.Replace(part, other));
        Assert.NotEqual(kernel, changed);
    }

    // Both from one compilation: what is not emitted, the interface here, has an identity.
    private static (string First, string Second) Read(string first, string second)
    {
        var assembly = HostedOps.Emit(["public interface IFormula { static abstract float Of(float x); }", first, second.Replace("First", "Second")]);
        return (Of("First"), Of("Second"));

        string Of(string program)
        {
            var kernel = assembly.GetType(program, throwOnError: true)!.GetNestedTypes().Single();
            return KernelReading.Of(kernel.GetMethod("Body")!.MakeGenericMethod(kernel.GetNestedType("Formula")!));
        }
    }
}
