using ModelCompiler.Ptx.Decoding;
using ModelCompiler.Ptx.Machine;
using ModelCompiler.Ptx.Text;

namespace ModelCompiler.Ptx;

/// <summary>A kernel that can be launched on this machine, as a device would run it.</summary>
internal sealed class PtxKernel
{
    private readonly IReadOnlyList<(int Register, ulong Value)> _constants;
    private readonly IReadOnlyList<(int Register, string Name)> _specials;
    private readonly IReadOnlyList<(int Start, int Bytes)> _shared;
    private readonly int _dynamicStart, _granule;

    private PtxKernel(string name, Decoder decoder)
    {
        Name = name;
        (Steps, _constants, _specials) = (decoder.Steps, decoder.Constants, decoder.Specials);
        (_shared, _dynamicStart, _granule) = (decoder.Layout.Shared, decoder.Layout.DynamicStart, decoder.Layout.Granule);
        (Registers, LocalBytes, ParameterBytes) = (decoder.RegisterCount, decoder.Layout.LocalBytes, decoder.Layout.ParameterBytes);
    }

    public string Name { get; }

    public int ParameterBytes { get; }

    public Step[] Steps { get; }

    public int Registers { get; }

    public int LocalBytes { get; }

    /// <summary>Reads the kernel of a text that has one.</summary>
    /// <exception cref="PtxException">The text has what is not known here.</exception>
    public static PtxKernel Read(string text)
    {
        var module = PtxParser.Parse(text);
        var kernel = module.Functions.Values.Single(static f => f.IsKernel);
        return new PtxKernel(kernel.Name, new Decoder(new PtxLinker(module).Link(kernel)));
    }

    /// <summary>Runs a grid, one group after another.</summary>
    /// <param name="parameters">The arguments as they lie in memory, <see cref="ParameterBytes"/>.</param>
    /// <param name="dynamicShared">Bytes of shared memory beside what the kernel declares.</param>
    /// <returns>What all groups did.</returns>
    /// <exception cref="PtxException">A thread did what it must not.</exception>
    public PtxWork Launch(Extent3 grid, Extent3 group, byte[] parameters, GlobalMemory memory, int dynamicShared = 0)
    {
        if (parameters.Length != ParameterBytes)
        {
            throw new PtxException($"{Name} has {ParameterBytes} bytes of arguments, not {parameters.Length}");
        }

        var warps = (group.Count + Warp.Size - 1) / Warp.Size;
        var shared = new SharedMemory(dynamicShared > 0 ? [.. _shared, (_dynamicStart, dynamicShared)] : _shared, _granule, warps);
        var work = default(PtxWork);
        for (var number = 0; number < grid.Count; number++)
        {
            try
            {
                var run = new Group(this, memory, shared, parameters, grid, group, number);
                run.Run();
                work += new PtxWork(run.Executed, run.Barriers);
            }
            catch (PtxException e)
            {
                throw new PtxException($"{Name}: {e.Message}", e);
            }
        }

        return work;
    }

    /// <summary>Puts constants and what a thread knows of itself into the registers of a warp.</summary>
    public void Fill(Warp warp)
    {
        foreach (var (register, value) in _constants)
        {
            Array.Fill(warp.Registers, value, register * Warp.Size, Warp.Size);
        }

        foreach (var (register, name) in _specials)
        {
            for (var lane = 0; lane < warp.Lanes; lane++)
            {
                warp.At<ulong>(register, lane) = PtxSpecial.Of(name, warp, lane);
            }
        }
    }
}
