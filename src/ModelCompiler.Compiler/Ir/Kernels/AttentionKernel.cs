using ModelCompiler.Compiler.Ir.Graphs;

namespace ModelCompiler.Compiler.Ir.Kernels;

/// <summary>Where queries, keys or values lie: an operand, the first channel there, and channels of a token.</summary>
internal readonly record struct AttentionPlace(int Operand, int Offset, int Stride);

/// <summary>
/// Attention by heads. Queries, keys and values lie in one operand, or keys and values in one of their own, or in a cache. Forward: operands qkv or q and kv or q alone, (mask), y, log sums.
/// Backward: those that are attended, y, log sums, dy, (mask), and the gradients of those that are attended.
/// </summary>
/// <param name="isCross">Keys and values are in an operand of their own.</param>
internal sealed class AttentionKernel(
    string name, IReadOnlyList<Operand> operands, bool isCross, bool isGradient, bool hasMask, int heads, int keyHeads, int headWidth, Extent samples, Extent queries, Extent keys, double scale, bool byLayer, bool isCausal, double dropout, int site, bool isCached = false)
    : Kernel(name, operands)
{
    /// <summary>Operands that are attended; their gradients are the last.</summary>
    public int Sources { get; } = isCross && !isCached ? 2 : 1;

    /// <summary>Keys and values are all in the cache: operands have queries alone.</summary>
    public bool IsKept { get; } = isCross && isCached;

    public bool IsGradient { get; } = isGradient;

    public bool HasMask { get; } = hasMask;

    public int Heads { get; } = heads;

    /// <summary>Divides <see cref="Heads"/>: consecutive heads share one of keys and values.</summary>
    public int KeyHeads { get; } = keyHeads;

    public int HeadWidth { get; } = headWidth;

    /// <summary>Factor of scores; with <see cref="ByLayer"/> divided by the number of the layer, from 1.</summary>
    public double Scale { get; } = scale;

    public bool ByLayer { get; } = byLayer;

    /// <summary>Sequences that attend, each to itself or to the other of its number.</summary>
    public Extent Samples { get; } = samples;

    /// <summary>Tokens that ask.</summary>
    public Extent Queries { get; } = queries;

    /// <summary>Tokens that are asked; 0 where the cache alone knows.</summary>
    public Extent Keys { get; } = keys;

    /// <summary>The last query sees all keys, and each before it one less.</summary>
    public bool IsCausal { get; } = isCausal;

    /// <summary>Tokens see those of earlier calls as well, whose keys and values are in the cache, and leave their own there.</summary>
    public bool IsCached { get; } = isCached;

    public double Dropout { get; } = dropout;

    public int Site { get; } = site;

    /// <summary>Channels of all queries, of all keys.</summary>
    public int Width => Heads * HeadWidth;

    public int KeyWidth => KeyHeads * HeadWidth;

    public AttentionPlace Query => new(0, 0, Sources == 1 && !IsKept ? Width + (2 * KeyWidth) : Width);

    public AttentionPlace Key => Sources == 1 ? new(0, Width, Width + (2 * KeyWidth)) : new(1, 0, 2 * KeyWidth);

    public AttentionPlace Value => Key with { Offset = Key.Offset + KeyWidth };

    public int Output => IsGradient ? Sources : Operands.Count - 2;

    public int LogSums => Output + 1;

    public int OutputGradient => Sources + 2;

    public int Mask => IsGradient ? Sources + 3 : Sources;

    /// <summary>The number of the gradient of an operand that is attended.</summary>
    public int GradientOf(AttentionPlace place) => Operands.Count - Sources + place.Operand;

    /// <summary>The operands that have one type of elements.</summary>
    public IEnumerable<int> Attended => IsGradient ? Enumerable.Range(0, Sources).Append(OutputGradient) : Enumerable.Range(0, Sources);
}
