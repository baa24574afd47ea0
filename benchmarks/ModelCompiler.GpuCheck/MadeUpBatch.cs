using ModelCompiler.Runtime;

namespace ModelCompiler.GpuCheck;

/// <summary>Inputs of any model that mean nothing: random within their ranges, the same for the same seed.</summary>
/// <param name="kinds">Tokens of the vocabulary, or classes.</param>
internal sealed class MadeUpBatch(ModelDescription description, int kinds, int batch, int length, int seed)
{
    private const int Ignored = -100;
    private readonly Array[] _values = Array.ConvertAll(description.Inputs, i => Values(i, kinds, (int)i.Count(batch, length), batch, length, new Random(seed + i.Name.Length)));

    public int Batch => batch;

    public int Length => length;

    /// <summary>Sets the inputs of the next pass.</summary>
    /// <param name="pass">Sets those that it reads; null: all.</param>
    public void Set(ModelCore core, Pass? pass = null)
    {
        foreach (var (input, values) in description.Inputs.Zip(_values).Where(i => pass is not { } one || i.First.IsOf(one)))
        {
            if (values is int[] integers)
            {
                core.SetInput(input.Name, integers);
            }
            else
            {
                core.SetInput(input.Name, (float[])values);
            }
        }
    }

    private static Array Values(InputInfo input, int kinds, int count, int batch, int length, Random random) => input.IsInteger
        ? Array.ConvertAll<int, int>([.. Enumerable.Range(0, count)], i => Last(input.Name) switch
        {
            "mask" => i % length == 0 || i % 7 != 6 ? 1 : 0, // every row has a token
            "positions" => i % length,
            "last" => i % length,
            "segments" or "next_sentence" => random.Next(2),
            "targets" => random.Next(5) == 0 ? Ignored : random.Next(kinds),
            _ => random.Next(kinds),
        })
        : Array.ConvertAll(new float[count], _ => input.Name.EndsWith("_scale", StringComparison.Ordinal) ? 1f / (batch * length) : (2 * random.NextSingle()) - 1);

    // Of a model of several towers they begin with the tower's.
    private static string Last(string name) => name[(name.LastIndexOf('.') + 1)..];
}
