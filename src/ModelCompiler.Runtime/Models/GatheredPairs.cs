namespace ModelCompiler.Runtime;

/// <summary>
/// What goes from pass to pass of a step on several batches whose pairs all meet: vectors are gathered batch by batch, compared all together, and their gradients handed
/// out again. It lies in the host's memory: beside activations it is small.
/// </summary>
internal sealed class GatheredPairs(ModelDescription description, Engine engine, PassInputs inputs)
{
    private readonly float[][] _values = Array.ConvertAll(description.Gathered, static _ => Array.Empty<float>());
    private readonly float[][] _slopes = Array.ConvertAll(description.Gathered, static _ => Array.Empty<float>());
    private long _given, _taken;
    private bool _isCompared;

    /// <summary>Pairs of all batches of the step.</summary>
    public long Count { get; private set; }

    /// <summary>Whether this is the first batch whose gradients are computed.</summary>
    public bool IsFirst => _taken == 0;

    /// <summary>Bytes now.</summary>
    public long Bytes => (_values.Sum(static v => v.LongLength) + _slopes.Sum(static v => v.LongLength)) * sizeof(float);

    public long BytesFor(long pairs) => description.Gathered.Sum(g => g.Width * (g.Slope is null ? pairs : 2 * pairs)) * sizeof(float);

    public void Begin(long pairs)
    {
        (Count, _given, _taken, _isCompared) = (pairs, 0, 0, false);
        for (var i = 0; i < description.Gathered.Length; i++)
        {
            Fit(ref _values[i], pairs * description.Gathered[i].Width);
        }
    }

    /// <summary>Keeps the vectors of a batch, of a pass that was just run.</summary>
    public void Gather(long batch, Lengths lengths)
    {
        for (var i = 0; i < description.Gathered.Length; i++)
        {
            var (name, width, _) = description.Gathered[i];
            engine.Read(Pass.Embed, name, batch, lengths, _values[i].AsSpan((int)(_given * width), (int)(batch * width)));
        }

        _given += batch;
    }

    /// <summary>Sets the vectors of all batches as inputs.</summary>
    /// <exception cref="InvalidOperationException">Batches are missing.</exception>
    public void SetInputs()
    {
        if (_given != Count)
        {
            throw new InvalidOperationException($"{_given} of {Count} pairs were gathered: a step compares all of them.");
        }

        for (var i = 0; i < description.Gathered.Length; i++)
        {
            inputs.Set(description.Gathered[i].Name, _values[i]);
        }
    }

    /// <summary>Keeps the gradients of all vectors, of a pass that was just run.</summary>
    public void KeepSlopes()
    {
        for (var i = 0; i < description.Gathered.Length; i++)
        {
            if (description.Gathered[i] is { Slope: { } slope } gathered)
            {
                Fit(ref _slopes[i], Count * gathered.Width);
                engine.Read(Pass.Compare, slope, Count, 1, _slopes[i]);
            }
        }

        _isCompared = true;
    }

    /// <summary>Sets the gradients of the next batch's vectors as inputs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More pairs than are left.</exception>
    /// <exception cref="InvalidOperationException">The pairs were not compared.</exception>
    public void SetSlopes(long batch)
    {
        if (!_isCompared)
        {
            throw new InvalidOperationException($"0 of {Count} pairs were compared: gradients come behind that.");
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch, Count - _taken);
        for (var i = 0; i < description.Gathered.Length; i++)
        {
            if (description.Gathered[i] is { Slope: { } slope } gathered)
            {
                inputs.Set(slope, _slopes[i], (int)(_taken * gathered.Width), (int)(batch * gathered.Width));
            }
        }
    }

    /// <summary>The gradients of a batch are on their way.</summary>
    public void Advance(long batch) => _taken += batch;

    /// <exception cref="ArgumentOutOfRangeException">More pairs than the step has.</exception>
    public void RequireRoom(long batch) => ArgumentOutOfRangeException.ThrowIfGreaterThan(batch, Count - _given);

    private static void Fit(ref float[] values, long count)
    {
        if (values.Length != count)
        {
            values = new float[count];
        }
    }
}
