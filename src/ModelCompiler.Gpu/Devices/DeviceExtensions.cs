using ModelCompiler.Runtime;

namespace ModelCompiler.Gpu;

/// <summary>Devices beside the CPU, as members of <see cref="Device"/>.</summary>
public static class DeviceExtensions
{
    extension(Device)
    {
        /// <summary>ILGPU's execution of kernels as C#: for finding faults in them.</summary>
        public static GpuDevice Simulator => new(GpuKind.Simulator, 0, "simulator", 0) { IsGraphicsProcessor = false };

        /// <summary>An NVIDIA device by its number.</summary>
        /// <param name="tf32">Round what products of floats multiply to 10 bits of mantissa, where the device has tensor cores for it (compute capability 8.0).</param>
        /// <param name="cublas">Let cuBLAS, where it is found, make the products that it makes faster; false: kernels of this project make all.</param>
        /// <param name="products">A file of <c>gpucheck --products</c> that says which those are on this device; null: those of 512 x 512 x 512 and more, a guess.</param>
        /// <exception cref="PlatformNotSupportedException">There is none; the message lists what was found, and why not more.</exception>
        /// <exception cref="IOException"><paramref name="products"/> is not there, or cannot be read.</exception>
        /// <exception cref="InvalidDataException"><paramref name="products"/> holds something else, or not all of it.</exception>
        /// <exception cref="ArgumentException"><paramref name="products"/> was measured on another kind of device.</exception>
        public static GpuDevice Cuda(int index = 0, bool tf32 = false, bool cublas = true, string? products = null) =>
            Find($"CUDA device {index}", d => d.Kind == GpuKind.Cuda && d.Index == index).With(tf32, cublas, products);

        /// <summary>The first device whose OpenCL driver calls it by a name that holds <paramref name="name"/>; null: the first of all, GPUs before others.</summary>
        /// <exception cref="PlatformNotSupportedException">There is none; the message lists what was found, and why not more.</exception>
        public static GpuDevice OpenCl(string? name = null) => Find(
            name is null ? "OpenCL device" : $"OpenCL device '{name}'",
            d => d.Kind == GpuKind.OpenCl && (name is null || d.Name.Contains(name, StringComparison.OrdinalIgnoreCase)));
    }

    private static GpuDevice Find(string wanted, Func<GpuDevice, bool> which) =>
        GpuDevices.Found.Devices.Where(which).OrderByDescending(static d => d.IsGraphicsProcessor).FirstOrDefault()
            ?? throw new PlatformNotSupportedException($"There is no {wanted}. Found: {List(GpuDevices.Found.Devices)}. {string.Join(" ", GpuDevices.Found.Refusals)}".TrimEnd());

    private static string List(IReadOnlyList<GpuDevice> devices) => devices.Count == 0 ? "none" : string.Join("; ", devices);
}
