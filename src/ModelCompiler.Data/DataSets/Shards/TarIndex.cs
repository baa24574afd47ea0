using System.Globalization;
using System.Text;

namespace ModelCompiler.Data;

/// <summary>Where the files of a tar archive lie. Only headers are read; every stretch is checked to lie within the archive before anything is made of it.</summary>
internal static class TarIndex
{
    // A longer name or a longer set of attributes is no file's.
    private const int MostExtended = 1 << 16;

    /// <summary>The regular files, in their order.</summary>
    /// <exception cref="InvalidDataException">The archive is cut short, or a header is none.</exception>
    public static List<TarMember> Read(SeekableFile file)
    {
        var entries = new List<TarMember>();
        var block = new byte[TarHeader.Bytes];
        string? longName = null;
        long? longLength = null;
        var isAnnounced = false; // a name or attributes were there, and not yet the file that they are of
        for (var at = 0L; ;)
        {
            var read = file.Read(block, at);
            var isEnd = read == 0 && at == file.Length; // some writers leave the end's blocks out
            if (!isEnd && read < block.Length)
                throw Error(file, at, $"{read} bytes of a header; legal is {block.Length}");
            if (isEnd || TarHeader.IsEnd(block))
                return isAnnounced ? throw Error(file, at, $"a name or attributes{(longName is null ? "" : $" of '{longName}'")}, and no file behind them") : entries;
            var header = Parse(file, block, at);
            at += block.Length;
            isAnnounced = header.Kind is 'x' or 'L' or 'K' || (isAnnounced && header.Kind == 'g');
            var isExtended = header.Kind is 'x' or 'g' or 'L' or 'K';
            var length = isExtended ? header.Length : longLength ?? header.Length;
            if (length < 0 || length > file.Length - at)
                throw Error(file, at - block.Length, $"'{longName ?? header.Name}' has {length} bytes, and the archive {file.Length - at} more");
            switch (header.Kind)
            {
                case 'x':
                    ReadAttributes(file, at, length, ref longName, ref longLength);
                    break;
                case 'L':
                    longName = TarHeader.Text(Extended(file, at, length));
                    break;
                case 'g' or 'K':
                    break; // attributes of all files, and names of links: nothing that is needed here
                default:
                    if (header.Kind is '0' or '\0' or '7')
                        entries.Add(new TarMember(longName ?? header.Name, at, length));
                    (longName, longLength) = (null, null);
                    break;
            }

            at = Math.Min(file.Length, at + ((length + block.Length - 1) / block.Length * block.Length)); // the last file's padding may be cut off
        }
    }

    private static TarHeader Parse(SeekableFile file, byte[] block, long at)
    {
        try
        {
            return TarHeader.Parse(block);
        }
        catch (FormatException e)
        {
            throw Error(file, at, e.Message);
        }
    }

    private static byte[] Extended(SeekableFile file, long start, long length) => length <= MostExtended
        ? FileBytes.Read(file.Handle, start, length, file.Name)
        : throw Error(file, start, $"a name or attributes of {length} bytes; legal is up to {MostExtended}");

    // Lines "LENGTH KEY=VALUE\n", each with its own length.
    private static void ReadAttributes(SeekableFile file, long start, long length, ref string? name, ref long? size)
    {
        var bytes = Extended(file, start, length);
        for (var rest = bytes.AsSpan(); rest.Length > 0;)
        {
            var blank = rest.IndexOf((byte)' ');
            if (blank < 1 || !int.TryParse(rest[..blank], NumberStyles.None, CultureInfo.InvariantCulture, out var line) || line <= blank + 1 || line > rest.Length || rest[line - 1] != '\n')
                throw Error(file, start, "attributes that are none");
            var pair = rest[(blank + 1)..(line - 1)];
            var equals = pair.IndexOf((byte)'=');
            if (equals < 1)
                throw Error(file, start, "an attribute without a value");
            var value = pair[(equals + 1)..];
            if (pair[..equals].SequenceEqual("path"u8))
                name = Encoding.UTF8.GetString(value);
            else if (pair[..equals].SequenceEqual("size"u8))
                size = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Error(file, start, "a size that is no number");
            rest = rest[line..];
        }
    }

    private static InvalidDataException Error(SeekableFile file, long at, string problem) => new($"{file.Name}: {problem} (at byte {at}).");
}

/// <summary>A file of an archive.</summary>
/// <param name="Start">Where its bytes begin.</param>
internal readonly record struct TarMember(string Name, long Start, long Length);
