namespace ModelCompiler.Numerics.Tests;

/// <summary>Decoders on GPUs: tokens with their cache against whole rows, and whole searches against the CPU's.</summary>
[Trait("suite", "gpu")]
public sealed class GpuDecodeTests
{
    public static TheoryData<string> Names => new("gpt", "llama", "opt", "seq2seq", "captioner-frozen", "blip2");

    [Theory, MemberData(nameof(Names))]
    public void Tokens_that_come_bit_by_bit_give_what_whole_rows_give(string name) => Decoded.Compare(DecodeTests.Data(name, 3, 5), name, GpuDevicesOfTests.Any());

    [Theory]
    [InlineData("llama")]
    [InlineData("seq2seq")]
    public void Tokens_that_come_bit_by_bit_give_what_whole_rows_give_as_emulated_PTX(string name) => Decoded.Compare(DecodeTests.Data(name, 2, 4), name, PtxEmulator.Device);

    [Fact]
    public void Beams_go_on_from_each_other_as_on_the_CPU()
    {
        var data = DecodeTests.Data("gpt", 2, 3);
        Assert.Equal(Ids(new Runtime.CpuDevice(2)), Ids(GpuDevicesOfTests.Any()));

        string[] Ids(Runtime.Device device)
        {
            using var model = EngineModels.Create(EngineModels.Of("gpt"), data, device);
            var prompts = new Prompts(model.Core.Description);
            Array.ConvertAll(data.Input("ids"), static v => (int)v).AsSpan(0, prompts.Ids.Length).CopyTo(prompts.Ids);
            return [.. Runtime.Generation.Generator.Run(model.Core, prompts, new() { Beams = 3, Results = 3, MaxNewTokens = 4, StopTokens = [2] }).Select(static r => string.Join(' ', r.Ids))];
        }
    }

    [Fact]
    public void Beams_that_speak_of_a_source_share_what_they_read_as_on_the_CPU()
    {
        var data = DecodeTests.Data("seq2seq", 2, 3);
        Assert.Equal(Ids(new Runtime.CpuDevice(2)), Ids(GpuDevicesOfTests.OpenCl()));

        string[] Ids(Runtime.Device device)
        {
            using var model = EngineModels.Create(EngineModels.Of("seq2seq"), data, device);
            var source = new Runtime.Generation.GenerationSource(2, 3, () => data.Inputs.Where(static i => i.InputName.StartsWith("encoder.", StringComparison.Ordinal)).ToList().ForEach(i => EngineModels.SetInput(model, data, i)));
            return [.. Runtime.Generation.Generator.Run(model.Core, source, null, new() { StartToken = 1, Beams = 3, Results = 3, MaxNewTokens = 4, StopTokens = [2] }).Select(static r => string.Join(' ', r.Ids))];
        }
    }

    private sealed class Prompts(Runtime.ModelDescription model) : Runtime.TokenBatch(2, 2, model.Decoder!.Vocabulary, model.MaxLength);
}
