using System.Text.Json;
using ModelCompiler.Gpu;
using ModelCompiler.GpuCheck;
using ModelCompiler.GpuCheck.Products;
using ModelCompiler.GpuCheck.Reporting;
using ModelCompiler.GpuCheck.Speed;
using ModelCompiler.Runtime;

namespace ModelCompiler.Numerics.Tests;

/// <summary>The program that is taken to machines with GPUs, on what is here.</summary>
[Trait("suite", "gpu")]
public sealed class GpuCheckTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact, Trait("suite", "slow")]
    public void The_quick_check_passes_and_writes_all_numbers()
    {
        using var output = new StringWriter();
        var code = Checks.Run(GpuDevicesOfTests.Any(), new CheckOptions(IsQuick: true, Json: _file), output);
        Assert.True(code == Checks.Passed, output.ToString());
        using var json = JsonDocument.Parse(File.ReadAllText(_file));
        Assert.True(json.RootElement.GetProperty("passed").GetBoolean());
        var results = json.RootElement.GetProperty("results").EnumerateArray().ToDictionary(static r => $"{r.GetProperty("part")} {r.GetProperty("name")}", static r => r.GetProperty("numbers"));
        Assert.InRange(results["numerics odd-gpt, decoding"].GetProperty("logits_error").GetDouble(), 1e-12, 1e-4);
        Assert.All(new[] { "shapes-clip", "shapes-captioner", "odd-siglip", "odd-momentum" }, model => Assert.InRange(results[$"numerics {model}"].GetProperty("gradients_error").GetDouble(), 1e-12, 1e-4));
        Assert.All(new[] { "TF32", "bf16" }, precision => Assert.Equal(0, results[$"speed {precision}"].GetProperty("available").GetInt32())); // here is no device with tensor cores
        Assert.InRange(results["numerics odd-gpt"].GetProperty("gradients_error").GetDouble(), 1e-12, 1e-4); // two machines that round alike would be one
        Assert.True(results["speed peak"].GetProperty("gflops").GetDouble() > 0);
        Assert.True(results["speed character-gpt"].GetProperty("share_of_peak").GetDouble() > 0);
        Assert.Equal(109, results["speed character-gpt"].GetProperty("launches").GetInt32());
    }

    /// <summary>As a card makes them; times mean nothing here. An error of 0 would be another product's.</summary>
    [Theory]
    [InlineData(false, 5e-3)]
    [InlineData(true, 2e-2)]
    public void Products_on_tensor_cores_are_right(bool isNarrow, double most)
    {
        var product = ProductSpeed.Square(64).In(isNarrow ? StepPrecision.BFloat16 : StepPrecision.Tf32);
        Assert.Equal($"product 64, {(isNarrow ? "bf16" : "TF32")}", product.Name);
        using var context = new GpuContext(PtxEmulator.Device.With(usesTf32: !isNarrow, usesCublas: false, (ProductTable?)null));
        Assert.InRange(product.Run(context, time: 0).Error, 1e-5, most);
    }

    [Fact]
    public void A_check_that_cannot_run_has_failed_and_the_others_run()
    {
        using var output = new StringWriter();
        var report = new Report(Device.Simulator, isQuick: true, output);
        report.Add("numerics", "one", static () => throw new InvalidOperationException("lost\nthe device"));
        report.Add("numerics", "two", static () => new Result(true, "fine", ("number", 3), ("none", double.NaN)));
        report.Try("speed", "device", static () => throw new InvalidOperationException("gone"));
        report.Write(_file);
        Assert.False(report.IsPassed);
        Assert.Contains("FAILED  numerics  one                       InvalidOperationException: lost the device", output.ToString());
        Assert.Contains("FAILED  speed     device                    InvalidOperationException: gone", output.ToString());
        Assert.Contains("1 of 3 passed", output.ToString());
        using var json = JsonDocument.Parse(File.ReadAllText(_file));
        Assert.Equal("""{"number":3}""", JsonSerializer.Serialize(json.RootElement.GetProperty("results")[1].GetProperty("numbers")));
    }

    [Fact]
    public void The_device_is_the_one_that_was_asked_for()
    {
        var cores = new GpuDevice(GpuKind.OpenCl, 0, "cores", 1) { IsGraphicsProcessor = false };
        var card = new GpuDevice(GpuKind.Cuda, 0, "card", 1);
        var found = new GpuDevices([cores, card], []);
        Assert.Equal(card, CheckOptions.Parse([]).Choose(found));
        Assert.Equal(cores, CheckOptions.Parse([]).Choose(new GpuDevices([cores], [])));
        Assert.Equal(cores, CheckOptions.Parse(["--quick", "--device", "OPENCL 0"]).Choose(found));
        Assert.Equal(GpuKind.Simulator, CheckOptions.Parse(["--device", "simulator"]).Choose(found)!.Kind);
        Assert.Null(CheckOptions.Parse(["--device", "other"]).Choose(found));
        Assert.Equal(new CheckOptions("a", true, "b"), CheckOptions.Parse(["--json", "b", "--device", "a", "--quick"]));
    }

    [Theory]
    [InlineData("'--quik' is no option of gpucheck.", "--quik")]
    [InlineData("'more' is no option of gpucheck.", "--quick", "more")]
    [InlineData("--device has no value behind it.", "--quick", "--device")]
    [InlineData("--forms is of products: --products FILE measures them.", "--forms")]
    public void An_argument_that_is_not_understood_is_named(string message, params string[] arguments) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => CheckOptions.Parse(arguments)).Message);

    [Fact]
    public void A_file_that_cannot_be_written_is_said_before_anything_is_measured()
    {
        var (file, folder) = (Path.Combine(_file, "below", "a.json"), Path.GetTempPath());
        foreach (var path in new[] { file, folder })
        {
            using var output = new StringWriter();
            Assert.Equal(Checks.Unusable, Checks.Run(Device.Simulator, new CheckOptions(Json: path), output));
            Assert.StartsWith($"'{path}' cannot be written: ", output.ToString());
            Assert.Equal(Checks.Unusable, ProductMeasurement.Run(Device.Simulator, "none", [], 1, path, output));
            Assert.DoesNotContain("ok ", output.ToString());
        }
    }

    [Fact]
    public void A_file_is_what_it_was_until_the_end()
    {
        File.WriteAllText(_file, "old");
        using (new PendingFile(_file))
        {
        }

        Assert.Equal("old", File.ReadAllText(_file));
        using (var file = new PendingFile(_file))
        {
            File.WriteAllText(file.Partial, "new");
            file.Keep();
        }

        Assert.Equal("new", File.ReadAllText(_file));
        Assert.False(File.Exists(_file + ".partial"));
    }
}
