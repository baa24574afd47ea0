using ModelCompiler.Ptx.Text;

namespace ModelCompiler.Ptx.Decoding;

/// <summary>Where the variables of a kernel lie in the memory of their space, with gaps between those of shared memory.</summary>
internal sealed class MemoryLayout
{
    private const int Gap = 64;
    private readonly Dictionary<string, (PtxVariable Variable, long Start)> _places = [];
    private readonly List<(int Start, int Bytes)> _shared = [];

    public MemoryLayout(PtxFunction kernel)
    {
        var (shared, local, parameter) = (Gap, 0, 0);
        var parameters = kernel.Parameters.Select(static p => p.Name).ToHashSet();
        foreach (var variable in kernel.Parameters.Concat(kernel.Variables.Values.Where(v => !parameters.Contains(v.Name))))
        {
            switch (variable.Space)
            {
                case PtxSpace.Shared when variable.Bytes == 0:
                    break;
                case PtxSpace.Shared:
                    _shared.Add(((int)Place(variable, ref shared), variable.Bytes));
                    shared = Align(shared, Gap) + Gap;
                    break;
                case PtxSpace.Parameter when parameters.Contains(variable.Name):
                    Place(variable, ref parameter);
                    break;
                case PtxSpace.Local or PtxSpace.Parameter:
                    Place(variable, ref local);
                    break;
                default:
                    throw new PtxException($"{variable.Name} lies in {variable.Space} memory, which is not known here");
            }
        }

        DynamicStart = Align(shared, 256);
        foreach (var variable in kernel.Variables.Values.Where(static v => v is { Space: PtxSpace.Shared, Bytes: 0 }))
        {
            _places.Add(variable.Name, (variable, DynamicStart));
        }

        (LocalBytes, ParameterBytes) = (Align(local, 16), parameter);
        Arguments = parameters;
        Granule = kernel.Body.OfType<PtxInstruction>().Where(static i => i.Name is "ld" or "st" or "atom" or "red").Select(static i => PtxTypes.Bytes(i.Type)).DefaultIfEmpty(4).Min();
        Granule = Math.Min(Granule, 4);
    }

    public IReadOnlyList<(int Start, int Bytes)> Shared => _shared;

    public int DynamicStart { get; }

    /// <summary>Bytes of each thread.</summary>
    public int LocalBytes { get; }

    public int ParameterBytes { get; }

    /// <summary>The fewest bytes that an instruction touches.</summary>
    public int Granule { get; }

    /// <summary>Names of what the launch gives; other parameters are those of calls, which lie in local memory.</summary>
    public IReadOnlySet<string> Arguments { get; }

    public bool Has(string name) => _places.ContainsKey(name);

    public long Start(string name) => _places[name].Start;

    private long Place(PtxVariable variable, ref int end)
    {
        var start = Align(end, variable.Alignment);
        end = start + variable.Bytes;
        _places.Add(variable.Name, (variable, start));
        return start;
    }

    private static int Align(int offset, int alignment) => (offset + alignment - 1) / alignment * alignment;
}
