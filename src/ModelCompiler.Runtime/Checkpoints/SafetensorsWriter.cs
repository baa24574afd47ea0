using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>Writes safetensors files.</summary>
public static class SafetensorsWriter
{
    private static readonly Dictionary<string, string> s_python = new() { ["format"] = "pt" };

    /// <summary>Writes a file in place of what is there: a reader sees the old one or the whole new one.</summary>
    /// <exception cref="ArgumentException">A name is there twice or reserved, or values do not fit their type and shape.</exception>
    /// <exception cref="CheckpointException">The file cannot be written.</exception>
    /// <param name="metadata">Notes beside the tensors; null: the format that Python libraries look for.</param>
    public static void Write(string path, IReadOnlyList<TensorToWrite> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        AtomicFile.Write(Path.GetDirectoryName(Path.GetFullPath(path))!, (Path.GetFileName(path), stream => Write(stream, tensors, metadata)));

    internal static void Write(Stream stream, IReadOnlyList<TensorToWrite> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        // Large elements first: then each tensor starts at a multiple of its element's size, as the reference writes them.
        TensorToWrite[] ordered = [.. tensors.OrderByDescending(static t => t.Type.Bytes())];
        var header = Header(ordered, metadata ?? s_python);
        if (header.Length > SafetensorsFile.LongestHeader)
        {
            throw new CheckpointException($"The header would have {header.Length:N0} bytes; {SafetensorsFile.LongestHeader:N0} is the most that readers take.");
        }

        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var tensor in ordered)
        {
            var values = tensor.Values();
            if (values.LongLength != tensor.Count)
            {
                throw new ArgumentException($"'{tensor.Name}' of shape [{string.Join(", ", tensor.Shape)}] has {values.LongLength} values.", nameof(tensors));
            }

            Write(stream, tensor, values);
        }
    }

    private static byte[] Header(IReadOnlyList<TensorToWrite> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var names = new HashSet<string> { "__metadata__" };
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach (var (key, value) in metadata)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
            var at = 0L;
            foreach (var tensor in tensors)
            {
                if (!names.Add(tensor.Name))
                {
                    throw new ArgumentException($"No tensor can be named '{tensor.Name}': the name is reserved or there twice.", nameof(tensors));
                }

                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.Type.Name());
                json.WriteStartArray("shape");
                foreach (var extent in tensor.Shape)
                {
                    ArgumentOutOfRangeException.ThrowIfNegative(extent, tensor.Name);
                    json.WriteNumberValue(extent);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(at);
                json.WriteNumberValue(at += tensor.Count * tensor.Type.Bytes());
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // Data starts at a multiple of 8.
        while (buffer.Length % 8 != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        return buffer.ToArray();
    }

    private static void Write(Stream stream, TensorToWrite tensor, Array values)
    {
        switch (tensor.Type, values)
        {
            case (TensorType.F32, float[] floats) when BitConverter.IsLittleEndian:
                stream.Write(MemoryMarshal.AsBytes<float>(floats));
                break;
            case (TensorType.F32, float[] floats):
                Write(stream, sizeof(float), floats, BinaryPrimitives.WriteSingleLittleEndian);
                break;
            case (TensorType.F16, float[] floats):
                Write(stream, 2, floats, static (at, value) => BinaryPrimitives.WriteHalfLittleEndian(at, (Half)value));
                break;
            case (TensorType.BF16, float[] floats):
                Write(stream, 2, floats, static (at, value) => BinaryPrimitives.WriteUInt16LittleEndian(at, TensorTypes.ToBrain(value)));
                break;
            case (TensorType.F64, double[] doubles):
                Write(stream, sizeof(double), doubles, BinaryPrimitives.WriteDoubleLittleEndian);
                break;
            case (TensorType.I64, long[] integers):
                Write(stream, sizeof(long), integers, BinaryPrimitives.WriteInt64LittleEndian);
                break;
            case (TensorType.Bool, bool[] flags):
                Write(stream, 1, flags, static (at, value) => at[0] = value ? (byte)1 : (byte)0);
                break;
            default:
                throw new ArgumentException($"'{tensor.Name}' of type {tensor.Type.Name()} cannot be written from {values.GetType().Name}.", nameof(tensor));
        }
    }

    private static void Write<T>(Stream stream, int size, T[] values, Encoder<T> encode)
    {
        var bytes = new byte[4096 * size];
        for (var at = 0; at < values.Length; at += 4096)
        {
            var piece = values.AsSpan(at, Math.Min(4096, values.Length - at));
            for (var i = 0; i < piece.Length; i++)
            {
                encode(bytes.AsSpan(i * size, size), piece[i]);
            }

            stream.Write(bytes, 0, piece.Length * size);
        }
    }

    private delegate void Encoder<in T>(Span<byte> at, T value);
}
