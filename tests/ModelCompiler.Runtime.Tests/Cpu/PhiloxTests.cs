using System.Globalization;
using System.Text.Json;
using ModelCompiler.Runtime.Cpu;
using ModelCompiler.Testing;

namespace ModelCompiler.Runtime.Tests.Cpu;

public sealed class PhiloxTests
{
    private static readonly JsonElement s_golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folders.Root, "tests", "Golden", "numbers", "philox.json"))).RootElement;

    /// <summary>The known answers of the authors' own test vectors (Random123, kat_vectors).</summary>
    [Fact]
    public void Agrees_with_the_published_vectors()
    {
        Assert.Equal((0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u), Philox.Draw(0, 0, 0, 0, 0, 0));
        Assert.Equal((0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu), Philox.Draw(~0u, ~0u, ~0u, ~0u, ~0u, ~0u));
        Assert.Equal((0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u), Philox.Draw(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0));
    }

    [Fact]
    public void Agrees_with_every_stored_vector()
    {
        foreach (var vector in s_golden.GetProperty("vectors").EnumerateArray())
        {
            var (counter, key, output) = (Words(vector.GetProperty("counter")), Words(vector.GetProperty("key")), Words(vector.GetProperty("output")));
            Assert.Equal((output[0], output[1], output[2], output[3]), Philox.Draw(counter[0], counter[1], counter[2], counter[3], key[0], key[1]));
        }
    }

    /// <summary>Dropout draws torch's stream of a seed, a subsequence (site and step) and an offset (element / 4), and decides as it would.</summary>
    [Fact]
    public void Dropout_decides_by_the_stream_of_seed_site_and_step()
    {
        var probability = s_golden.GetProperty("dropout").GetSingle();
        var kept = 0;
        foreach (var stream in s_golden.GetProperty("streams").EnumerateArray())
        {
            var (seed, subsequence, offset) = (Number(stream, "seed"), Number(stream, "subsequence"), Number(stream, "offset"));
            var words = Words(stream.GetProperty("output"));
            var key = new DropoutKey(seed, (uint)subsequence, (uint)(subsequence >> 32), probability);
            var scales = new float[words.Length];
            key.Fill(scales, checked((long)offset * 4));
            var expected = words.Select(w => (w >> 8) / 16777216.0 >= probability ? 1 / (1 - probability) : 0);
            Assert.Equal(expected, scales);
            kept += scales.Count(static s => s > 0);
        }

        Assert.InRange(kept, 50, 71); // of 72: some are dropped
    }

    private static ulong Number(JsonElement json, string name) => ulong.Parse(json.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);

    private static uint[] Words(JsonElement json) => [.. json.EnumerateArray().Select(static w => uint.Parse(w.GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
}
