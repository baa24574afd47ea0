using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using ModelCompiler.Runtime.Checkpoints;

namespace ModelCompiler.Data;

/// <summary>How wide an id is in a file.</summary>
public enum TokenWidth
{
    /// <summary>16 bits: vocabularies of up to 65,536, as nanoGPT's train.bin.</summary>
    Two = 2,

    /// <summary>32 bits.</summary>
    Four = 4,
}

/// <summary>
/// A file that is ids and nothing else, little-endian, one behind the other, mapped into memory: as much of it is there as is being read.
/// </summary>
public sealed unsafe class TokenFile : ITokens, IDisposable
{
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _bytes;
    private readonly TokenWidth _width;
    private readonly uint _vocabulary;
    private bool _isClosed;

    private TokenFile(FileStream stream, string path, TokenWidth width, int vocabulary)
    {
        (Name, _width, _vocabulary, Count) = (path, width, (uint)vocabulary, stream.Length / (int)width);
        _map = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _view = _map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _bytes);
        _bytes += _view.PointerOffset;
    }

    /// <inheritdoc/>
    public long Count { get; }

    /// <inheritdoc/>
    public string Name { get; }

    /// <param name="vocabulary">Ids that the model has: one that is not below it is an error where it is read.</param>
    /// <exception cref="ArgumentOutOfRangeException">The vocabulary is not above 0, or the width is none.</exception>
    /// <exception cref="FileNotFoundException">There is no such file; the message says what its folder holds.</exception>
    /// <exception cref="InvalidDataException">It is empty, or its length no multiple of an id's.</exception>
    public static TokenFile Open(string path, TokenWidth width, int vocabulary)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabulary, 1);
        if (!Enum.IsDefined(width))
            throw new ArgumentOutOfRangeException(nameof(width), width, "Ids are 2 or 4 bytes wide.");
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        }
        catch (Exception e) when (Found.IsNone(e, path))
        {
            throw Found.Missing(path);
        }

        if (stream.Length > 0 && stream.Length % (int)width == 0)
            return new TokenFile(stream, path, width, vocabulary);
        using (stream)
            throw new InvalidDataException($"{path}: {stream.Length} bytes; legal is a multiple of {(int)width}, the bytes of an id, above 0.");
    }

    /// <summary>Writes ids to a file, through one beside it that takes its place when it is whole.</summary>
    /// <returns>Number of ids.</returns>
    /// <exception cref="ArgumentException">An id does not fit the width.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static long Write(string path, TokenWidth width, IEnumerable<int> ids)
    {
        if (path.Length == 0)
            throw Found.Missing(path);
        var count = 0L;
        var full = Path.GetFullPath(path);
        AtomicFile.Replace(Path.GetDirectoryName(full)!, (Path.GetFileName(full), WriteIds));
        return count;

        void WriteIds(Stream stream)
        {
            Span<byte> bytes = stackalloc byte[4];
            foreach (var id in ids)
            {
                if (id < 0 || (width == TokenWidth.Two && id > ushort.MaxValue))
                    throw new ArgumentException($"Id {count} is {id}; {(int)width} bytes hold 0..{(width == TokenWidth.Two ? ushort.MaxValue : int.MaxValue)}.", nameof(ids));
                BinaryPrimitives.WriteInt32LittleEndian(bytes, id);
                stream.Write(bytes[..(int)width]);
                count++;
            }
        }
    }

    /// <inheritdoc/>
    public void Copy(long start, Span<int> ids)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        this.Check(start, ids.Length);
        var from = new ReadOnlySpan<byte>(_bytes + (start * (int)_width), ids.Length * (int)_width);
        for (var i = 0; i < ids.Length; i++)
        {
            var id = _width == TokenWidth.Two ? BinaryPrimitives.ReadUInt16LittleEndian(from[(2 * i)..]) : BinaryPrimitives.ReadUInt32LittleEndian(from[(4 * i)..]);
            if (id >= _vocabulary)
                throw new InvalidDataException($"{Name}: token {start + i} is {id}; legal is 0..{_vocabulary - 1}.");
            ids[i] = (int)id;
        }
    }

    /// <summary>Closes the file. No thread may be reading.</summary>
    public void Dispose()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
    }
}
