using System.Reflection;
using ILGPU;
using ILGPU.Runtime.Cuda;
using ModelCompiler.Gpu;
using ModelCompiler.Gpu.Offline;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Kernels are one for the tests where they read alike: not less, and not more.</summary>
[Trait("suite", "gpu")]
public sealed class KernelReadingTests
{
    private interface IFormula
    {
        static abstract float Of(float x);
    }

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
    public void Names_are_not_read() => Assert.Equal(Of(typeof(First.Kernel)), Of(typeof(Renamed.Other)));

    [Theory]
    [InlineData(typeof(OtherNumber.Kernel))]
    [InlineData(typeof(OtherCall.Kernel))]
    [InlineData(typeof(OtherField.Kernel))]
    [InlineData(typeof(OtherFormula.Kernel))]
    public void Whatever_else_differs_is_read(Type kernel) => Assert.NotEqual(Of(typeof(First.Kernel)), Of(kernel));

    private static string Of(Type kernel) => KernelReading.Of(kernel.GetMethod("Body", BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(kernel.GetNestedType("Formula", BindingFlags.NonPublic)!));

    // Programs stand around emitted kernels. CS0649: nobody launches these.
#pragma warning disable CS0649
    private abstract class First() : GpuEngine(null!, null!)
    {
        internal static class Kernel
        {
            private static void Body<T>(Arguments a)
                where T : struct, IFormula => a.Values[0] = Twice(T.Of(a.Values[a.Place])) + 3f;

            private static float Twice(float x) => 2f * x;

            internal struct Arguments
            {
                public int Place;
                public ArrayView<float> Values;
            }

            internal struct Formula : IFormula
            {
                public static float Of(float x) => x + 1f;
            }
        }
    }

    private abstract class Renamed() : GpuEngine(null!, null!)
    {
        internal static class Other
        {
            private static void Body<T>(Numbers a)
                where T : struct, IFormula => a.All[0] = Double(T.Of(a.All[a.At])) + 3f;

            private static float Double(float x) => 2f * x;

            internal struct Numbers
            {
                public int At;
                public ArrayView<float> All;
            }

            internal struct Formula : IFormula
            {
                public static float Of(float x) => x + 1f;
            }
        }
    }

    private abstract class OtherNumber() : GpuEngine(null!, null!)
    {
        internal static class Kernel
        {
            private static void Body<T>(Arguments a)
                where T : struct, IFormula => a.Values[0] = Twice(T.Of(a.Values[a.Place])) + 4f;

            private static float Twice(float x) => 2f * x;

            internal struct Arguments
            {
                public int Place;
                public ArrayView<float> Values;
            }

            internal struct Formula : IFormula
            {
                public static float Of(float x) => x + 1f;
            }
        }
    }

    private abstract class OtherCall() : GpuEngine(null!, null!)
    {
        internal static class Kernel
        {
            private static void Body<T>(Arguments a)
                where T : struct, IFormula => a.Values[0] = Twice(T.Of(a.Values[a.Place])) + 3f;

            private static float Twice(float x) => x * x;

            internal struct Arguments
            {
                public int Place;
                public ArrayView<float> Values;
            }

            internal struct Formula : IFormula
            {
                public static float Of(float x) => x + 1f;
            }
        }
    }

    private abstract class OtherField() : GpuEngine(null!, null!)
    {
        internal static class Kernel
        {
            private static void Body<T>(Arguments a)
                where T : struct, IFormula => a.Values[0] = Twice(T.Of(a.Values[a.Place])) + 3f;

            private static float Twice(float x) => 2f * x;

            internal struct Arguments
            {
                public int Place;
                public ArrayView<float> Values;
                public int More;
            }

            internal struct Formula : IFormula
            {
                public static float Of(float x) => x + 1f;
            }
        }
    }

    private abstract class OtherFormula() : GpuEngine(null!, null!)
    {
        internal static class Kernel
        {
            private static void Body<T>(Arguments a)
                where T : struct, IFormula => a.Values[0] = Twice(T.Of(a.Values[a.Place])) + 3f;

            private static float Twice(float x) => 2f * x;

            internal struct Arguments
            {
                public int Place;
                public ArrayView<float> Values;
            }

            internal struct Formula : IFormula
            {
                public static float Of(float x) => x - 1f;
            }
        }
    }
}
