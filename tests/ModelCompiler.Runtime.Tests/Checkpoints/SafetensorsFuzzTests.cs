using System.Buffers.Binary;
using CsCheck;
using ModelCompiler.Runtime.Checkpoints;
using ModelCompiler.Testing;
using static ModelCompiler.Runtime.Tests.Checkpoints.SafetensorsBytes;
using Disk = System.IO.File;

namespace ModelCompiler.Runtime.Tests.Checkpoints;

/// <summary>Whatever the bytes: a refusal, or a file whose every tensor can be read, and never more memory than a few times the file.</summary>
public sealed class SafetensorsFuzzTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _files;

    private static readonly string[] s_types = ["F64", "F32", "F16", "BF16", "I64", "I32", "I16", "I8", "U8", "BOOL", "F8_E4M3", "", "f32", "F32 "];
    private static readonly string[] s_numbers = ["0", "1", "2", "8", "64", "-1", "-0", "1.0", "1e2", "1e-400", "2147483647", "2147483648", "4294967296", "9223372036854775807", "9223372036854775808", "1e400", "\"1\"", "null", "[1]", "01"];
    private static readonly string[] s_names = ["a", "b", "", "__metadata__", "\\u0000", "\\ud800", "\\ud83d\\ude00", "a\\u0062", "ab", "dtype", "..\\/x", new string('n', 5000)];

    private static readonly byte[] s_good = File(
        $"{{\"__metadata__\":{{\"format\":\"pt\"}},{Entry("a.weight", "F32", "2,3", 0, 24)},{Entry("b", "F16", "4", 24, 32)},{Entry("c", "I64", "", 32, 40)},{Entry("d", "BOOL", "3,0", 40, 40)},{Entry("e", "F64", "3", 40, 64)}}}", 64);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Changed_bytes() => Sample(
        Gen.Select(Gen.Int[0, s_good.Length - 1], Gen.Byte).Array[1, 4],
        static changes =>
        {
            byte[] bytes = [.. s_good];
            foreach (var (at, value) in changes)
            {
                bytes[at] = value;
            }

            return bytes;
        });

    [Fact]
    public void Bits_that_flip_in_the_header() => Sample(Gen.Int[8, s_good.Length - 65].Select(Gen.Int[0, 7]), static at =>
    {
        byte[] bytes = [.. s_good];
        bytes[at.Item1] ^= (byte)(1 << at.Item2);
        return bytes;
    });

    [Fact]
    public void Inserted_and_deleted_bytes() => Sample(
        Gen.Select(Gen.Int[0, s_good.Length], Gen.Byte.Array[0, 5], Gen.Int[0, 20], Gen.Bool),
        static (at, inserted, deleted, fixLength) =>
        {
            byte[] bytes = [.. s_good[..at], .. inserted, .. s_good[Math.Min(at + deleted, s_good.Length)..]];
            if (fixLength && bytes.Length >= 72)
            {
                BinaryPrimitives.WriteInt64LittleEndian(bytes, bytes.Length - 72);
            }

            return bytes;
        });

    [Fact]
    public void Every_truncation_is_refused() => Guard.Run(() =>
    {
        for (var length = 0; length < s_good.Length; length++)
        {
            Assert.False(Read(s_good[..length]), $"the first {length} bytes were accepted");
        }

        Assert.False(Read([.. s_good, 0]));
        Assert.True(Read(s_good));
    });

    [Fact]
    public void Any_header_length() => Sample(Gen.OneOf(Gen.ULong, Gen.ULong[0, 200], Gen.Int[0, 63].Select(static b => 1UL << b)), static length =>
    {
        byte[] bytes = [.. s_good];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        return bytes;
    });

    [Fact]
    public void Headers_of_odd_entries() => Sample(
        Gen.Select(AnyOf(s_names), AnyOf(s_types), AnyOf(s_numbers).Array[0, 4], AnyOf(s_numbers), AnyOf(s_numbers)).Array[0, 5],
        static entries => File($"{{{string.Join(',', entries.Select(static e => $"\"{e.Item1}\":{{\"dtype\":\"{e.Item2}\",\"shape\":[{string.Join(',', e.Item3)}],\"data_offsets\":[{e.Item4},{e.Item5}]}}"))}}}", 64));

    [Fact]
    public void Headers_of_entries_that_almost_fit() => Sample(
        Gen.Select(AnyOf("F32", "I8", "F64"), Gen.Int[0, 3], Gen.Int[-1, 1]).Array[0, 6],
        static entries =>
        {
            var (at, text) = (0L, new List<string>());
            foreach (var (type, count, slip) in entries)
            {
                var bytes = count * (type == "I8" ? 1 : type == "F32" ? 4 : 8);
                text.Add(Entry($"t{text.Count}", type, $"{count}", Math.Max(0, at + slip), at + bytes));
                at += bytes;
            }

            return File($"{{{string.Join(',', text)}}}", (int)at);
        });

    [Fact]
    public void Random_bytes() => Sample(Gen.Byte.Array[0, 300], static bytes => bytes);

    [Fact]
    public void Nested_headers() => Guard.Run(() =>
    {
        foreach (var depth in new[] { 2, 7, 8, 9, 64, 1000, 1_000_000 })
        {
            Assert.False(Read(File(new string('[', depth))));
            Assert.False(Read(File(string.Concat(Enumerable.Repeat("{\"a\":", depth)))));
            Assert.False(Read(File($"{{\"a\":{new string('[', depth)}{new string(']', depth)}}}")));
        }
    });

    [Fact]
    public void Many_tensors_and_long_names_take_memory_in_proportion() => Guard.Run(() =>
    {
        Assert.True(Read(File($"{{{string.Join(',', Enumerable.Range(0, 50_000).Select(static i => Entry($"{i}", "F32", "0", 0, 0)))}}}")));
        Assert.True(Read(File($"{{{Entry(new string('n', 3_000_000), "F32", "0", 0, 0)}}}")));
        Assert.False(Read(File($"{{{Entry(new string('n', 3_000_000), "F32", "1", 0, 0)}}}")));
        Assert.False(Read(File($"{{{string.Join(',', Enumerable.Repeat(Entry("n", "F32", "0", 0, 0), 50_000))}}}")));
        Assert.False(Read(File($"{{\"a\":{{\"dtype\":\"F32\",\"shape\":[{string.Join(',', Enumerable.Repeat("1", 1_000_000))}]}}}}")));
        Assert.True(Read(File($"{{\"__metadata__\":{{{string.Join(',', Enumerable.Range(0, 50_000).Select(static i => $"\"{i}\":\"\""))}}}}}")));
    });

    private static Gen<T> AnyOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private void Sample<T>(Gen<T> gen, Func<T, byte[]> make) => Guard.Run(() => gen.Sample(t => { Read(make(t)); }, iter: 1000, threads: 1));

    private void Sample<T1, T2, T3, T4>(Gen<(T1, T2, T3, T4)> gen, Func<T1, T2, T3, T4, byte[]> make) => Sample(gen, t => make(t.Item1, t.Item2, t.Item3, t.Item4));

    /// <summary>Reads a file with all its tensors; false: it was refused.</summary>
    private bool Read(byte[] bytes)
    {
        // A file of its own each time: to write over one again and again waits for the disk.
        var path = _folder.Write($"fuzz{_files++}", bytes);
        using var file = Open(path, bytes.Length);
        Disk.Delete(path);
        if (file is null)
        {
            return false;
        }

        Assert.Equal(file.Tensors.Count, file.Tensors.DistinctBy(static t => t.Name).Count());
        Assert.Equal(bytes.Length - 8 - BinaryPrimitives.ReadInt64LittleEndian(bytes), file.Tensors.Sum(static t => t.End - t.Begin));
        foreach (var tensor in file.Tensors)
        {
            if (TensorTypes.Parse(tensor.TypeName) is not null)
            {
                Assert.Equal(tensor.Count, file.Read(tensor.Name).Length);
                Assert.Equal(tensor.Count, file.ReadDoubles(tensor.Name).Length);
            }
            else
            {
                Assert.Throws<CheckpointException>(() => file.Read(tensor.Name));
            }
        }

        return true;
    }

    private static SafetensorsFile? Open(string path, long length)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            var file = new SafetensorsFile(path);
            Modest();
            return file;
        }
        catch (CheckpointException e)
        {
            Modest();
            Assert.Contains(path, e.Message);
            return null;
        }

        void Modest() => Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50_000 + (12 * length));
    }
}
