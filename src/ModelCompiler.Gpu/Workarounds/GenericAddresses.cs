using System.Reflection;
using ILGPU.Runtime.OpenCL;

namespace ModelCompiler.Gpu.Workarounds;

/// <summary>
/// ILGPU refuses OpenCL devices without generic addresses, such as pocl. At its highest level of optimization the kernels of this project use none:
/// every pointer is known to be global or local. The device is told to have them.
/// </summary>
internal static class GenericAddresses
{
    public static void Claim(CLDevice device)
    {
        var property = device.Capabilities.GetType().GetProperty("GenericAddressSpace", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            ?? throw new MissingMemberException(device.Capabilities.GetType().Name, "GenericAddressSpace");
        property.GetSetMethod(nonPublic: true)!.Invoke(device.Capabilities, [true]);
    }
}
