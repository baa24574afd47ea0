using System.Runtime.CompilerServices;
using ModelCompiler.Gpu;
using BFloat16 = ModelCompiler.Gpu.BFloat16;

namespace ModelCompiler.Numerics.Tests;

/// <summary>
/// cuBLAS as this machine plays it, on memory of the host and at once: sums in double, rounded as the result is stored. A call that the library refuses, or whose matrices do not
/// lie in allocated memory, fails the test.
/// </summary>
/// <param name="computes">False: products are looked at, not made.</param>
internal sealed unsafe class PlayedCublas(bool computes = true) : ICublas
{
    private readonly List<Handle> _handles = [];

    /// <summary>Name of the call that returns an error.</summary>
    public string Failing { get; set; } = "";

    /// <summary>Products that were made.</summary>
    public List<CublasProduct> Products { get; } = [];

    /// <summary>Handles that nobody destroyed.</summary>
    public int Handles => _handles.Count(static h => h.IsThere);

    public string Name => "cuBLAS 0.0.0 of this test";

    public int Create(out nint handle)
    {
        handle = 0;
        if (Failing == nameof(Create))
        {
            return 1;
        }

        _handles.Add(new Handle { IsThere = true });
        handle = _handles.Count;
        return 0;
    }

    public int SetStream(nint handle, nint stream)
    {
        (Of(handle).HasStream, Of(handle).Workspace, Of(handle).WorkspaceBytes) = (true, 0, 0);
        return Failing == nameof(SetStream) ? 1 : 0;
    }

    public int SetWorkspace(nint handle, nint memory, long bytes)
    {
        // Allocations of a device begin at a multiple of 256 bytes.
        Assert.True(bytes > 0 && AssertAllocated(memory, bytes, "the workspace") % 256 == 0, $"a workspace of {bytes} bytes at {memory}");
        (Of(handle).Workspace, Of(handle).WorkspaceBytes) = (memory, bytes);
        return Failing == nameof(SetWorkspace) ? 1 : 0;
    }

    public int SetMathMode(nint handle, CublasMath mode)
    {
        Assert.Equal(CublasMath.SumsInFloat32, mode);
        Of(handle).HasMathMode = true;
        return Failing == nameof(SetMathMode) ? 1 : 0;
    }

    public int Multiply(nint handle, in CublasProduct p)
    {
        var of = Of(handle);
        Assert.True(of is { HasStream: true, HasMathMode: true } && of.Workspace != 0, "the handle is not ready");
        if (Failing == nameof(Multiply))
        {
            return 13;
        }

        // Sizes, factors, and types that cublasGemmEx takes.
        Assert.True(Math.Min(Math.Min(p.Rows, p.Columns), p.Inner) > 0, $"{p}");
        Assert.Contains(p.Beta, new[] { 0f, 1f });
        Assert.Equal(p.A.Type, p.B.Type);
        Assert.True(p.C.Type == CublasType.Float32 || p.A.Type == CublasType.BFloat16, $"{p}");
        Assert.True(p.Compute == CublasCompute.Float32 || (p.Compute == CublasCompute.Tf32 && p.A.Type == CublasType.Float32), $"{p}");
        Assert.Equal(CublasOperation.None, p.C.Operation);

        // Columns are within strides, and matrices within memory; the result overlaps nothing.
        var (a, b, c) = (Extent(p.A, p.Rows, p.Inner), Extent(p.B, p.Inner, p.Columns), Extent(p.C, p.Rows, p.Columns));
        Assert.False(Overlap(c, a) || Overlap(c, b) || Overlap(c, (of.Workspace, of.WorkspaceBytes)), $"{p}");
        Products.Add(p);
        if (computes)
        {
            Compute(in p);
        }

        return 0;
    }

    public int Destroy(nint handle)
    {
        Of(handle).IsThere = false;
        return 0;
    }

    public string Words(int code) => code == 13 ? "the function failed to launch on the GPU" : "";

    private static void Compute(in CublasProduct p)
    {
        for (var row = 0; row < p.Rows; row++)
        {
            for (var column = 0; column < p.Columns; column++)
            {
                var sum = p.Beta == 0 ? 0.0 : Load(p.C, row, column, CublasCompute.Float32);
                for (var k = 0; k < p.Inner; k++)
                {
                    sum += Load(p.A, row, k, p.Compute) * Load(p.B, k, column, p.Compute);
                }

                var at = row + ((long)column * p.C.Stride);
                if (p.C.Type == CublasType.BFloat16)
                {
                    ((BFloat16*)p.C.Address)[at] = (BFloat16)(float)sum;
                }
                else
                {
                    ((float*)p.C.Address)[at] = (float)sum;
                }
            }
        }
    }

    // An element of op(matrix).
    private static double Load(in CublasMatrix m, int row, int column, CublasCompute compute)
    {
        var at = m.Operation == CublasOperation.None ? row + ((long)column * m.Stride) : column + ((long)row * m.Stride);
        var value = m.Type == CublasType.BFloat16 ? (float)((BFloat16*)m.Address)[at] : ((float*)m.Address)[at];
        return compute == CublasCompute.Tf32 ? BitConverter.UInt32BitsToSingle((BitConverter.SingleToUInt32Bits(value) + 0x1000) & 0xFFFFE000) : value;
    }

    private static (nint Start, long Bytes) Extent(in CublasMatrix m, int rows, int columns, [CallerArgumentExpression(nameof(m))] string name = "")
    {
        (rows, columns) = m.Operation == CublasOperation.None ? (rows, columns) : (columns, rows);
        Assert.True(m.Stride >= rows, $"{name}: columns of {rows} are {m.Stride} apart");
        var size = m.Type == CublasType.BFloat16 ? 2 : 4;
        Assert.Equal(0, m.Address % size);
        var bytes = size * (((columns - 1L) * m.Stride) + rows);
        AssertAllocated(m.Address, bytes, name);
        return (m.Address, bytes);
    }

    private static bool Overlap((nint Start, long Bytes) a, (nint Start, long Bytes) b) => a.Start < b.Start + b.Bytes && b.Start < a.Start + a.Bytes;

    // Devices that are not there have the simulator's memory.
    private static long AssertAllocated(nint address, long bytes, string what)
    {
        var offset = DeviceAllocations.Offset(OpenDevice.Of((GpuDevice)Runtime.Device.Simulator).Accelerator, address, bytes);
        Assert.True(offset is not null, $"{what}: {bytes} bytes at {address} are not allocated");
        return offset!.Value;
    }

    private Handle Of(nint handle)
    {
        Assert.InRange((int)handle, 1, _handles.Count);
        Assert.True(_handles[(int)handle - 1].IsThere, "a handle that was destroyed");
        return _handles[(int)handle - 1];
    }

    private sealed class Handle
    {
        public bool IsThere { get; set; }

        public bool HasStream { get; set; }

        public bool HasMathMode { get; set; }

        public nint Workspace { get; set; }

        public long WorkspaceBytes { get; set; }
    }
}
