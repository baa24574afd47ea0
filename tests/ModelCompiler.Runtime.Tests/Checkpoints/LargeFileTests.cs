using System.Buffers.Binary;
using ModelCompiler.Runtime.Checkpoints;

namespace ModelCompiler.Runtime.Tests.Checkpoints;

/// <summary>Tensors of more than 2 GiB, in files with holes that take no room.</summary>
public sealed class LargeFileTests
{
    [Fact]
    public void A_tensor_may_be_larger_than_2_GiB()
    {
        const int Count = 600_000_000;
        using var folder = new TemporaryFolder();
        var path = Sparse(folder, "F32", Count, 4L * Count, (0, 1f), ((1L << 31) - 4, 2f), (1L << 31, 3f), ((4L * Count) - 4, 4f));
        using var file = new SafetensorsFile(path);
        Assert.Equal(Count, file["w"].Count);
        Assert.Equal([1f, 0f], Read(file, 0));
        Assert.Equal([2f, 3f], Read(file, (1 << 29) - 1));
        Assert.Equal([0f, 4f], Read(file, Count - 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Read(file, Count - 1));
    }

    [Fact]
    public void A_part_longer_than_a_piece_arrives_whole()
    {
        const int Count = 40_000_000;
        using var folder = new TemporaryFolder();
        var path = Sparse(folder, "I8", Count, Count, (16_777_215, BitConverter.Int32BitsToSingle(0x04030201)), (33_554_430, BitConverter.Int32BitsToSingle(0x04030201)));
        using var file = new SafetensorsFile(path);
        var values = file.Read("w");
        Assert.Equal([0f, 1f, 2f, 3f, 4f, 0f], values[16_777_214..16_777_220]);
        Assert.Equal([0f, 1f, 2f, 3f, 4f, 0f], values[33_554_429..33_554_435]);
    }

    [Fact]
    public void A_tensor_that_no_array_holds_is_refused_when_it_is_read_whole()
    {
        using var folder = new TemporaryFolder();
        var path = Sparse(folder, "U8", int.MaxValue, int.MaxValue, (int.MaxValue - 4L, BitConverter.Int32BitsToSingle(0x04030201)));
        using var file = new SafetensorsFile(path);
        Assert.Equal([3f, 4f], Read(file, int.MaxValue - 2));
        Assert.Contains($"'w' has {int.MaxValue} elements; an array holds {Array.MaxLength} at most", Assert.Throws<CheckpointException>(() => file.Read("w")).Message);
        Assert.Throws<CheckpointException>(() => file.ReadDoubles("w"));
        Assert.Throws<CheckpointException>(() => file.ReadIntegers("w"));
    }

    [Fact]
    public void Floats_of_a_number_of_bytes_that_is_no_multiple_are_refused()
    {
        using var folder = new TemporaryFolder();
        var path = Sparse(folder, "F32", int.MaxValue / 4, int.MaxValue);
        Assert.Contains("takes 2147483644 bytes, but has 2147483647", Assert.Throws<CheckpointException>(() => new SafetensorsFile(path)).Message);
    }

    private static float[] Read(SafetensorsFile file, long first)
    {
        var values = new float[2];
        file.Read("w", first, values);
        return values;
    }

    // A file of one tensor "w", zeros but for four bytes each at some places.
    private static string Sparse(TemporaryFolder folder, string type, int count, long bytes, params (long At, float Value)[] values)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "files have no holes unless asked for");
        var head = SafetensorsBytes.File($"{{{SafetensorsBytes.Entry("w", type, $"{count}", 0, bytes)}}}");
        using var stream = new FileStream(folder["w"], FileMode.CreateNew);
        stream.SetLength(head.Length + bytes);
        stream.Write(head);
        var buffer = new byte[4];
        foreach (var (at, value) in values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(buffer, value);
            stream.Position = head.Length + at;
            stream.Write(buffer);
        }

        return folder["w"];
    }
}
