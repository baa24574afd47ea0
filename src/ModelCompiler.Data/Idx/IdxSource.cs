using System.Buffers.Binary;
using System.IO.Compression;

namespace ModelCompiler.Data;

/// <summary>The bytes of an IDX file, plain or unpacked from gzip, with a name for its errors.</summary>
internal sealed class IdxSource : IDisposable
{
    private const int FirstPiece = 1 << 16;

    private readonly string _name;
    private readonly Stream _file;
    private readonly GZipStream? _gzip;
    private readonly long _length;
    private long _read;

    public IdxSource(Stream file, string name)
    {
        (_file, _name) = (file, name);
        var start = file.Position;
        var packed = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        _length = packed ? PackedLength() : file.Length - start;
        file.Position = start;
        _gzip = packed ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : null;
    }

    public void Dispose() => _gzip?.Dispose();

    public InvalidDataException Error(string problem, Exception? inner = null) => new($"{_name}: {problem}.", inner);

    /// <summary>Fills <paramref name="bytes"/> or reports that the file ends within <paramref name="part"/>.</summary>
    public void Fill(Span<byte> bytes, string part)
    {
        var read = Read(bytes);
        if (read < bytes.Length)
            throw Error($"ends after {read} of the {bytes.Length} bytes of {part}; legal are whole files");
    }

    /// <summary>
    /// Reads exactly the rest of the file. The file's length is compared before the allocation; a packed file may lie about its length, so
    /// there the buffer doubles as bytes arrive, up to the <paramref name="count"/> claimed.
    /// </summary>
    public byte[] ReadRest(int count)
    {
        if (_length - _read is var left && left != count)
            throw Error($"{left} bytes of elements; legal are the {count} that the dimensions ask for");
        var data = new byte[_gzip is null ? count : Math.Min(count, FirstPiece)];
        for (var at = 0; ;)
        {
            at += Read(data.AsSpan(at));
            if (at < data.Length)
                throw Error($"{at} bytes of elements; legal are the {count} that the dimensions ask for");
            if (at == count)
                break;
            Array.Resize(ref data, (int)Math.Min(count, 2L * at));
        }

        Span<byte> more = stackalloc byte[1];
        if (Read(more) != 0)
            throw Error($"bytes follow the {count} of the elements; legal are none");
        return data;
    }

    /// <summary>
    /// The unpacked length in the last four bytes of a gzip file of one member. The library's reader takes files cut short within those last
    /// bytes, and files with bytes after them; comparing this length refuses both.
    /// </summary>
    private long PackedLength()
    {
        Span<byte> word = stackalloc byte[4];
        if (_file.Length - _file.Position < 16)
            throw Error($"{_file.Length - _file.Position + 2} bytes of gzip; legal are 18 or more");
        _file.Seek(-4, SeekOrigin.End);
        _file.ReadExactly(word);
        return BinaryPrimitives.ReadUInt32LittleEndian(word);
    }

    private int Read(Span<byte> bytes)
    {
        try
        {
            var read = (_gzip ?? _file).ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            _read += read;
            return read;
        }
        catch (InvalidDataException error)
        {
            throw Error($"broken gzip: {error.Message.TrimEnd('.')}", error);
        }
    }
}
