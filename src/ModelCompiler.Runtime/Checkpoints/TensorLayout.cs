namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>Values between a tensor of a file and the parameters it is made of: joined along the first axis, and perhaps transposed.</summary>
internal static class TensorLayout
{
    /// <summary>Sets a binding's parameters, one after the other.</summary>
    /// <param name="name">The tensor, of the binding's shape and of a type that can be read.</param>
    /// <param name="buffer">Room for the largest parameter: nothing else is allocated that grows with it.</param>
    public static void Load(TensorBinding binding, SafetensorsFile file, string name, IReadOnlyDictionary<string, Parameter> parameters, float[] buffer)
    {
        var first = 0L;
        foreach (var parameter in binding.Parameters.Select(p => parameters[p]))
        {
            var values = buffer.AsSpan(0, parameter.Count);
            if (binding.IsTransposed)
            {
                ReadTransposed(file, name, first, binding.StoredShape[^1], parameter.Shape[^1], values);
                first += parameter.Shape[0];
            }
            else
            {
                file.Read(name, first, values);
                first += parameter.Count;
            }

            parameter.Set(values);
        }
    }

    /// <summary>A binding's parameters in the layout of the file.</summary>
    /// <param name="values">What to store of a parameter: its weights, its gradient.</param>
    public static float[] Stored(TensorBinding binding, IReadOnlyDictionary<string, Parameter> parameters, Func<Parameter, float[]> values)
    {
        if (binding.Parameters is [var only] && !binding.IsTransposed)
        {
            return values(parameters[only]);
        }

        var stored = new float[binding.Parameters.Sum(p => parameters[p].Count)];
        var first = 0;
        foreach (var parameter in binding.Parameters.Select(p => parameters[p]))
        {
            if (binding.IsTransposed)
            {
                Transpose(values(parameter), parameter.Shape[^1], stored.AsSpan(first), binding.StoredShape[^1]);
                first += parameter.Shape[0];
            }
            else
            {
                values(parameter).CopyTo(stored, first);
                first += parameter.Count;
            }
        }

        return stored;
    }

    // values [rows, columns] is the transpose of columns first.. of a tensor [columns, width]; the tensor is read row by row.
    private static void ReadTransposed(SafetensorsFile file, string name, long first, int width, int columns, Span<float> values)
    {
        var row = new float[values.Length / columns];
        for (var c = 0; c < columns; c++)
        {
            file.Read(name, first + ((long)c * width), row);
            for (var r = 0; r < row.Length; r++)
            {
                values[(r * columns) + c] = row[r];
            }
        }
    }

    private static void Transpose(ReadOnlySpan<float> values, int columns, Span<float> to, int width)
    {
        for (var r = 0; r < values.Length / columns; r++)
        {
            var row = values.Slice(r * columns, columns);
            for (var c = 0; c < columns; c++)
            {
                to[(c * width) + r] = row[c];
            }
        }
    }
}
