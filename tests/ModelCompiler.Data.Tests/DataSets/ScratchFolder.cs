using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace ModelCompiler.Data.Tests.DataSets;

/// <summary>A folder for one test, with what the test writes in it.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("data").FullName;

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public string Write(string name, ReadOnlySpan<byte> bytes)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>A tar as the runtime's own library writes it.</summary>
    public string WriteTar(string name, TarEntryFormat format, params (string Name, byte[] Bytes)[] files) => Write(name, Tar(format, files));

    public static byte[] Tar(TarEntryFormat format, params (string Name, byte[] Bytes)[] files)
    {
        using var memory = new MemoryStream();
        using (var writer = new TarWriter(memory, format, leaveOpen: true))
        {
            foreach (var (file, bytes) in files)
            {
                TarEntry entry = format switch
                {
                    TarEntryFormat.V7 => new V7TarEntry(TarEntryType.V7RegularFile, file),
                    TarEntryFormat.Ustar => new UstarTarEntry(TarEntryType.RegularFile, file),
                    TarEntryFormat.Gnu => new GnuTarEntry(TarEntryType.RegularFile, file),
                    _ => new PaxTarEntry(TarEntryType.RegularFile, file),
                };
                entry.DataStream = new MemoryStream(bytes);
                writer.WriteEntry(entry);
            }
        }

        return memory.ToArray();
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
