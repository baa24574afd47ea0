using ModelCompiler.Runtime.Cpu;

namespace ModelCompiler.Runtime.Tests.Cpu;

/// <summary>A check that is written once for all widths of vectors.</summary>
internal interface IVectorTest
{
    void Run<V>()
        where V : unmanaged, ISimd<V>;
}

/// <summary>The widths that this machine has.</summary>
internal static class Vectors
{
    public static void ForEach<T>(T test)
        where T : IVectorTest
    {
        foreach (var set in Enum.GetValues<InstructionSet>().Where(Instructions.IsSupported))
        {
            switch (set)
            {
                case InstructionSet.Vector512:
                    test.Run<Simd512>();
                    break;
                case InstructionSet.Vector256:
                    test.Run<Simd256>();
                    break;
                default:
                    test.Run<Simd128>();
                    break;
            }
        }
    }
}
