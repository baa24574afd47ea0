using System.IO.Compression;
using System.Text;
using ModelCompiler.Data;
using ModelCompiler.Examples;

namespace ModelCompiler.Benchmarks.Texts;

/// <summary>English prose from beside the repository, and as much of it as is wanted.</summary>
internal static class EnglishText
{
    private const uint Domain = 0x50524F53;

    /// <summary>The lines without their ends; null where the text is not there.</summary>
    public static string[]? Lines()
    {
        if (SharedFolder.Find("data", "text", "english.txt.gz") is not { } path)
        {
            return null;
        }

        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress), new UTF8Encoding(false));
        return reader.ReadToEnd().Split('\n');
    }

    /// <summary>Lines drawn anew and anew, the words of each in another order, up to a size. Some words have their letters shuffled, so that new words never end.</summary>
    public static IEnumerable<string> Shuffled(string[] lines, long bytes, ulong seed)
    {
        for (ulong number = 0; bytes > 0; number++)
        {
            var random = new RandomStream(seed, Domain, number);
            var words = lines[random.Below((uint)lines.Length)].Split(' ');
            Shuffle(words, ref random);
            for (var i = 0; i < words.Length; i++)
            {
                if (random.Below(8) == 0)
                {
                    var letters = words[i].ToCharArray();
                    Shuffle(letters, ref random);
                    words[i] = new string(letters);
                }
            }

            var line = string.Join(' ', words) + "\n";
            bytes -= Encoding.UTF8.GetByteCount(line);
            yield return line;
        }
    }

    private static void Shuffle<T>(T[] items, ref RandomStream random)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var other = (int)random.Below((uint)i + 1);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }
}
