using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;

namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>
/// A safetensors file, mapped into memory: tensors are read when they are asked for. The file is untrusted; every length and offset
/// is checked when it is opened.
/// </summary>
public sealed unsafe class SafetensorsFile : IDisposable
{
    // The reference implementation refuses longer headers too.
    private const long LongestHeader = 100_000_000;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly Dictionary<string, TensorEntry> _entries;
    private readonly string _path;
    private byte* _data;

    /// <exception cref="CheckpointException">There is no such file, or it is no well-formed safetensors file.</exception>
    public SafetensorsFile(string path)
    {
        _path = path;
        try
        {
            var length = new FileInfo(path).Length;
            if (length < 8)
            {
                throw new CheckpointException($"{path} has {length} bytes: too short for a safetensors file.");
            }

            _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
            _view = _file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            byte* start = null;
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            start += _view.PointerOffset;
            try
            {
                var header = BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(start, 8));
                if (header > (ulong)Math.Min(length - 8, LongestHeader))
                {
                    throw new CheckpointException($"{path}: the header claims {header} bytes, but the file has {length} and a header at most {LongestHeader}.");
                }

                _data = start + 8 + header;
                (Tensors, Metadata) = SafetensorsHeader.Parse(path, new ReadOnlySpan<byte>(start + 8, (int)header), length - 8 - (long)header);
                _entries = Tensors.ToDictionary(static e => e.Name);
            }
            catch
            {
                Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{path} cannot be read: {e.Message}", e);
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
    /// <exception cref="CheckpointException">There is no such tensor, or its element type is none we know.</exception>
    public float[] Read(string name)
    {
        var (entry, type) = Typed(name);
        var values = new float[entry.Count];
        type.ToFloats(Bytes(entry), values);
        return values;
    }

    /// <summary>The values as doubles; only integers beyond 2^53 are rounded.</summary>
    public double[] ReadDoubles(string name)
    {
        var (entry, type) = Typed(name);
        if (type != TensorType.F64)
        {
            return Array.ConvertAll(Read(name), static v => (double)v);
        }

        var bytes = Bytes(entry);
        var values = new double[entry.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadDoubleLittleEndian(bytes.Slice(i * 8, 8));
        }

        return values;
    }

    /// <summary>The values of an integer or boolean tensor.</summary>
    /// <exception cref="CheckpointException">There is no such tensor, or it holds other numbers.</exception>
    public long[] ReadIntegers(string name)
    {
        var (entry, type) = Typed(name);
        if (type is TensorType.F64 or TensorType.F32 or TensorType.F16 or TensorType.BF16)
        {
            throw new CheckpointException($"{_path}: '{name}' holds {entry.TypeName}, not integers.");
        }

        var bytes = Bytes(entry);
        var values = new long[entry.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = type.ToInteger(bytes.Slice(i * type.Bytes(), type.Bytes()));
        }

        return values;
    }

    public void Dispose()
    {
        if (_data is not null)
        {
            _data = null;
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
        }

        _view.Dispose();
        _file.Dispose();
    }

    private (TensorEntry Entry, TensorType Type) Typed(string name)
    {
        var entry = this[name];
        return (entry, TensorTypes.Parse(entry.TypeName) ?? throw new CheckpointException($"{_path}: '{name}' has the element type {entry.TypeName}; legal are {string.Join(", ", Enum.GetNames<TensorType>()).ToUpperInvariant()}."));
    }

    private ReadOnlySpan<byte> Bytes(TensorEntry entry)
    {
        ObjectDisposedException.ThrowIf(_data is null, this);
        var bytes = entry.End - entry.Begin;
        return bytes <= int.MaxValue ? new ReadOnlySpan<byte>(_data + entry.Begin, (int)bytes)
            : throw new CheckpointException($"{_path}: '{entry.Name}' has {bytes} bytes; at most {int.MaxValue} can be read at once.");
    }
}
