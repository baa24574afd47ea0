using System.Text;

namespace ModelCompiler.Data;

/// <summary>Where the lines of a UTF-8 file are. They end at line feeds alone, a carriage return before one belongs to it; a byte order mark does not belong to the first.</summary>
internal sealed class LineIndex : IDisposable
{
    private const int MostBytes = 1 << 26;

    // Replacement characters in place of what a file does not say would be silent.
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly SeekableFile _file;
    private readonly List<long> _starts = [];
    private readonly List<long> _numbers = [];
    private readonly List<int> _lengths = [];

    /// <param name="skipsBlank">Leaves out lines that hold nothing, or white space alone.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is packed and broken.</exception>
    public LineIndex(string path, bool skipsBlank)
    {
        _file = SeekableFile.Open(path);
        try
        {
            Scan(skipsBlank);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public int Count => _starts.Count;

    public string NameOf(int line) => FormattableString.Invariant($"{_file.Name}:{_numbers[line]}");

    /// <summary>The bytes of a line, without its end.</summary>
    /// <exception cref="InvalidDataException">It is too long.</exception>
    public byte[] Bytes(int line) => _lengths[line] <= MostBytes
        ? FileBytes.Read(_file.Handle, _starts[line], _lengths[line], NameOf(line))
        : throw new InvalidDataException($"{NameOf(line)}: a line of {_lengths[line]} bytes or more; legal is up to {MostBytes}.");

    /// <exception cref="InvalidDataException">The line is too long, or no UTF-8.</exception>
    public string Text(int line) => Decode(Bytes(line), NameOf(line));

    /// <exception cref="InvalidDataException">The bytes are no UTF-8.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes, string name)
    {
        try
        {
            return s_strict.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException($"{name}: no UTF-8 at byte {e.Index}.", e);
        }
    }

    public void Dispose() => _file.Dispose();

    private void Scan(bool skipsBlank)
    {
        var buffer = new byte[1 << 16];
        var position = (long)(_file.Read(buffer.AsSpan(0, 3), 0) == 3 && buffer.AsSpan(0, 3).SequenceEqual(Encoding.UTF8.Preamble) ? 3 : 0);
        var (start, number, isBlank, last) = (position, 1L, true, (byte)0);
        while (_file.Read(buffer, position) is > 0 and var read)
        {
            for (var at = 0; at < read;)
            {
                var length = buffer.AsSpan(at, read - at).IndexOf((byte)'\n');
                var piece = buffer.AsSpan(at, length < 0 ? read - at : length);
                isBlank = isBlank && piece.IndexOfAnyExcept((byte)' ', (byte)'\t', (byte)'\r') < 0;
                last = piece.Length > 0 ? piece[^1] : last;
                at += piece.Length + 1;
                if (length < 0)
                    continue;
                Add(start, position + at - 1, last, number++, skipsBlank && isBlank);
                (start, isBlank, last) = (position + at, true, 0);
            }

            position += read;
        }

        if (start < position)
            Add(start, position, last, number, skipsBlank && isBlank);
    }

    private void Add(long start, long end, byte last, long number, bool isLeftOut)
    {
        if (isLeftOut)
            return;
        _starts.Add(start);
        _numbers.Add(number);
        _lengths.Add((int)Math.Min(int.MaxValue, end - start - (last == '\r' ? 1 : 0)));
    }
}
