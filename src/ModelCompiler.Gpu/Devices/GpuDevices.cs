using ILGPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using ModelCompiler.Gpu.Workarounds;

namespace ModelCompiler.Gpu;

/// <summary>What a look for devices gave.</summary>
/// <param name="Devices">CUDA first, then OpenCL, in the order of their drivers.</param>
/// <param name="Refusals">Why a kind of device is not there.</param>
public sealed record GpuDevices(IReadOnlyList<GpuDevice> Devices, IReadOnlyList<string> Refusals)
{
    private static readonly Lazy<GpuDevices> s_found = new(Find);

    /// <summary>The devices of this machine, looked for once.</summary>
    public static GpuDevices Found => s_found.Value;

    /// <summary>Makes <see cref="Runtime.Device.Default"/> a GPU where there is one: CUDA, else OpenCL. Emitted code calls it.</summary>
    public static void UseByDefault() => Runtime.Device.Better = static () => Found.Devices.FirstOrDefault(static d => d.IsGraphicsProcessor);

    private static GpuDevices Find()
    {
        DriverLibrary.Register();
        var devices = new List<GpuDevice>();
        var refusals = new List<string>();
        Try("CUDA", "libcuda.so.1, which comes with NVIDIA's driver,", () =>
        {
            using var context = Context.Create().Cuda().ToContext();
            foreach (var d in context.GetCudaDevices())
            {
                devices.Add(new GpuDevice(GpuKind.Cuda, devices.Count, d.Name, d.MemorySize));
            }
        });
        Try("OpenCL", "libOpenCL.so.1, the loader of OpenCL drivers,", () =>
        {
            using var context = Context.Create().OpenCL(static d =>
            {
                GenericAddresses.Claim(d);
                return true;
            }).ToContext();
            var index = 0;
            foreach (var d in context.GetCLDevices())
            {
                devices.Add(new GpuDevice(GpuKind.OpenCl, index++, d.Name, d.MemorySize) { IsGraphicsProcessor = d.DeviceType.HasFlag(CLDeviceType.CL_DEVICE_TYPE_GPU) });
            }
        });
        return new GpuDevices(devices, refusals);

        void Try(string kind, string library, Action find)
        {
            var before = devices.Count;
            try
            {
                find();
                if (devices.Count == before)
                {
                    refusals.Add($"{kind}: no device; {library} was not found, or lists none.");
                }
            }
            catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or CudaException or CLException or NotSupportedException or TypeInitializationException)
            {
                refusals.Add($"{kind}: {(e.InnerException ?? e).Message}");
            }
        }
    }
}
