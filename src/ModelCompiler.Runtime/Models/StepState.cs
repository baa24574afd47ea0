namespace ModelCompiler.Runtime;

/// <summary>What moves behind a step besides the weights that train, by its place in the arena: copies that follow weights, and queues.</summary>
internal sealed class StepState
{
    private const int Alignment = 32;
    private readonly int _batches;

    public StepState(ModelDescription description)
    {
        _batches = description.Accumulate;
        var parameters = description.Parameters.ToArray();
        if (description.Momentum > 0)
        {
            var byName = parameters.ToDictionary(static p => p.Name);
            Copies = [.. Merged(parameters.Where(static p => p.Source is not null).Select(p => new CopyPlace(byName[p.Source!].Offset, p.Offset, p.Count)).OrderBy(static c => c.To))];
        }

        Queues = [.. description.Queues.Select(q =>
        {
            var queue = parameters.Single(p => p.Name == q.Parameter);
            return new QueuePlace(queue.Offset, queue.Shape[0], queue.Shape[1], parameters.Single(p => p.Name == q.Next).Offset, q.Keys);
        })];
    }

    /// <summary>Stretches of copies, each one piece of the weights that it follows.</summary>
    public CopyPlace[] Copies { get; } = [];

    public QueuePlace[] Queues { get; }

    /// <summary>Floats of the keys of a batch, of all queues.</summary>
    public long KeyFloats(long batch) => KeysBefore(Queues.Length, batch);

    /// <summary>Floats of the keys of a batch, of the queues before one.</summary>
    public long KeysBefore(int queue, long batch)
    {
        var floats = 0L;
        for (var i = 0; i < queue; i++)
        {
            floats += batch * Queues[i].Width;
        }

        return floats;
    }

    /// <exception cref="ArgumentException">Rows of two batches would meet in a queue.</exception>
    public void CheckBatch(long batch)
    {
        foreach (var queue in Queues)
        {
            if (queue.Rows % batch != 0)
            {
                throw new ArgumentException(NotDividing(queue.Rows, batch), nameof(batch));
            }
        }
    }

    // Batches of one step are compared together, and are alike; their number divides the queue.
    private string NotDividing(int rows, long batch)
    {
        var step = _batches > 1 ? $"A step on {batch} pairs, of {_batches} batches," : $"A batch of {batch}";
        var legal = Enumerable.Range(1, rows / _batches).Where(n => rows % (n * _batches) == 0).ToArray();
        var near = legal.Where(n => (long)n * _batches <= batch).TakeLast(3).ToArray();
        return $"{step} does not divide the queue of {rows}: rows of two {(_batches > 1 ? "steps" : "batches")} would meet in it. "
            + $"Batches that do have {string.Join(", ", near.Length > 0 ? near : legal.Take(3))} rows{(_batches > 1 ? " each" : "")}, for example.";
    }

    // Copies mostly lie as the weights do, gaps of alignment included.
    private static IEnumerable<CopyPlace> Merged(IEnumerable<CopyPlace> copies)
    {
        CopyPlace? open = null;
        foreach (var copy in copies)
        {
            if (open is { } before && copy.To - before.To == copy.From - before.From && copy.To - before.To - before.Count is >= 0 and < Alignment)
            {
                open = before with { Count = copy.To - before.To + copy.Count };
                continue;
            }

            if (open is { } done)
            {
                yield return done;
            }

            open = copy;
        }

        if (open is { } last)
        {
            yield return last;
        }
    }
}

/// <summary>A stretch of a copy: offsets of the weights and of the copy, in floats.</summary>
internal readonly record struct CopyPlace(long From, long To, long Count);

/// <summary>A queue: offsets of its rows and of the number of the next, in floats, and the output that goes into it.</summary>
internal readonly record struct QueuePlace(long Offset, int Rows, int Width, long Next, string Keys)
{
    /// <summary>The row that a number names, which may come from a file.</summary>
    public long Row(float number) => Math.Clamp((long)number, 0, Rows - 1);
}
