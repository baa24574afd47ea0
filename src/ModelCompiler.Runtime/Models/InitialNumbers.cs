using ModelCompiler.Runtime.Cpu;

namespace ModelCompiler.Runtime;

/// <summary>Random numbers of one parameter by element: the same for a seed and a name, whatever else the model has.</summary>
internal readonly struct InitialNumbers
{
    private readonly ulong _seed;
    private readonly uint _name;

    public InitialNumbers(ulong seed, string name)
    {
        _seed = seed;
        var hash = 2166136261u; // FNV-1a
        foreach (var c in name)
        {
            hash = (hash ^ c) * 16777619u;
        }

        _name = hash;
    }

    /// <summary>Uniform in (0, 1).</summary>
    public double Uniform(int element) => Unit(Draw(element, 0).Item1);

    /// <summary>Standard normal (Box and Muller 1958).</summary>
    public double Normal(int element, uint attempt)
    {
        var (a, b, _, _) = Draw(element, attempt);
        return Math.Sqrt(-2 * Math.Log(Unit(a))) * Math.Cos(2 * Math.PI * Unit(b));
    }

    private (uint, uint, uint, uint) Draw(int element, uint attempt) => Philox.Draw((uint)element, attempt, _name, 0x1217, (uint)_seed, (uint)(_seed >> 32));

    private static double Unit(uint word) => (word + 0.5) / 4294967296.0;
}
