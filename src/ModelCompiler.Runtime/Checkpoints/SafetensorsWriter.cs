using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>A tensor to be written; its values are made when its turn comes, so that one tensor is in memory at a time.</summary>
public sealed record TensorToWrite(string Name, int[] Shape, Func<float[]> Values);

/// <summary>Writes safetensors files of float32.</summary>
public static class SafetensorsWriter
{
    /// <summary>Writes a file in place of what is there: a reader sees the old one or the whole new one.</summary>
    /// <exception cref="CheckpointException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<TensorToWrite> tensors)
    {
        var header = Header(tensors);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (var tensor in tensors)
            {
                var values = tensor.Values();
                if (values.LongLength != Count(tensor))
                {
                    throw new ArgumentException($"'{tensor.Name}' of shape [{string.Join(", ", tensor.Shape)}] has {values.LongLength} values.", nameof(tensors));
                }

                Write(stream, values);
            }
        });
    }

    private static byte[] Header(IReadOnlyList<TensorToWrite> tensors)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt");
            json.WriteEndObject();
            var at = 0L;
            foreach (var tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", "F32");
                json.WriteStartArray("shape");
                foreach (var extent in tensor.Shape)
                {
                    json.WriteNumberValue(extent);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(at);
                json.WriteNumberValue(at += Count(tensor) * sizeof(float));
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

    private static void Write(Stream stream, float[] values)
    {
        if (BitConverter.IsLittleEndian)
        {
            stream.Write(MemoryMarshal.AsBytes<float>(values));
            return;
        }

        Span<byte> one = stackalloc byte[4];
        foreach (var value in values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(one, value);
            stream.Write(one);
        }
    }

    private static long Count(TensorToWrite tensor) => tensor.Shape.Aggregate(1L, static (product, extent) => checked(product * extent));
}
