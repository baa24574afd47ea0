using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;

namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>
/// A safetensors file, mapped into memory: tensors are read when they are asked for. The file is untrusted; every length and offset
/// is checked when it is opened. Who replaces the file meanwhile must do so by renaming another one, as <see cref="AtomicFile"/> does.
/// </summary>
public sealed unsafe class SafetensorsFile : IDisposable
{
    // The reference implementation refuses longer headers too.
    internal const long LongestHeader = 100_000_000;

    // Elements that are converted in one go: a span of bytes ends at 2 GiB, a tensor need not.
    private const int Piece = 1 << 24;

    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly Dictionary<string, TensorEntry> _entries;
    private readonly string _path;
    private readonly byte* _data;
    private bool _isMapped;

    /// <exception cref="CheckpointException">There is no such file, or it is no well-formed safetensors file.</exception>
    public SafetensorsFile(string path)
    {
        _path = path;
        try
        {
            var length = FileLength.Of(path);
            if (length < 8)
            {
                throw new CheckpointException($"{path} has {length} bytes: too short for a safetensors file.");
            }

            var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            _file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            _view = _file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            byte* start = null;
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            _isMapped = true;
            start += _view.PointerOffset;
            var header = BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(start, 8));
            if (header > (ulong)Math.Min(length - 8, LongestHeader))
            {
                throw new CheckpointException($"{path}: the header claims {header} bytes, but the file has {length} and a header at most {LongestHeader}.");
            }

            _data = start + 8 + header;
            (Tensors, Metadata) = SafetensorsHeader.Parse(path, new ReadOnlySpan<byte>(start + 8, (int)header), length - 8 - (long)header);
            _entries = Tensors.ToDictionary(static e => e.Name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Dispose();
            throw new CheckpointException($"{path} cannot be read: {e.Message}", e);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>In the order of the header.</summary>
    public IReadOnlyList<TensorEntry> Tensors { get; }

    /// <summary>What the writer noted.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    public bool Contains(string name) => _entries.ContainsKey(name);

    /// <exception cref="CheckpointException">There is no such tensor.</exception>
    public TensorEntry this[string name] => _entries.TryGetValue(name, out var entry) ? entry : throw new CheckpointException($"{_path} has no tensor '{name}'.");

    /// <summary>The values as floats; F64 and large integers are rounded.</summary>
    /// <exception cref="CheckpointException">There is no such tensor, its element type is none we know, or an array cannot hold it.</exception>
    public float[] Read(string name)
    {
        var values = NewArray<float>(this[name]);
        Read(name, 0, values);
        return values;
    }

    /// <summary>Some of the values as floats, in row-major order: as many as <paramref name="values"/> holds, from <paramref name="first"/> on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The tensor has no such elements.</exception>
    /// <exception cref="CheckpointException">There is no such tensor, or its element type is none we know.</exception>
    public void Read(string name, long first, Span<float> values)
    {
        var (entry, type) = Typed(name);
        if (first < 0 || first > entry.Count - values.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(first), first, $"'{name}' has {entry.Count} elements; {values.Length} were asked for.");
        }

        for (var at = 0; at < values.Length; at += Piece)
        {
            var piece = values[at..Math.Min(at + Piece, values.Length)];
            type.ToFloats(Bytes(entry, type, first + at, piece.Length), piece);
        }
    }

    /// <summary>The values as doubles; only integers beyond 2^53 are rounded.</summary>
    /// <inheritdoc cref="Read(string)"/>
    public double[] ReadDoubles(string name)
    {
        var (entry, type) = Typed(name);
        var values = NewArray<double>(entry);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = type.ToDouble(Bytes(entry, type, i, 1));
        }

        return values;
    }

    /// <summary>The values of an integer or boolean tensor.</summary>
    /// <exception cref="CheckpointException">There is no such tensor, it holds other numbers, or an array cannot hold it.</exception>
    public long[] ReadIntegers(string name)
    {
        var (entry, type) = Typed(name);
        if (type.IsFloat())
        {
            throw new CheckpointException($"{_path}: '{name}' holds {entry.TypeName}, not integers.");
        }

        var values = NewArray<long>(entry);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = type.ToInteger(Bytes(entry, type, i, 1));
        }

        return values;
    }

    public void Dispose()
    {
        if (_isMapped)
        {
            _isMapped = false;
            _view!.SafeMemoryMappedViewHandle.ReleasePointer();
        }

        _view?.Dispose();
        _file?.Dispose();
    }

    private (TensorEntry Entry, TensorType Type) Typed(string name)
    {
        var entry = this[name];
        return (entry, TensorTypes.Parse(entry.TypeName) ?? throw new CheckpointException($"{_path}: '{name}' has the element type {UntrustedText.Show(entry.TypeName)}; legal are {string.Join(", ", TensorTypes.Names)}."));
    }

    private T[] NewArray<T>(TensorEntry entry) => entry.Count <= Array.MaxLength ? new T[entry.Count]
        : throw new CheckpointException($"{_path}: '{entry.Name}' has {entry.Count} elements; an array holds {Array.MaxLength} at most.");

    private ReadOnlySpan<byte> Bytes(TensorEntry entry, TensorType type, long first, int count)
    {
        ObjectDisposedException.ThrowIf(!_isMapped, this);
        return new ReadOnlySpan<byte>(_data + entry.Begin + (first * type.Bytes()), count * type.Bytes());
    }
}
