using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace ModelCompiler.Benchmarks.Measuring;

/// <summary>What the numbers were measured on.</summary>
internal static class Processor
{
    private const int VendorLeaf = 0;
    private const int FirstNameLeaf = unchecked((int)0x80000002);

    /// <summary>The name that the processor gives itself.</summary>
    public static string Name { get; } = X86Base.IsSupported ? BrandString() : RuntimeInformation.ProcessArchitecture.ToString();

    public static bool IsAmd { get; } = X86Base.IsSupported && X86Base.CpuId(VendorLeaf, 0) is var (_, b, c, d) && Text(b, d, c) == "AuthenticAMD";

    private static string BrandString() => string.Concat(Enumerable.Range(0, 3).Select(static i =>
    {
        var (a, b, c, d) = X86Base.CpuId(FirstNameLeaf + i, 0);
        return Text(a, b, c, d);
    })).Trim('\0', ' ');

    private static string Text(params ReadOnlySpan<int> registers)
    {
        var bytes = new byte[registers.Length * sizeof(int)];
        for (var i = 0; i < registers.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * sizeof(int)), registers[i]);
        }

        return Encoding.ASCII.GetString(bytes);
    }
}
