using System.Diagnostics;
using System.Reflection;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using ModelCompiler.Gpu.Workarounds;

namespace ModelCompiler.Gpu;

/// <summary>A device in use by this process, with the kernels that were compiled for it: one for all models, as long as the process lives.</summary>
internal sealed class OpenDevice
{
    private static readonly Dictionary<(GpuKind, int), OpenDevice> s_open = [];
    private readonly Dictionary<MethodInfo, (Kernel Kernel, Delegate Launcher)> _kernels = [];
    private readonly List<KernelCompilation> _compilations = [];
    private readonly GpuDevice _device;

    private OpenDevice(GpuDevice device)
    {
        _device = device;
        Accelerator = Open(device);
    }

    public Accelerator Accelerator { get; }

    /// <summary>The kernels that were compiled so far, in order.</summary>
    public IReadOnlyList<KernelCompilation> Compilations => _compilations;

    public static OpenDevice Of(GpuDevice device)
    {
        // A device that is not there borrows the simulator's memory.
        device = device.Log is null ? device : Runtime.Device.Simulator;
        lock (s_open)
        {
            return s_open.TryGetValue((device.Kind, device.Index), out var open) ? open : s_open[(device.Kind, device.Index)] = new OpenDevice(device);
        }
    }

    /// <summary>
    /// Puts a kernel on a stream; at its first use it is compiled. One launch at a time: in OpenCL arguments belong to the kernel until it is
    /// enqueued, and models on other threads share the kernels of the library.
    /// </summary>
    public void Launch<T>(MethodInfo method, AcceleratorStream stream, KernelConfig size, T arguments)
        where T : struct
    {
        lock (_kernels)
        {
            if (!_kernels.TryGetValue(method, out var kernel))
            {
                _kernels.Add(method, kernel = Compile<T>(method));
                using var binding = Accelerator.BindScoped();
                LargeSharedMemory.Allow(kernel.Kernel, size.SharedMemoryConfig.NumElements);
            }

            try
            {
                ((Action<AcceleratorStream, KernelConfig, T>)kernel.Launcher)(stream, size, arguments);
            }
            catch (AcceleratorException e)
            {
                throw DeviceLostException.Of(_device, e);
            }
        }
    }

    /// <summary>Gives back what was compiled of kernels that nobody launches any more, drivers keep megabytes of each; no launch of them may be under way.</summary>
    public void Forget(Func<MethodInfo, bool> which)
    {
        lock (_kernels)
        {
            foreach (var (method, (kernel, _)) in _kernels.Where(k => which(k.Key)).ToArray())
            {
                _kernels.Remove(method);
                kernel.Dispose();
            }
        }
    }

    private (Kernel Kernel, Delegate Launcher) Compile<T>(MethodInfo method)
        where T : struct
    {
        KernelProgress.Show(_device, _compilations.Count + 1, _compilations.Sum(static c => (c.Translation + c.Build).TotalSeconds));
        try
        {
            var start = Stopwatch.GetTimestamp();
            var entry = EntryPointDescription.FromExplicitlyGroupedKernel(method);
            var compiled = Accelerator switch
            {
                CudaAccelerator a => MendedKernel.Of((PTXCompiledKernel)a.Backend.Compile(entry, default)),
                CLAccelerator a => MendedKernel.Of((CLCompiledKernel)a.Backend.Compile(entry, default)),
                var a => a.GetBackend().Compile(entry, default),
            };
            var translated = Stopwatch.GetTimestamp();
            var kernel = Accelerator.LoadKernel(compiled);
            var built = Stopwatch.GetTimestamp();
            var launcher = kernel.CreateLauncherDelegate<Action<AcceleratorStream, KernelConfig, T>>();
            _compilations.Add(new KernelCompilation(method.DeclaringType!.Name, Stopwatch.GetElapsedTime(start, translated) + Stopwatch.GetElapsedTime(built), Stopwatch.GetElapsedTime(translated, built)));
            return (kernel, launcher);
        }
        catch
        {
            // A kernel that does not compile leaves ILGPU's context unusable: the next model opens the device anew.
            lock (s_open)
            {
                s_open.Remove((_device.Kind, _device.Index));
            }

            throw;
        }
    }

    private static Accelerator Open(GpuDevice device)
    {
        DriverLibrary.Register();
        var builder = Context.Create().Optimize(OptimizationLevel.O2).EnableAlgorithms();
        switch (device.Kind)
        {
            case GpuKind.Cuda:
                builder.Cuda();
                break;
            case GpuKind.OpenCl:
                builder.OpenCL(static d =>
                {
                    GenericAddresses.Claim(d);
                    return true;
                });
                break;
            default:
                builder.CPU(new CPUDevice(numThreadsPerWarp: 2, numWarpsPerMultiprocessor: 1, numMultiprocessors: Environment.ProcessorCount));
                break;
        }

        var context = builder.ToContext();
        try
        {
            switch (device.Kind)
            {
                case GpuKind.Cuda:
                    TensorCore.Register(context);
                    var cuda = context.CreateCudaAccelerator(device.Index);
                    CodePlacementPass.Remove(cuda.Backend);
                    return cuda;
                case GpuKind.OpenCl:
                    var openCl = context.CreateCLAccelerator(device.Index);
                    CodePlacementPass.Remove(openCl.Backend);
                    return openCl;
                default:
                    return context.CreateCPUAccelerator(0, CPUAcceleratorMode.Parallel);
            }
        }
        catch (Exception e)
        {
            context.Dispose();
            if (e is AcceleratorException refused)
            {
                throw DeviceLostException.Unopened(device, refused);
            }

            throw;
        }
    }
}
