using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using ModelCompiler.Runtime.Checkpoints;
using ModelCompiler.Testing;

namespace ModelCompiler.Runtime.Tests.Checkpoints;

/// <summary>Half-precision numbers against the reference's bit patterns, through files.</summary>
public sealed class ConversionTests
{
    private const string NaN = "nan";

    private static readonly JsonElement s_golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folders.Root, "tests", "Golden", "numbers", "conversions.json"))).RootElement;

    [Theory]
    [InlineData(TensorType.F16, "fp16")]
    [InlineData(TensorType.BF16, "bf16")]
    public void Every_code_is_the_reference_s_float(TensorType type, string name)
    {
        var codes = new byte[65536 * 2];
        for (var i = 0; i < 65536; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(codes.AsSpan(i * 2), (ushort)i);
        }

        using var folder = new TemporaryFolder();
        var header = System.Text.Encoding.ASCII.GetBytes($"{{{SafetensorsBytes.Entry("t", type.Name(), "65536", 0, codes.Length)}}}");
        using var file = new SafetensorsFile(folder.Write("t", SafetensorsBytes.File((ulong)header.Length, header, codes)));
        var values = file.Read("t");
        foreach (var code in s_golden.GetProperty(name).EnumerateObject())
        {
            Assert.Equal(code.Value.GetString(), Bits(values[int.Parse(code.Name, NumberStyles.HexNumber, CultureInfo.InvariantCulture)]));
        }

        var hashed = new byte[65536 * 4];
        for (var i = 0; i < 65536; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(hashed.AsSpan(i * 4), float.IsNaN(values[i]) ? 0x7FC00000 : BitConverter.SingleToUInt32Bits(values[i]));
        }

        Assert.Equal(s_golden.GetProperty(name + "_sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(hashed)));
    }

    [Theory]
    [InlineData(TensorType.F16, "fp16")]
    [InlineData(TensorType.BF16, "bf16")]
    public void Floats_are_rounded_as_the_reference_rounds_them(TensorType type, string name)
    {
        var cases = s_golden.GetProperty("cases").EnumerateArray().ToArray();
        float[] values = [.. cases.Select(static c => BitConverter.UInt32BitsToSingle(uint.Parse(c.GetProperty("float32").GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture)))];
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder["t"], [new TensorToWrite("t", type, [values.Length], () => values)]);
        var written = File.ReadAllBytes(folder["t"]).AsSpan(^(values.Length * 2)..);
        using var file = new SafetensorsFile(folder["t"]);
        var read = file.Read("t");
        for (var i = 0; i < cases.Length; i++)
        {
            var expected = cases[i].GetProperty(name).GetString();
            Assert.Equal(expected, expected == NaN && float.IsNaN(read[i]) ? NaN : $"{BinaryPrimitives.ReadUInt16LittleEndian(written[(i * 2)..]):x4}");
        }
    }

    private static string Bits(float value) => float.IsNaN(value) ? NaN : $"{BitConverter.SingleToUInt32Bits(value):x8}";
}
