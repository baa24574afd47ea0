using System.Reflection;
using ILGPU.Runtime;

namespace ModelCompiler.Numerics.Tests;

/// <summary>What is allocated on an accelerator now, as ILGPU's own books say.</summary>
internal static class DeviceAllocations
{
    private static readonly FieldInfo s_children = Field("childObjects"), s_lock = Field("syncRoot");

    /// <summary>Where in an allocation a stretch of memory begins that lies in it as a whole; null: it lies in none.</summary>
    public static long? Offset(Accelerator accelerator, nint address, long bytes)
    {
        lock (s_lock.GetValue(accelerator)!)
        {
            foreach (var reference in (List<WeakReference<AcceleratorObject>>)s_children.GetValue(accelerator)!)
            {
                if (reference.TryGetTarget(out var child) && child is MemoryBuffer { IsDisposed: false } b && address >= b.NativePtr && address + bytes <= b.NativePtr + b.LengthInBytes)
                {
                    return address - b.NativePtr;
                }
            }

            return null;
        }
    }

    private static FieldInfo Field(string name) => typeof(Accelerator).GetField(name, BindingFlags.Instance | BindingFlags.NonPublic) ?? throw new MissingFieldException(nameof(Accelerator), name);
}
