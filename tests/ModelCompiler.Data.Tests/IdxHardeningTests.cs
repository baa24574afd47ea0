using System.Buffers.Binary;
using CsCheck;
using ModelCompiler.Testing;

namespace ModelCompiler.Data.Tests;

/// <summary>Broken and hostile files are refused with a clear message, at once and without large allocations.</summary>
public sealed class IdxHardeningTests
{
    private static readonly byte[] s_good = IdxBytes.File([2, 3], [1, 2, 3, 4, 5, 6]);

    [Fact]
    public void Malformed_headers_are_named()
    {
        Assert.Contains("0x00010801", IdxBytes.Error([0, 1, 8, 1, 0, 0, 0, 1, 5]));
        Assert.Contains("element type 0x0A", IdxBytes.Error([0, 0, 10, 1, 0, 0, 0, 1, 5]));
        Assert.Contains("0 dimensions; legal is 1..8", IdxBytes.Error([0, 0, 8, 0]));
        Assert.Contains("9 dimensions", IdxBytes.Error(IdxBytes.Header(8, 1, 1, 1, 1, 1, 1, 1, 1, 1)));
        Assert.Contains("dimension 1 is 0", IdxBytes.Error(IdxBytes.File([3, 0], [])));
        Assert.Contains("dimension 0 is 4294967295", IdxBytes.Error(IdxBytes.Header(8, uint.MaxValue)));
        Assert.Contains("dimension 1 is 65536", IdxBytes.Error(IdxBytes.Header(0x0E, 65536, 65536)));
        Assert.Contains("dimension 1 is 3; legal is 1..2", IdxBytes.Error(s_good, maxBytes: 5));
        Assert.Equal(6, IdxBytes.Read(s_good, maxBytes: 6).Count);
    }

    [Fact]
    public void Missing_and_surplus_bytes_are_refused()
    {
        foreach (var good in new[] { s_good, IdxBytes.Gzip(s_good) })
        {
            for (var length = 0; length < good.Length; length++)
                IdxBytes.Error(good[..length]);
            IdxBytes.Error([.. good, 0]);
        }

        Assert.Contains("5 bytes of elements; legal are the 6", IdxBytes.Error(s_good[..^1]));
        Assert.Contains("5 bytes of elements; legal are the 6", IdxBytes.Error(IdxBytes.Gzip(s_good[..^1])));
        Assert.Contains("7 bytes of elements", IdxBytes.Error(IdxBytes.Gzip([.. s_good, 0])));
        Assert.Contains("bytes follow", IdxBytes.Error([.. IdxBytes.Gzip(s_good), .. IdxBytes.Gzip(s_good)]));
    }

    [Fact]
    public void A_changed_byte_of_a_packed_file_is_noticed_or_harmless() => Guard.Run(static () => Gen.Select(Gen.Int[0, 1_000], Gen.Byte).Sample((at, value) =>
    {
        var bytes = IdxBytes.Gzip(s_good);
        bytes[at % bytes.Length] = value;
        Refused(bytes);
    }));

    [Fact]
    public void Inserted_and_deleted_bytes_are_noticed_or_harmless() =>
        Guard.Run(static () => Gen.Select(Gen.Int[0, 60], Gen.Byte.Array[0, 5], Gen.Int[0, 5], Gen.Bool).Sample((at, inserted, deleted, isPacked) =>
        {
            var bytes = isPacked ? IdxBytes.Gzip(s_good) : s_good;
            at = Math.Min(at, bytes.Length);
            Refused([.. bytes[..at], .. inserted, .. bytes[Math.Min(at + deleted, bytes.Length)..]]);
        }));

    [Fact]
    public void What_is_no_file_is_refused()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            Assert.Throws<UnauthorizedAccessException>(() => IdxFile.Read(folder));
            File.WriteAllBytes(Path.Combine(folder, "empty"), []);
            Assert.Contains("ends after 0 of the 4 bytes of the magic number", Assert.Throws<InvalidDataException>(() => IdxFile.Read(Path.Combine(folder, "empty"))).Message);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        Assert.SkipWhen(OperatingSystem.IsWindows(), "devices have no paths here");
        Assert.Throws<InvalidDataException>(() => IdxFile.Read("/dev/zero"));
    }

    [Fact]
    public void A_file_of_holes_is_not_read_beyond_what_its_header_may_claim()
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var stream = new FileStream(path, FileMode.Open))
            {
                stream.Write(IdxBytes.Header(8, int.MaxValue));
                stream.SetLength(8L + int.MaxValue);
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Contains($"dimension 0 is {int.MaxValue}; legal is 1..{Array.MaxLength}", Assert.Throws<InvalidDataException>(() => IdxFile.Read(path)).Message);
            Assert.Contains("legal is 1..1000", Assert.Throws<InvalidDataException>(() => IdxFile.Read(path, maxBytes: 1000)).Message);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Random_bytes_are_refused_cheaply() => Guard.Run(static () => Gen.Byte.Array[0, 200].Sample(bytes => Refused(bytes)));

    [Fact]
    public void Random_headers_are_refused_cheaply() =>
        Guard.Run(static () => Gen.Select(Gen.OneOf(new byte[] { 8, 9, 11, 12, 13, 14 }.Select(Gen.Const).ToArray()), Gen.UInt.Array[1, 8], Gen.UInt[0, 70_000].Array[1, 8], Gen.Bool, Gen.Byte.Array[0, 100])
            .Sample((type, large, small, useLarge, rest) =>
            {
                byte[] bytes = [.. IdxBytes.Header(type, useLarge ? large : small), .. rest];
                Refused(bytes);
                Refused(IdxBytes.Gzip(bytes));
            }));

    [Fact]
    public void A_small_packed_file_that_claims_two_gigabytes_allocates_little()
    {
        var packed = IdxBytes.Gzip([.. IdxBytes.Header(8, 2_000_000_000), .. new byte[100_000]]);
        Assert.InRange(Refused(packed), 1, 100_000);
        BinaryPrimitives.WriteUInt32LittleEndian(packed.AsSpan(packed.Length - 4), 2_000_000_008);
        var allocated = Refused(packed);
        Assert.InRange(allocated, 1, 1_000_000);
    }

    [Fact]
    public void A_packed_file_cannot_unpack_to_more_than_it_claims()
    {
        var packed = IdxBytes.Gzip([.. IdxBytes.Header(8, 10), .. new byte[20_000_000]]);
        Assert.InRange(Refused(packed), 1, 100_000);
        BinaryPrimitives.WriteUInt32LittleEndian(packed.AsSpan(packed.Length - 4), 18);
        Assert.InRange(Refused(packed), 1, 400_000);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => IdxBytes.Read(s_good, maxBytes: 0));
        Assert.Throws<FileNotFoundException>(() => IdxFile.Read(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString())));
    }

    /// <summary>Reads what is likely to be refused, with only the exceptions that are documented; returns the bytes allocated.</summary>
    private static long Refused(byte[] bytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            Assert.InRange(IdxBytes.Read(bytes).Count, 1, 1_000_000);
        }
        catch (InvalidDataException error)
        {
            Assert.StartsWith("test.idx: ", error.Message);
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(allocated, 0, 1_000_000);
        return allocated;
    }
}
