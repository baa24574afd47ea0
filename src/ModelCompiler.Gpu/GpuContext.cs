using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using ModelCompiler.Runtime;

namespace ModelCompiler.Gpu;

/// <summary>What every kernel gets: the device, its stream, compiled kernels, and scratch memory. Launches never allocate and never wait.</summary>
public sealed partial class GpuContext : IDisposable
{
    internal const int LargestGroup = 256;
    private readonly OpenDevice _open;
    private readonly Dictionary<(int, int, int, bool, bool), ProductForm> _forms = [];
    private readonly GpuArena _nothing, _sums;
    private GpuArena _scratch;

    public GpuContext(GpuDevice device)
        : this(device, Console.Error.WriteLine)
    {
    }

    /// <param name="say">Told what does not work as it should.</param>
    /// <param name="mostSums">See <see cref="CublasProducts.Of"/>.</param>
    internal GpuContext(GpuDevice device, Action<string> say, int mostSums = CublasProducts.MostSums)
    {
        Device = device;
        _open = OpenDevice.Of(device);
        HasGroupMemory = device.IsGraphicsProcessor;
        Stream = CreateStream();
        (_nothing, _scratch) = (new GpuArena(this, sizeof(float)), new GpuArena(this, 0));
        _sums = new GpuArena(this, HasGroupMemory ? SumsOfParts(device) : 0);
        Cublas = CublasProducts.Of(this, say, mostSums);
    }

    public GpuDevice Device { get; }

    /// <summary>Sees every kernel when it has run; null: nobody does.</summary>
    public IKernelWatch? Watch { get; set; }

    /// <summary>Scratch memory of a launch; the next launch may use it again.</summary>
    public ArrayView<float> Scratch => _scratch.View;

    /// <summary>Bytes of scratch memory.</summary>
    public long ScratchBytes => _scratch.Bytes;

    /// <summary>Kernels that were put on the stream: what the device sees, where <see cref="LaunchInfo"/> counts those of the emitted program.</summary>
    internal long Launches { get; set; }

    /// <summary>Times that the host waited for the device.</summary>
    internal long Waits { get; private set; }

    /// <summary>Arenas that were allocated so far.</summary>
    internal long Allocations { get; set; }

    /// <summary>Told of every kernel that was put on the stream, cuBLAS's among them; null: nobody is.</summary>
    internal Action<string>? Launched { get; set; }

    /// <summary>Where launches are put instead of on the stream, with their arguments as they are now: what a capture does; null: they are made.</summary>
    internal List<Action>? Recorded { get; set; }

    /// <summary>Takes the shape of every product; null: nobody asks.</summary>
    internal ISet<ProductShape>? Shapes { get; set; }

    /// <summary>Memory for what a launch does not touch.</summary>
    internal ArrayView<float> Nothing => _nothing.View;

    internal Accelerator Accelerator => _open.Accelerator;

    internal AcceleratorStream Stream { get; }

    /// <summary>Whether memory of a group is faster than global memory: that of OpenCL on a CPU is not, and the simulator has groups of one.</summary>
    internal bool HasGroupMemory { get; init; }

    /// <summary>Whether products may be put on tensor cores; elsewhere their instructions do not exist.</summary>
    internal bool HasTensorCores => Device.HasTensorCores && HasGroupMemory;

    /// <summary>Whether products of floats round what they multiply.</summary>
    internal bool UsesTf32 => HasTensorCores && Device.UsesTf32;

    /// <summary>Makes large products; null: kernels of this project make all.</summary>
    internal CublasProducts? Cublas { get; }

    /// <summary>Room for sums of parts of a product.</summary>
    internal ArrayView<float> Sums => _sums.View;

    /// <summary>Bytes of <see cref="Sums"/>.</summary>
    internal long SumBytes => _sums.Bytes;

    /// <summary>Similarities of pairs that are in memory at a time, <see cref="PairBlocks.StripFloats"/> at most.</summary>
    internal int StripFloats { get; set; } = PairBlocks.StripFloats;

    /// <summary>How all products are made that can be; null: as is best for each.</summary>
    internal ProductForm? Form { get; set; }

    /// <summary>What launches divide work among: of a device that is not there few, whatever this machine has.</summary>
    internal int Multiprocessors => Device.Log is null ? Accelerator.NumMultiprocessors : 2;

    /// <summary>Kernels that were compiled for the device, by all models.</summary>
    internal IReadOnlyList<KernelCompilation> Compilations => _open.Compilations;

    /// <summary>Threads of a group for rows of so many columns: a power of two. The simulator has one thread, which does all.</summary>
    public int GroupSize(int columns)
    {
        var size = 1;
        while (Device.Kind != GpuKind.Simulator && size < columns && size < LargestGroup)
        {
            size *= 2;
        }

        return size;
    }

    /// <summary>How kernels of this project make a product.</summary>
    internal ProductForm FormOf(int rows, int columns, int inner, bool byTensorCores, bool isWide)
    {
        if (!HasGroupMemory)
        {
            return default(ProductForm) with { Parts = 1 };
        }

        var shape = (rows, columns, inner, byTensorCores, isWide);
        if (Form is { } given)
        {
            return given;
        }

        if (!_forms.TryGetValue(shape, out var form))
        {
            _forms.Add(shape, form = ProductForms.Best(rows, columns, inner, byTensorCores, isWide, Multiprocessors, Sums.Length, Device.MostShared));
        }

        return form;
    }

    /// <summary>Puts a kernel on the stream.</summary>
    /// <param name="body">The kernel: a static method. It is compiled at its first launch.</param>
    /// <param name="groups">Groups of threads, 1 or more.</param>
    /// <param name="columns">What the threads of a group share between them.</param>
    /// <param name="sharedBytes">Shared memory of a group beside what the kernel declares.</param>
    public void Launch<T>(Action<T> body, int groups, int columns, in T arguments, int sharedBytes = 0)
        where T : struct
    {
        Launches++;
        var size = sharedBytes == 0 ? new KernelConfig(groups, GroupSize(columns)) : new KernelConfig(groups, GroupSize(columns), SharedMemoryConfig.RequestDynamic<byte>(sharedBytes));
        if (Recorded is { } recorded)
        {
            Record(recorded, body.Method, size, arguments);
            return;
        }

        Put(body.Method, size, in arguments);
    }

    /// <summary>Puts one of two forms of a kernel on the stream.</summary>
    /// <param name="byWarps">The form for groups of whole warps.</param>
    /// <param name="byMemory">The form for groups of any size.</param>
    public void Launch<T>(Action<T> byWarps, Action<T> byMemory, int groups, int columns, in T arguments)
        where T : struct
    {
        if (Device.HasWarps)
        {
            Launch(byWarps, groups, Math.Max(columns, ByWarps.Threads), in arguments);
        }
        else
        {
            Launch(byMemory, groups, columns, in arguments);
        }
    }

    /// <summary>Waits for all launches.</summary>
    /// <exception cref="DeviceLostException">The device failed.</exception>
    public void Synchronize()
    {
        KernelProgress.End();
        Waits++;
        try
        {
            Stream.Synchronize();
        }
        catch (AcceleratorException e)
        {
            throw DeviceLostException.Of(Device, e);
        }
    }

    /// <summary>Copies to the device, behind all launches, and waits. ILGPU pins a span until then, but nothing that it is given by reference.</summary>
    internal void Upload<T>(ArrayView<T> destination, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        Waits++;
        try
        {
            destination.CopyFromCPU(Stream, values);
        }
        catch (AcceleratorException e)
        {
            throw DeviceLostException.Of(Device, e);
        }
    }

    /// <summary>Copies from the device, behind all launches, and waits.</summary>
    internal void Download<T>(ArrayView<T> source, Span<T> values)
        where T : unmanaged
    {
        KernelProgress.End();
        Waits++;
        try
        {
            source.CopyToCPU(Stream, values);
        }
        catch (AcceleratorException e)
        {
            throw DeviceLostException.Of(Device, e);
        }
    }

    /// <summary>A copy of what a kernel wrote, for <see cref="Watch"/>.</summary>
    public KernelOutput Show(string name, ArrayView<float> values, long count)
    {
        var copy = new float[checked((int)count)];
        Download(values.SubView(0, count), copy);
        return new KernelOutput(name, copy);
    }

    /// <summary>The same of narrow elements.</summary>
    public KernelOutput Show(string name, ArrayView<BFloat16> values, long count)
    {
        var copy = new BFloat16[checked((int)count)];
        Download(values.SubView(0, count), copy);
        return new KernelOutput(name, Array.ConvertAll(copy, static v => (float)v));
    }

    /// <summary>Makes room for a launch's scratch memory; what was there before is lost.</summary>
    public void ReserveScratch(long bytes) => GpuArena.Grow(this, ref _scratch, bytes);

    // Devices that are not there have small products.
    private static long SumsOfParts(GpuDevice device) => device.Log is null ? 64 << 20 : 4 << 20;

    private void Record<T>(List<Action> recorded, MethodInfo method, KernelConfig size, T arguments)
        where T : struct => recorded.Add(() => Put(method, size, in arguments));

    private void Put<T>(MethodInfo method, KernelConfig size, in T arguments)
        where T : struct
    {
        if (Device.Log is { } log)
        {
            log.Add(method, size.GridDim.X, size.GroupDim.X, size.SharedMemoryConfig.NumElements, in arguments);
            return;
        }

        _open.Launch(method, Stream, size, arguments);
        Launched?.Invoke(NameOf(method));
    }

    // The form and what it was made for: an epilogue, elements of matrices.
    private static string NameOf(MethodInfo kernel) => NameOf(kernel.DeclaringType!) + (kernel.IsGenericMethod ? $"({string.Join(", ", kernel.GetGenericArguments().Select(NameOf))})" : "");

    private static string NameOf(Type type)
    {
        var name = type.Name.Split('`')[0];
        var outer = type.DeclaringType is { } d && d.DeclaringType is not null ? NameOf(d) + "." : "";
        return outer + name + (type.IsGenericType ? $"<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>" : "");
    }

    public void Dispose()
    {
        Cublas?.Dispose();
        _nothing.Dispose();
        _sums.Dispose();
        _scratch.Dispose();
        Stream.Dispose();
    }
}
