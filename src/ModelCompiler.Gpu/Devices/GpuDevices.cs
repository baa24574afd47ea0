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

    /// <summary>The GPU that is taken where nobody chooses: CUDA, else OpenCL; null: there is none.</summary>
    public GpuDevice? Best => Devices.FirstOrDefault(static d => d.IsGraphicsProcessor);

    /// <summary>Makes <see cref="Runtime.Device.Default"/> a GPU where there is one: CUDA, else OpenCL. Emitted code calls it.</summary>
    public static void UseByDefault() => Runtime.Device.Better = static () => Found.Best;

    private static GpuDevices Find()
    {
        DriverLibrary.Register();
        var devices = new List<GpuDevice>();
        var refusals = new List<string>();
        Try("CUDA", FindCuda, CudaDriver.Refusal);
        Try("OpenCL", FindOpenCl, OpenClLoader.Refusal);
        return new GpuDevices(devices, refusals);

        void Try(string kind, Func<IEnumerable<GpuDevice>> find, Func<string> refusal)
        {
            var before = devices.Count;
            try
            {
                devices.AddRange(find());
                if (devices.Count == before)
                {
                    refusals.Add($"{kind}: {refusal()}");
                }
            }
            catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or CudaException or CLException or NotSupportedException or TypeInitializationException)
            {
                // ILGPU's words come last: the driver itself knows better why it has no device.
                refusals.Add($"{kind}: {refusal()} ({(e.InnerException ?? e).Message})");
            }
        }
    }

    private static List<GpuDevice> FindCuda()
    {
        using var context = Context.Create().Cuda().ToContext();
        var devices = new List<GpuDevice>();
        foreach (var d in context.GetCudaDevices())
        {
            devices.Add(new GpuDevice(GpuKind.Cuda, devices.Count, d.Name, d.MemorySize)
            {
                HasTensorCores = d.Architecture?.Major >= 8,
                MostShared = LargeSharedMemory.LimitOf(d.DeviceId),
                Capability = $"compute capability {d.Architecture?.Major}.{d.Architecture?.Minor}, driver for CUDA {d.DriverVersion.Major}.{d.DriverVersion.Minor}",
            });
        }

        return devices;
    }

    private static List<GpuDevice> FindOpenCl()
    {
        using var context = Context.Create().OpenCL(static d =>
        {
            GenericAddresses.Claim(d);
            return true;
        }).ToContext();
        var devices = new List<GpuDevice>();
        foreach (var d in context.GetCLDevices())
        {
            devices.Add(new GpuDevice(GpuKind.OpenCl, devices.Count, d.Name, d.MemorySize)
            {
                IsGraphicsProcessor = d.DeviceType.HasFlag(CLDeviceType.CL_DEVICE_TYPE_GPU),
                Capability = $"OpenCL C {d.CVersion.Major}.{d.CVersion.Minor}, {d.PlatformName}",
            });
        }

        return devices;
    }
}
