using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;
using ModelCompiler.Gpu;
using ModelCompiler.Gpu.Workarounds;
using ModelCompiler.Testing;

namespace ModelCompiler.Numerics.Tests;

/// <summary>What <see cref="RaceTests"/> run in a process of its own; on other devices they would only repeat what others test.</summary>
public sealed class RaceRuns
{
    // With a model of two towers, one whose decoder reads another tower, and one with a queue.
    internal static readonly string[] s_models = [.. GpuZoo.SmallModels, "clip", "seq2seq", "queue"];
    internal static readonly string[] s_modelsByTiles = ["gpt-dropout", "llama"];

    // With a cache of what another tower gives besides its own.
    internal static readonly string[] s_decoders = ["seq2seq"];

    public static TheoryData<string> Models => new(s_models);

    public static TheoryData<string> Decoders => new(s_decoders);

    public static TheoryData<string> ModelsByTiles => new(s_modelsByTiles);

    [Fact(Explicit = true)]
    public void Rows_of_ops()
    {
        foreach (var name in GpuZoo.Ops.NamesWithNewKernels)
        {
            GpuZoo.Ops.Run(name, Device(hasGroupMemory: false));
        }
    }

    [Theory(Explicit = true), MemberData(nameof(Models))]
    public void A_step_of_a_model(string name) => Step(name, Device(hasGroupMemory: false));

    [Theory(Explicit = true), MemberData(nameof(ModelsByTiles))]
    public void A_step_by_tiles(string name) => Step(name, Device(hasGroupMemory: true));

    [Theory(Explicit = true), MemberData(nameof(Decoders))]
    public void Tokens_one_by_one(string name) => Decode(name, Device(hasGroupMemory: false));

    [Fact(Explicit = true)]
    public void A_product_in_parts() => ProductInParts(Device(hasGroupMemory: true));

    [Fact(Explicit = true)]
    public void A_race()
    {
        DriverLibrary.Register();
        using var context = Context.Create().Optimize(OptimizationLevel.O2).OpenCL(static d =>
        {
            GenericAddresses.Claim(d);
            return true;
        }).ToContext();
        using var accelerator = context.CreateCLAccelerator(0);
        var compiled = (CLCompiledKernel)accelerator.Backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(FaultProbes.Of(FaultProbes.Tiles)), default);
        using var kernel = accelerator.LoadKernel(MendedKernel.Of(compiled));
        using var buffer = accelerator.Allocate1D<float>(1024);
        ArrayView<float> view = buffer.View;
        kernel.CreateLauncherDelegate<Action<AcceleratorStream, KernelConfig, FaultProbes.Arguments>>()(
            accelerator.DefaultStream, new KernelConfig(1, 64), new FaultProbes.Arguments(view, view.SubView(512), view.Cast<int>(), 4));
        accelerator.Synchronize();
    }

    [Fact(Explicit = true)]
    public void An_access_out_of_bounds()
    {
        using var context = new GpuContext(GpuDevicesOfTests.OpenCl());
        using var arena = new GpuArena(context, 64 * sizeof(float));
        context.Launch(FaultProbes.Merged, 1, 128, new FaultProbes.Arguments(arena.View, arena.View, arena.View.Cast<int>(), 0));
        context.Synchronize();
    }

    // The device's own word for what it is does not matter: kernels of both kinds are looked at.
    private static GpuDevice Device(bool hasGroupMemory)
    {
        var device = GpuDevicesOfTests.OpenCl();
        return new GpuDevice(device.Kind, device.Index, device.Name, device.MemoryBytes) { IsGraphicsProcessor = hasGroupMemory };
    }

    internal static void Decode(string name, GpuDevice device) => Decoded.RunOnce(DecodeTests.Data(name, 2, 4), name, device);

    // A tile is not filled, nor are the parts of equal size.
    internal static void ProductInParts(GpuDevice device)
    {
        const int Rows = 5, Columns = 3, Inner = 41;
        using var context = new GpuContext(device) { Form = new ProductForm(ProductTile.Small, 3) };
        using GpuArena a = new(context, Rows * Inner * sizeof(float)), b = new(context, Inner * Columns * sizeof(float)), c = new(context, Rows * Columns * sizeof(float));
        MatrixProduct product = default;
        (product.A, product.B, product.C, product.Accumulate) = (a.View, b.View, c.View, true);
        (product.Rows, product.Columns, product.Inner) = (Rows, Columns, Inner);
        (product.StrideA, product.StrideB, product.StrideC) = (Inner, Columns, Columns);
        Gemm.Run(context, in product, default(NoEpilogue));
        context.Synchronize();
    }

    internal static void Step(string name, GpuDevice device)
    {
        var data = new InterpretedModel(name, batch: 2, length: 3);
        using var model = EngineModels.Of(name).Create(device);
        EngineModels.RunOnce(model, data);
    }
}
