using ModelCompiler.Runtime.Checkpoints;
using ModelCompiler.Testing;

namespace ModelCompiler.Runtime.Tests.Checkpoints;

/// <summary>Weights in one file, or in several with an index that need not be trusted.</summary>
public sealed class WeightFilesTests : IDisposable
{
    private const string Index = "model.safetensors.index.json";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Shards_are_found_by_the_index()
    {
        Shard("one.safetensors", "a", 1);
        Shard("two.safetensors", "b", 2);
        using var files = Open("""{"metadata":{"total_size":8},"weight_map":{"a":"one.safetensors","b":"two.safetensors"}}""");
        Assert.Equal([1f], files.Find("a")!.Read("a"));
        Assert.Equal([2f], files.Find("b")!.Read("b"));
        Assert.Null(files.Find("c"));
        Assert.Equal(["a", "b"], files.Tensors.Select(static t => t.Name));
    }

    [Fact]
    public void One_file_wins_over_an_index()
    {
        Shard(WeightFiles.FileName, "a", 1);
        using var files = Open("no JSON at all");
        Assert.Equal([1f], files.Find("a")!.Read("a"));
    }

    [Theory]
    [InlineData("../one.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("sub/one.safetensors")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("one.safetensors\\u0000")]
    public void Shards_lie_in_the_folder(string name)
    {
        Shard("one.safetensors", "a", 1);
        Assert.Contains("'a' is said to lie in", Refusal($$$"""{"weight_map":{"a":"{{{name}}}"}}"""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"weight_map":[]}""")]
    [InlineData("""{"weight_map":{"a":1}}""")]
    [InlineData("""{"weight_map":{"a":"missing.safetensors"}}""")]
    [InlineData("""{"weight_map":{"b":"one.safetensors"}}""")]
    [InlineData("""{"weight_map":{"a":"one.safetensors","a":"one.safetensors"}}""")]
    [InlineData("""{"weight_map":{"a":"\ud800"}}""")]
    [InlineData("""{"weight_map":{"\ud800":"one.safetensors"}}""")]
    [InlineData("""{"\ud800":1,"weight_map":{"a":"one.safetensors"}} x""")]
    public void An_index_that_is_wrong_is_refused(string json)
    {
        Shard("one.safetensors", "a", 1);
        Assert.NotEmpty(Refusal(json));
    }

    [Fact]
    public void Nested_and_long_indices_are_refused() => Guard.Run(() =>
    {
        Refusal(new string('[', 1_000_000));
        using (var file = new FileStream(_folder[Index], FileMode.Create))
        {
            file.SetLength((64 << 20) + 1);
        }

        Assert.Contains("legal are 1 to 67108864", Assert.Throws<CheckpointException>(() => new WeightFiles(_folder.Path)).Message);
    });

    [Fact]
    public void A_shard_with_a_name_that_is_too_long_is_refused() => Assert.NotEmpty(Refusal($$$"""{"weight_map":{"a":"{{{new string('x', 10_000)}}}"}}"""));

    [Fact]
    public void A_folder_without_weights_says_what_was_looked_for() =>
        Assert.EndsWith($"has neither {WeightFiles.FileName} nor {Index}.", Assert.Throws<CheckpointException>(() => new WeightFiles(_folder.Path)).Message);

    private void Shard(string file, string tensor, float value) => SafetensorsWriter.Write(_folder[file], [new TensorToWrite(tensor, [1], () => [value])]);

    private WeightFiles Open(string index)
    {
        File.WriteAllText(_folder[Index], index);
        return new WeightFiles(_folder.Path);
    }

    private string Refusal(string index) => Assert.Throws<CheckpointException>(() => Open(index)).Message;
}
