using System.Text;
using ModelCompiler.Runtime.Checkpoints;
using static ModelCompiler.Runtime.Tests.Checkpoints.SafetensorsBytes;
using Disk = System.IO.File;

namespace ModelCompiler.Runtime.Tests.Checkpoints;

/// <summary>What is wrong with a file is said, with the values found.</summary>
public sealed class SafetensorsRefusalTests
{
    private static readonly string s_whole = Entry("w", "F32", "16", 0, 64);

    [Fact]
    public void A_whole_file_is_read()
    {
        using var folder = new TemporaryFolder();
        using var file = new SafetensorsFile(folder.Write("w.safetensors", File($"{{{s_whole}}}  ", 64)));
        Assert.Equal(new float[16], file.Read("w"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void A_file_too_short_for_a_length_is_refused(int bytes) => Assert.Contains($"has {bytes} bytes: too short", Refusal(new byte[bytes]));

    [Theory]
    [InlineData(3)]
    [InlineData(0x8000_0000)]
    [InlineData(0x7FFF_FFFF_FFFF_FFFF)]
    [InlineData(0x8000_0000_0000_0000)]
    [InlineData(ulong.MaxValue)]
    public void A_header_longer_than_the_file_is_refused(ulong length) => Assert.Contains($"the header claims {length} bytes, but the file has 10", Refusal(File(length, "{}"u8.ToArray(), [])));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"w\"")]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("{}{}")]
    [InlineData("{} x")]
    [InlineData("{\"w\":1}")]
    [InlineData("{\"w\":{\"dtype\":1}}")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":{}}}")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[16]}}")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[16],\"data_offsets\":[0]}}")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[16],\"data_offsets\":[0,64,64]}}")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[16],\"data_offsets\":[0,64]}}")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[16],\"data_offsets\":[0,64],\"more\":1}}")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[[16]],\"data_offsets\":[0,64]}}")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[16.5],\"data_offsets\":[0,64]}}")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[-16],\"data_offsets\":[0,64]}}")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[1e99],\"data_offsets\":[0,64]}}")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[16],\"data_offsets\":[0,99999999999999999999]}}")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,16],\"data_offsets\":[0,64]}}")]
    [InlineData("{\"__metadata__\":{\"a\":1}}")]
    [InlineData("{\"__metadata__\":[]}")]
    [InlineData("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}")]
    [InlineData("{\"a\":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}")]
    [InlineData("{\"\\ud800\":{}}")]
    public void A_header_that_is_no_object_of_tensors_is_refused(string header) => Assert.NotEmpty(Refusal(header));

    [Fact]
    public void Names_that_are_no_text_are_refused() => Assert.Contains("no JSON object", Refusal(File(5, [(byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)'}'], [])));

    [Fact]
    public void Duplicates_are_refused()
    {
        Assert.Contains("'w' is there twice", Refusal($"{{{s_whole},{s_whole}}}"));
        Assert.Contains("'w' is there twice", Refusal($"{{{s_whole},{s_whole.Replace("\"w\"", "\"\\u0077\"")}}}"));
    }

    [Fact]
    public void Tensors_lie_side_by_side_and_fill_the_file()
    {
        Assert.Contains("'b' overlaps 'a'", Refusal($"{{{Entry("a", "F32", "8", 0, 32)},{Entry("b", "F32", "9", 28, 64)}}}"));
        Assert.Contains("overlaps", Refusal($"{{{s_whole},{s_whole.Replace("\"w\"", "\"v\"")}}}"));
        Assert.Contains("'z' overlaps 'w'", Refusal($"{{{s_whole},{Entry("z", "F32", "0", 4, 4)}}}"));
        Assert.Contains("bytes 0 to 4 before 'w' belong to no tensor", Refusal($"{{{Entry("w", "F32", "15", 4, 64)}}}"));
        Assert.Contains("bytes 32 to 36 before 'b'", Refusal($"{{{Entry("a", "F32", "8", 0, 32)},{Entry("b", "F32", "7", 36, 64)}}}"));
        Assert.Contains("the tensors end at byte 60, but the data has 64 bytes", Refusal($"{{{Entry("w", "F32", "15", 0, 60)}}}"));
        Assert.Contains("the tensors end at byte 0", Refusal("{}"));
    }

    [Fact]
    public void Tensors_lie_within_the_file()
    {
        Assert.Contains("'w' lies at bytes 0 to 68, but the data has 64 bytes", Refusal($"{{{Entry("w", "F32", "17", 0, 68)}}}"));
        Assert.Contains("'w' lies at bytes 64 to 0", Refusal($"{{{Entry("w", "F32", "16", 64, 0)}}}"));
        Assert.Contains($"'w' lies at bytes 0 to {long.MaxValue}", Refusal($"{{{Entry("w", "F32", "16", 0, long.MaxValue)}}}"));
    }

    [Fact]
    public void Shapes_fit_their_bytes()
    {
        Assert.Contains("'w' of shape [4, 5] and type F32 takes 80 bytes, but has 64", Refusal($"{{{Entry("w", "F32", "4,5", 0, 64)}}}"));
        Assert.Contains("'w' of shape [8] and type F16 takes 16 bytes, but has 64", Refusal($"{{{Entry("w", "F16", "8", 0, 64)}}}"));
        Assert.Contains("larger than 2147483647 elements", Refusal($"{{{Entry("w", "F32", "65536,65536", 0, 64)}}}"));
        Assert.Contains("larger than 2147483647 elements", Refusal($"{{{Entry("w", "F32", "4294967296,4294967296,4294967296,4294967296", 0, 64)}}}"));
    }

    [Fact]
    public void Names_in_messages_are_short_and_on_one_line()
    {
        var name = new string('x', 100_000);
        Assert.InRange(Refusal($"{{{Entry(name, "F32", "17", 0, 68)}}}").Length, 1, 300);
        Assert.DoesNotContain('\n', Refusal($"{{{Entry("a\\nb\\u001b[31m", "F32", "17", 0, 68)}}}"));
    }

    [Fact]
    public void An_element_type_we_do_not_know_is_an_error_only_when_it_is_read()
    {
        using var folder = new TemporaryFolder();
        using var file = new SafetensorsFile(folder.Write("t.safetensors", File($"{{{Entry("q", "F8_E4M3", "64", 0, 64)}}}", 64)));
        Assert.Equal("F8_E4M3", file["q"].TypeName);
        Assert.Contains("'q' has the element type F8_E4M3; legal are F64, F32, F16, BF16, I64", Assert.Throws<CheckpointException>(() => file.Read("q")).Message);
        Assert.Contains("no tensor 'p'", Assert.Throws<CheckpointException>(() => file.Read("p")).Message);
    }

    [Fact]
    public void What_is_no_file_is_refused()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<CheckpointException>(() => new SafetensorsFile(folder["missing"]));
        Assert.Throws<CheckpointException>(() => new SafetensorsFile(folder.Path));
        Assert.SkipWhen(OperatingSystem.IsWindows(), "pipes and devices have no paths here");
        Assert.Throws<CheckpointException>(() => new SafetensorsFile("/dev/zero"));
        Assert.Throws<CheckpointException>(() => new SafetensorsFile("/dev/stdin"));
    }

    [Fact]
    public void Links_are_followed()
    {
        using var folder = new TemporaryFolder();
        Disk.CreateSymbolicLink(folder["link"], folder.Write("blob", File($"{{{s_whole}}}", 64)));
        Disk.CreateSymbolicLink(folder["link of a link"], folder["link"]);
        Disk.CreateSymbolicLink(folder["loop"], folder["loop"]);
        Disk.CreateSymbolicLink(folder["dangling"], folder["nothing"]);
        using var file = new SafetensorsFile(folder["link of a link"]);
        Assert.Equal(new float[16], file.Read("w"));
        Assert.Throws<CheckpointException>(() => new SafetensorsFile(folder["loop"]));
        Assert.Throws<CheckpointException>(() => new SafetensorsFile(folder["dangling"]));
    }

    [Fact]
    public void A_file_that_was_closed_cannot_be_read()
    {
        using var folder = new TemporaryFolder();
        var file = new SafetensorsFile(folder.Write("w.safetensors", File($"{{{s_whole}}}", 64)));
        file.Dispose();
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.Read("w"));
    }

    [Fact]
    public void Metadata_is_kept()
    {
        using var folder = new TemporaryFolder();
        using var file = new SafetensorsFile(folder.Write("m.safetensors", File("{\"__metadata__\":{\"format\":\"pt\",\"a\":\"\\u00e4\"}}")));
        Assert.Equal(new Dictionary<string, string> { ["format"] = "pt", ["a"] = "ä" }, file.Metadata);
        Assert.Empty(file.Tensors);
    }

    [Fact]
    public void The_longest_header_is_the_reference_s()
    {
        var header = Encoding.UTF8.GetBytes("{}".PadRight(100_000_001));
        Assert.Contains("a header at most 100000000", Refusal(File((ulong)header.Length, header, [])));
    }
}
