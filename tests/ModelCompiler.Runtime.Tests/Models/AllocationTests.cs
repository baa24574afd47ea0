using ModelCompiler.Models.Small;
using ModelCompiler.Runtime.Generation;
using ModelCompiler.Testing;
using ModelCompiler.Trainee;

namespace ModelCompiler.Runtime.Tests.Models;

/// <summary>Tests that nothing else runs beside.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>A training step allocates nothing once all memory is there, on any thread.</summary>
[Collection(nameof(Alone))]
public sealed class AllocationTests
{
    private const int Steps = 20;

    public static TheoryData<string, int> Cases => new(
        from name in new[] { "gpt", "bert", "vit", "accumulating", "gathering" }
        from threads in new[] { 1, 2 }
        select (name, threads));

    [Theory, MemberData(nameof(Cases))]
    public void Steps_allocate_nothing(string name, int threads)
    {
        var device = new CpuDevice(threads);
        switch (name)
        {
            case "gpt":
                using (var model = new CharacterGpt(device))
                {
                    var batch = new CharacterGpt.Batch(new CharacterGpt.Tokens(2, 16));
                    RequireNone(() => model.TrainStep(batch));
                }

                break;
            case "bert":
                using (var model = new TraineeBert(device))
                {
                    var batch = Words();
                    RequireNone(() => model.TrainStep(batch));
                }

                break;
            case "vit":
                using (var model = new ShapesVit(device))
                {
                    var batch = new ShapesVit.Batch(new ShapesVit.Pictures(2));
                    RequireNone(() => model.TrainStep(batch));
                }

                break;
            case "gathering":
                using (var model = new GatheringTwo(device))
                {
                    var (first, second) = (Training.GatheredPairsTests.Two(0, 3), Training.GatheredPairsTests.Two(3, 2));
                    RequireNone(() => model.TrainStep(first, second));
                }

                break;
            default:
                using (var model = Trainee.Trainee.Create(threads))
                {
                    var (first, second) = (Trainee.Trainee.Data(1).Get(0, null), Trainee.Trainee.Data(1).Get(1, null));
                    RequireNone(() => model.TrainStep(first, second));
                }

                break;
        }
    }

    [Fact]
    public void Copies_and_queues_allocate_nothing_behind_a_step()
    {
        const int Batch = 3, Length = 5;
        using var model = HostedModels.Create(HostedModels.Spec(ModelCases.All["momentum"]));
        var inputs = model.Core.Description.Inputs.Where(static i => !i.Name.EndsWith("_scale", StringComparison.Ordinal)).ToArray();
        var floats = Array.ConvertAll(inputs, static i => Enumerable.Repeat(0.5f, (int)i.Count(Batch, Length)).ToArray());
        var integers = Array.ConvertAll(inputs, static i => new int[i.Count(Batch, Length)]);
        RequireNone(() =>
        {
            for (var i = 0; i < inputs.Length; i++)
            {
                if (inputs[i].IsInteger)
                {
                    model.Core.SetInput(inputs[i].Name, integers[i]);
                }
                else
                {
                    model.Core.SetInput(inputs[i].Name, floats[i]);
                }
            }

            model.Core.SetScale("pairs_scale", Batch);
            model.Core.ComputeGradients(Batch, Length, accumulate: false);
            Assert.True(model.Core.Step());
        });
        Assert.NotEqual(0, model.Core.Parameters["queue.next"].ToArray()[0]);
    }

    [Fact]
    public void Tokens_behind_the_first_allocate_nothing()
    {
        using var model = HostedModels.Create(HostedModels.Spec(ModelCases.Text("TransformerDecoder", ("Context", 400)), ModelCases.Attribute("CausalLanguageModel")));
        var request = new Request(new Prompts(2, 3, [1, 2, 3, 4, 5, 6], [0, 1, 1, 1, 1, 1]), new GenerationOptions { MaxNewTokens = 390, Sample = true, TopK = 5, TopP = 0.9, RepetitionPenalty = 1.1 }, 11, 400, padding: -1);
        var search = new TokenSearch(new CachedTokens(model.Core, request, null, copies: 1), request);
        RequireNone(() => Assert.True(search.Next()));
    }

    [Fact]
    public void Tokens_that_speak_of_a_source_allocate_nothing_behind_the_first()
    {
        using var model = HostedModels.Create(HostedModels.Spec(ModelCases.Meet("EncoderDecoder", [ModelCases.Vision()], [ModelCases.Text("TransformerDecoder", ("Context", 400))]), ModelCases.Attribute("CausalLanguageModel")));
        var pictures = model.Core.Description.Inputs.Single(static i => i.Name == "encoder.pictures");
        var source = new GenerationSource(2, 1, () => model.Core.SetInput(pictures.Name, Enumerable.Repeat(0.5f, (int)pictures.Count(2, 1)).ToArray()));
        var request = new Request(new Prompts(2, 1, [1, 2], [1, 1]), new GenerationOptions { MaxNewTokens = 390, Sample = true }, 11, 400, padding: -1);
        var search = new TokenSearch(new CachedTokens(model.Core, request, source, copies: 1), request);
        RequireNone(() => Assert.True(search.Next()));
    }

    [Fact]
    public void Evaluations_allocate_nothing()
    {
        using var model = Trainee.Trainee.Create();
        var batch = Trainee.Trainee.Data(1).Get(0, null);
        RequireNone(() => model.Evaluate(batch));
    }

    private static TraineeBert.Batch Words()
    {
        var tokens = new TraineeBert.Tokens(3, 12) { Positions = new int[36], Segments = new int[36] };
        for (var i = 0; i < 36; i++)
        {
            (tokens.Ids[i], tokens.Mask[i], tokens.Positions[i], tokens.Segments[i]) = (i % 20, i % 12 < 9 ? 1 : 0, i % 12, i % 12 / 6);
        }

        var batch = new TraineeBert.Batch(tokens);
        for (var i = 0; i < batch.Targets.Length; i++)
        {
            batch.Targets[i] = i % 5 == 0 ? i % 20 : -100;
        }

        return batch;
    }

    // The test's own host may allocate in between: one quiet stretch shows that the steps do not.
    private static void RequireNone(Action step)
    {
        var (own, all) = (long.MaxValue, long.MaxValue);
        for (var attempt = 0; attempt < 10 && (own, all) != (0, 0); attempt++)
        {
            step();
            var before = (Own: GC.GetAllocatedBytesForCurrentThread(), All: GC.GetTotalAllocatedBytes(precise: true));
            for (var i = 0; i < Steps; i++)
            {
                step();
            }

            var behind = GC.GetTotalAllocatedBytes(precise: true);
            own = Math.Min(own, GC.GetAllocatedBytesForCurrentThread() - before.Own);
            all = Math.Min(all, behind - before.All);
        }

        Assert.Equal((0, 0), (own, all));
    }
}
