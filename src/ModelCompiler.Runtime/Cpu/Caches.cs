using System.Globalization;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>The processor's caches, as the system tells them at start-up. They decide sizes of blocks, and never the order of additions.</summary>
internal static class Caches
{
    private const long Usual = 1 << 20;

    /// <summary>Bytes of a core's second-level cache; 1 MB where the system does not say.</summary>
    public static long Level2Bytes { get; } = Read("/sys/devices/system/cpu/cpu0/cache");

    /// <summary>Bytes of the second-level cache from a folder such as Linux has, with <c>index2/level</c> and <c>index2/size</c>.</summary>
    internal static long Read(string folder)
    {
        try
        {
            foreach (var index in Directory.Exists(folder) ? Directory.EnumerateDirectories(folder, "index*") : [])
            {
                if (File.ReadAllText(Path.Combine(index, "level")).Trim() == "2" && Bytes(File.ReadAllText(Path.Combine(index, "size")).Trim()) is { } bytes)
                {
                    return bytes;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }

        return Usual;
    }

    // "1024K", "2M"
    private static long? Bytes(string text)
    {
        var unit = text.Length == 0 ? 0 : text[^1] switch { 'K' => 1L << 10, 'M' => 1L << 20, _ => 0 };
        return unit > 0 && long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and < 1 << 20 ? count * unit : null;
    }
}
