namespace ModelCompiler.Runtime;

/// <summary>What emitted programs have in common on every kind of device: where inputs and outputs lie, and what passes need of memory that they use one after the other.</summary>
/// <param name="alignment">Floats: every tensor starts at a multiple of it.</param>
public abstract class ProgramEngine(ModelDescription description, int alignment) : Engine
{
    private readonly List<(long Offset, long Count)> _pieces = [];
    private readonly float[] _first = new float[1];

    /// <summary>Floats of the workspace.</summary>
    protected abstract long WorkFloats(Pass pass, long batch, Lengths lengths);

    protected abstract long SharedScratchBytes(Pass pass, long batch, Lengths lengths);

    /// <summary>Adds where a pass leaves an output; nothing: it has none of this name.</summary>
    protected abstract void Output(Pass pass, string output, long batch, Lengths lengths, List<(long Offset, long Count)> pieces);

    protected abstract void Run(Pass pass, long batch, Lengths lengths, bool accumulate);

    /// <summary>Copies what lies in the workspace from an offset on; waits for it.</summary>
    protected abstract void Copy(long offset, Span<float> values);

    protected static long Largest(params ReadOnlySpan<long> values)
    {
        var largest = 0L;
        foreach (var value in values)
        {
            largest = Math.Max(largest, value);
        }

        return largest;
    }

    /// <summary>The most that one of several passes needs.</summary>
    protected static long Most(ReadOnlySpan<PassSize> passes, Func<PassSize, long> bytes)
    {
        var most = 0L;
        foreach (var size in passes)
        {
            most = Math.Max(most, bytes(size));
        }

        return most;
    }

    /// <summary>Where an input lies, in floats; behind the last: the room that all take. A pass has room for the inputs that it reads.</summary>
    protected long InputOffset(Pass pass, int input, long batch, Lengths lengths)
    {
        var at = 0L;
        for (var i = 0; i < input; i++)
        {
            at += description.Inputs[i].IsOf(pass) ? (description.Inputs[i].Count(batch, lengths) + alignment - 1) / alignment * alignment : 0;
        }

        return at;
    }

    /// <summary>Whether a pass leaves keys and values of a row's tokens.</summary>
    protected bool KeepsTokens(Pass pass) => pass == Pass.Decode || (pass == Pass.Prime && !KeepsMemory(pass));

    /// <summary>Whether a pass leaves keys and values of what the decoder reads.</summary>
    protected bool KeepsMemory(Pass pass) => pass == Pass.Prime && description.Decoder is { Memory: not null };

    /// <summary>Tokens of what the decoder reads.</summary>
    protected int MemoryTokens(Lengths lengths) => description.Decoder!.Memory is int tokens and > 0 ? tokens : (int)lengths.First;

    /// <summary>Number of the input that says which of them are seen; -1: all are.</summary>
    protected int MemoryMask => Array.FindIndex(description.Inputs, i => i.Name == description.Decoder!.MemoryMask);

    /// <summary>Where a pass left the pieces of an output, in floats.</summary>
    protected IReadOnlyList<(long Offset, long Count)> Pieces(Pass pass, string output, long batch, Lengths lengths)
    {
        Find(pass, output, batch, lengths);
        return _pieces;
    }

    /// <summary>What <see cref="Pass.Prime"/> leaves of what the decoder reads, a piece for each layer.</summary>
    protected const string KeysAndValues = "keys_and_values";

    /// <summary>Where all inputs end.</summary>
    protected long InputFloats(PassSize size) => InputOffset(size.Pass, description.Inputs.Length, size.Batch, size.Lengths);

    /// <summary>Where an output begins that the pass has.</summary>
    protected long Begin(Pass pass, string output, long batch, Lengths lengths)
    {
        Find(pass, output, batch, lengths);
        return _pieces[0].Offset;
    }

    public sealed override float[]? Read(Pass pass, string output, long batch, Lengths lengths)
    {
        Find(pass, output, batch, lengths);
        if (_pieces.Count == 0)
        {
            return null;
        }

        var values = new float[checked((int)_pieces.Sum(static p => p.Count))];
        CopyPieces(values);
        return values;
    }

    public sealed override void Read(Pass pass, string output, long batch, Lengths lengths, Span<float> values)
    {
        Find(pass, output, batch, lengths);
        CopyPieces(values);
    }

    public sealed override float ReadFirst(Pass pass, string output, long batch, Lengths lengths)
    {
        Copy(Begin(pass, output, batch, lengths), _first);
        return _first[0];
    }

    private void Find(Pass pass, string output, long batch, Lengths lengths)
    {
        _pieces.Clear();
        Output(pass, output, batch, lengths, _pieces);
    }

    private void CopyPieces(Span<float> values)
    {
        foreach (var (offset, count) in _pieces)
        {
            Copy(offset, values[..(int)count]);
            values = values[(int)count..];
        }
    }
}
