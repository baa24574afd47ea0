namespace ModelCompiler.Runtime;

/// <summary>The inputs of the next pass, by name.</summary>
internal sealed class PassInputs(ModelDescription description, Engine engine)
{
    private readonly Array?[] _values = new Array?[description.Inputs.Length];
    private readonly (int Start, int Count)[] _pieces = new (int, int)[description.Inputs.Length];
    private readonly float[]?[] _scales = new float[]?[description.Inputs.Length];

    public void Set(string name, float[] values) => Set(Index(name, false), values, 0, values.Length);

    public void Set(string name, int[] values) => Set(Index(name, true), values, 0, values.Length);

    /// <summary>Sets an input to a piece of an array.</summary>
    public void Set(string name, float[] values, int start, int count) => Set(Index(name, false), values, start, count);

    /// <summary>Sets a mean's factor to 1 / <paramref name="count"/>, or 0 where nothing counts.</summary>
    public void SetScale(string name, long count)
    {
        var index = Index(name, false);
        var scale = _scales[index] ??= new float[1];
        scale[0] = count == 0 ? 0f : 1f / count;
        Set(index, scale, 0, 1);
    }

    /// <summary>Refuses a step whose losses are all means of nothing: its gradients would be 0, and the optimizer would go on by what it remembers.</summary>
    /// <exception cref="ArgumentException">Factors are set, and each is 0.</exception>
    public void RequireTargets()
    {
        var (set, zeros) = (0, 0);
        for (var i = 0; i < _values.Length; i++)
        {
            if (IsScale(i))
            {
                (set, zeros) = (set + 1, zeros + (_scales[i]![0] == 0 ? 1 : 0));
            }
        }

        if (set > 0 && zeros == set)
        {
            var names = description.Inputs.Where((_, i) => IsScale(i)).Select(static i => i.Name.Replace("_scale", "", StringComparison.Ordinal));
            throw new ArgumentException($"None of the {string.Join(" or ", names)} of this step counts, so there is nothing to learn: give one or more that do (Counts of a batch says how many), or leave such batches out.");
        }

        bool IsScale(int i) => _values[i] is not null && _values[i] == _scales[i];
    }

    /// <summary>What a pass does not read may be of any size, or not there.</summary>
    /// <exception cref="ArgumentException">An input of the pass has another number of values.</exception>
    /// <exception cref="InvalidOperationException">An input of the pass is not set.</exception>
    public void Check(Pass pass, long batch, Lengths lengths)
    {
        for (var i = 0; i < _values.Length; i++)
        {
            var info = description.Inputs[i];
            if (!info.IsOf(pass))
            {
                continue;
            }

            if (_values[i] is null)
            {
                throw new InvalidOperationException($"Input '{info.Name}' of {description.Name} is not set; each pass takes its inputs anew.");
            }

            if (_pieces[i].Count != info.Count(batch, lengths))
            {
                throw new ArgumentException($"Input '{info.Name}' has {_pieces[i].Count} values; a batch of {batch} rows of {lengths} takes {info.Count(batch, lengths)}.");
            }
        }
    }

    /// <summary>Hands what is set to the engine: a pass has room for what it reads.</summary>
    public void Upload(Pass pass, long batch, Lengths lengths)
    {
        for (var i = 0; i < _values.Length; i++)
        {
            var (start, count) = _pieces[i];
            switch (description.Inputs[i].IsOf(pass) ? _values[i] : null)
            {
                case float[] floats:
                    engine.Upload(i, batch, lengths, floats.AsSpan(start, count));
                    break;
                case int[] integers:
                    engine.Upload(i, batch, lengths, integers.AsSpan(start, count));
                    break;
            }
        }
    }

    /// <summary>Forgets what is set.</summary>
    public void Clear() => Array.Clear(_values);

    private void Set(int index, Array values, int start, int count) => (_values[index], _pieces[index]) = (values, (start, count));

    private int Index(string name, bool isInteger)
    {
        for (var i = 0; i < description.Inputs.Length; i++)
        {
            if (description.Inputs[i].Name == name)
            {
                return description.Inputs[i].IsInteger == isInteger ? i
                    : throw new ArgumentException($"Input '{name}' of {description.Name} takes {(isInteger ? "floats" : "integers")}.", nameof(name));
            }
        }

        throw new ArgumentException($"{description.Name} has no input '{name}'; it has {string.Join(", ", description.Inputs.Select(static i => i.Name))}.", nameof(name));
    }
}
