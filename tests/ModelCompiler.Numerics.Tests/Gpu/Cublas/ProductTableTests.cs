using ModelCompiler.Gpu;
using ModelCompiler.Gpu.Offline;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Tables of measured products: what they decide, and what files that hold no table are said to be.</summary>
[Trait("suite", "gpu")]
public sealed class ProductTableTests : IDisposable
{
    private static readonly ProductShape s_shape = new(8192, 768, 3072, false, true, ProductElement.BFloat16, ProductElement.Rounded, ProductElement.Float32, true);

    private static readonly ProductTable s_table = new(ProductTable.Current, "a card", "cuBLAS 12.4.5",
    [
        new(s_shape, 200, 100.5),
        new(s_shape with { Rows = 256 }, 10, 20),
        new(s_shape with { Rows = 300, Epilogue = false }, 20, 10),
    ]);

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void What_was_measured_goes_the_faster_way_and_the_rest_the_way_of_what_is_nearest()
    {
        Assert.True(s_table.PrefersCublas(in s_shape));
        Assert.False(s_table.PrefersCublas(s_shape with { Rows = 256 }));
        Assert.False(s_table.PrefersCublas(s_shape with { Rows = 300 }));
        Assert.True(s_table.PrefersCublas(s_shape with { Rows = 4000, Inner = 4000 }));
        Assert.False(s_table.PrefersCublas(s_shape with { Rows = 700 }));

        // Nothing like it: by size.
        Assert.False(s_table.PrefersCublas(s_shape with { TransposeA = true, Rows = 512, Columns = 512, Inner = 511 }));
        Assert.True(s_table.PrefersCublas(s_shape with { TransposeA = true, Rows = 512, Columns = 512, Inner = 512 }));
    }

    [Fact]
    public void A_table_is_what_it_was_when_it_is_read()
    {
        s_table.Write(_file);
        var read = ProductTable.Read(_file);
        Assert.Equal(s_table.Products, read.Products);
        Assert.Equal(("a card", "cuBLAS 12.4.5"), (read.Device, read.Library));
        Assert.Contains("\"a\": \"bfloat16\"", File.ReadAllText(_file), StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string> Faults => new()
    {
        { "\"format\": 1", "\"format\": 2", "its format is 2, and this program reads 1" },
        { "\"device\": \"a card\",", "", "missing required properties" },
        { "\"device\": \"a card\",", "\"device\": null,", "null" },
        { "\"device\": \"a card\",", "\"device\": \"a card\", \"other\": 1,", "other" },
        { "bfloat16", "float17", "$.products[0].shape.a" },
        { "\"rows\": 256", "\"rows\": 0", "sizes are 1 or more" },
        { "\"rows\": 256", "\"rows\": 8192", "is there twice" },
        { "\"own\": 20", "\"own\": -20", "times above 0" },
        { "\"inner\": 3072,", "", "missing required properties" },
        { "100.5", "\"fast\"", "$.products[0].cublas" },
    };

    [Theory, MemberData(nameof(Faults))]
    public void A_file_with_a_fault_is_refused_and_says_what_it_is(string text, string instead, string message)
    {
        s_table.Write(_file);
        File.WriteAllText(_file, File.ReadAllText(_file).Replace(text, instead, StringComparison.Ordinal));
        Refused(message);
    }

    [Theory]
    [InlineData("null", "it is null")]
    [InlineData("[]", "could not be converted")]
    [InlineData("", "")]
    [InlineData("""{ "format": 1, "device": "a card", "library": "x", "products": [] }""", "it has no products")]
    public void So_is_one_that_holds_something_else(string text, string message)
    {
        File.WriteAllText(_file, text);
        Refused(message);
    }

    [Fact]
    public void A_file_that_was_cut_off_is_refused_wherever_that_was()
    {
        s_table.Write(_file);
        var text = File.ReadAllText(_file);
        for (var length = 0; length < text.LastIndexOf('}'); length += 7)
        {
            File.WriteAllText(_file, text[..length]);
            Refused("");
        }
    }

    [Fact]
    public void A_device_takes_its_own_table_and_no_other()
    {
        s_table.Write(_file);
        var device = new GpuDevice(GpuKind.Cuda, 0, "a card", 1) { Log = new LaunchLog() };
        Assert.Equal(s_table.Products, device.With(usesTf32: true, usesCublas: true, _file).Products!.Products);
        Assert.Null(device.With(usesTf32: true, usesCublas: true, (string?)null).Products);
        var error = Assert.Throws<ArgumentException>(() => new GpuDevice(GpuKind.Cuda, 0, "another", 1).With(usesTf32: false, usesCublas: true, _file));
        Assert.StartsWith($"{_file} was measured on a card, and this is another", error.Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => device.With(usesTf32: false, usesCublas: true, _file + ".none"));
    }

    private void Refused(string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => ProductTable.Read(_file));
        Assert.StartsWith($"{_file} is no table of products, or not all of one: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.EndsWith(" measures one.", error.Message, StringComparison.Ordinal);
    }
}
