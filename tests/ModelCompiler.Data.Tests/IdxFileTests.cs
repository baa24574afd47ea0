using System.Buffers.Binary;
using CsCheck;

namespace ModelCompiler.Data.Tests;

/// <summary>What is written as IDX is read back, of every element type, plain and packed.</summary>
public sealed class IdxFileTests
{
    private static readonly Gen<int[]> s_dimensions = Gen.Int[1, 4].Array[1, 8].Where(d => d.Aggregate(1, (a, b) => a * b) <= 500);

    [Fact]
    public void U8() => RoundTrip(IdxElement.U8, Gen.Byte, value => [value], value => value);

    [Fact]
    public void I8() => RoundTrip(IdxElement.I8, Gen.SByte, value => [(byte)value], value => value);

    [Fact]
    public void I16() => RoundTrip(IdxElement.I16, Gen.Short, value => Bytes<short>(BinaryPrimitives.WriteInt16BigEndian, 2, value), value => value);

    [Fact]
    public void I32() => RoundTrip(IdxElement.I32, Gen.Int, value => Bytes<int>(BinaryPrimitives.WriteInt32BigEndian, 4, value), value => value);

    [Fact]
    public void F32() => RoundTrip(IdxElement.F32, Gen.Float, value => Bytes<float>(BinaryPrimitives.WriteSingleBigEndian, 4, value), value => value);

    [Fact]
    public void F64() => RoundTrip(IdxElement.F64, Gen.Double, value => Bytes<double>(BinaryPrimitives.WriteDoubleBigEndian, 8, value), value => (float)value);

    [Fact]
    public void Elements_are_read_as_their_own_type_only()
    {
        var array = IdxBytes.Read(IdxBytes.File([2, 3], [1, 2, 3, 4, 5, 6]));
        Assert.Equal([2, 3], array.Dimensions);
        Assert.Contains("legal is Byte", Assert.Throws<InvalidOperationException>(() => _ = array.Values<int>()).Message);
    }

    [Fact]
    public void Packed_elements_longer_than_the_first_buffer_arrive_whole()
    {
        var elements = new byte[300_001];
        for (var i = 0; i < elements.Length; i++)
            elements[i] = (byte)(i * i >> 3);
        var packed = IdxBytes.Gzip(IdxBytes.File([300_001], elements));
        Assert.Equal(elements, IdxBytes.Read(packed).Values<byte>().ToArray());
    }

    [Fact]
    public void Reading_starts_at_the_position_of_the_stream()
    {
        using var stream = new MemoryStream([9, 9, .. IdxBytes.File([2], [7, 8])]) { Position = 2 };
        Assert.Equal([7, 8], IdxFile.Read(stream, "test.idx").Values<byte>().ToArray());
        Assert.True(stream.CanRead);
    }

    private delegate void Writer<T>(Span<byte> bytes, T value);

    private static byte[] Bytes<T>(Writer<T> write, int size, T value)
    {
        var bytes = new byte[size];
        write(bytes, value);
        return bytes;
    }

    private static void RoundTrip<T>(IdxElement element, Gen<T> gen, Func<T, byte[]> write, Func<T, float> toFloat) where T : unmanaged =>
        s_dimensions.SelectMany(dimensions => gen.Array[dimensions.Aggregate(1, (a, b) => a * b)], (dimensions, values) => (dimensions, values)).Sample(file =>
        {
            byte[] bytes = [.. IdxBytes.Header((byte)element, [.. file.dimensions.Select(d => (uint)d)]), .. file.values.SelectMany(write)];
            foreach (var stored in new[] { bytes, IdxBytes.Gzip(bytes) })
            {
                var array = IdxBytes.Read(stored);
                Assert.Equal(element, array.Element);
                Assert.Equal(file.dimensions, array.Dimensions);
                Assert.Equal(file.values.Length, array.Count);
                Assert.Equal(file.values, array.Values<T>().ToArray());
                Assert.Equal(file.values.Select(toFloat), array.ToFloats());
            }
        }, iter: 100);
}
