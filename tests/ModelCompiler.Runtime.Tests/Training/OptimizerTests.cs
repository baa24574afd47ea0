using System.Text.Json;
using ModelCompiler.Compiler.Spec;
using ModelCompiler.Runtime.Checkpoints;
using ModelCompiler.Runtime.Cpu;
using ModelCompiler.Testing;

namespace ModelCompiler.Runtime.Tests.Training;

/// <summary>
/// Emitted optimizers on stored gradients against torch and others: the steps of a small model, some of whose weights stand for the
/// reference's matrix, vector and scalar. Its other weights get no gradient.
/// </summary>
public sealed class OptimizerTests
{
    // The matrix decays, the others do not.
    private static readonly (string Theirs, string Ours)[] s_parameters = [("matrix", "blocks.0.feed_forward.up.weight"), ("vector", "embeddings.token.weight"), ("scalar", "blocks.1.attention.output.bias")];

    private static readonly Dictionary<string, Func<JsonElement, AttributeSpec>> s_cases = new()
    {
        ["adamw"] = AdamW,
        ["adamw_clipped"] = AdamW,
        ["adamw_eps"] = AdamW,
        ["adamw_schedule"] = AdamW,
        ["adamw_accumulation"] = AdamW,
        ["adamw_ema"] = AdamW,
        ["lion"] = static o => Attribute("Lion", ("Beta1", o.GetProperty("betas")[0].GetDouble()), ("Beta2", o.GetProperty("betas")[1].GetDouble())),
        ["sgd"] = static _ => Attribute("Sgd", ("Momentum", 0.0)),
        ["sgd_momentum"] = static o => Attribute("Sgd", ("Momentum", o.GetProperty("momentum").GetDouble())),
        ["sgd_nesterov"] = static o => Attribute("Sgd", ("Momentum", o.GetProperty("momentum").GetDouble()), ("Nesterov", true)),
    };

    private static readonly string[] s_notOurs = ["adafactor", "adam_l2", "adamw_amsgrad", "lamb", "sgd_dampened"];

    public static TheoryData<string, InstructionSet> Cases => new(s_cases.Keys.SelectMany(static _ => Enum.GetValues<InstructionSet>(), static (name, set) => (name, set)));

    [Theory, MemberData(nameof(Cases))]
    public void Agrees_with_the_reference(string name, InstructionSet set)
    {
        Assert.SkipUnless(Instructions.IsSupported(set), $"{set} is not supported here");
        using var json = JsonDocument.Parse(File.ReadAllBytes(Golden(name + ".json")));
        using var file = new SafetensorsFile(Golden(name + ".safetensors"));
        var options = json.RootElement;
        using var model = HostedModels.Create(Spec(name, options), set: set);
        foreach (var (theirs, ours) in s_parameters)
        {
            Write(model.Core.Parameters[ours], file.Read("initial." + theirs));
        }

        var rates = options.TryGetProperty("learning_rates", out var r) ? r.EnumerateArray().Select(static v => v.GetDouble()).ToArray() : null;
        for (var step = 0; step < 25; step++)
        {
            SetGradients(model, file, step, options.GetProperty("micro_batches").GetInt32());
            var norm = options.GetProperty("gradient_norm_before_clipping")[step].GetDouble();
            if (rates is null)
            {
                Assert.True(model.Core.Step());
            }
            else
            {
                // The reference's schedule begins one step later than ours: the rates are handed over, as a step does.
                Assert.Equal(rates[step], model.Core.Description.Rate(step + 1), 1e-15);
                model.Core.Engine.Optimize(step + 1, rates[step], model.Core.Description.ClipNorm!.Value, slot: 0);
            }

            Assert.Equal(norm, model.Core.Engine.ReadKept(0).GradientNorm, norm * 1e-6);

            if ((step + 1) % 5 == 0)
            {
                Compare(file, options, $"after_{step + 1}", "after", ours => model.Core.Parameters[ours].ToArray());
                if (name == "adamw_ema")
                {
                    Compare(file, options, $"ema_plain_{step + 1}", "ema", model.Core.AverageOf);
                }
            }
        }
    }

    [Fact]
    public void Every_case_of_the_reference_is_ours_or_named_as_not_ours()
    {
        Assert.SkipUnless(Folders.Shared("golden") is not null, "there is no folder shared/golden to compare with");
        var all = Directory.EnumerateFiles(Folders.Shared("golden", "optimizers")!, "*.json").Select(static f => Path.GetFileNameWithoutExtension(f));
        Assert.Equal(all.Order(StringComparer.Ordinal), s_cases.Keys.Concat(s_notOurs).Order(StringComparer.Ordinal));
    }

    private static ModelSpec Spec(string name, JsonElement options)
    {
        var optimizer = s_cases[name](options.GetProperty("options"));
        List<AttributeSpec> attributes =
        [
            ModelCases.Text("TransformerDecoder"),
            ModelCases.Attribute("CausalLanguageModel"),
            optimizer with { Arguments = new(optimizer.Arguments.Concat(Attribute("", ("LearningRate", options.GetProperty("options").GetProperty("lr").GetDouble()), ("WeightDecay", options.GetProperty("weight_decay").GetProperty("matrix").GetDouble())).Arguments)) },
        ];
        if (options.GetProperty("clip_global_norm") is { ValueKind: JsonValueKind.Number } clip)
        {
            attributes.Add(Attribute("ClipGradients", ("norm", clip.GetDouble())));
        }

        if (options.TryGetProperty("ema_decay", out var decay))
        {
            attributes.Add(Attribute("AverageWeights", ("decay", decay.GetDouble())));
        }

        if (options.TryGetProperty("learning_rates", out _))
        {
            attributes.Add(Attribute("CosineSchedule", ("Warmup", 6), ("Steps", 26), ("Minimum", 0.1)));
        }

        return HostedModels.Spec([.. attributes]);
    }

    // A step over several batches sums gradients that are weighted before: each batch here has the same weight.
    private static void SetGradients(IModel model, SafetensorsFile file, int step, int batches)
    {
        foreach (var (theirs, ours) in s_parameters)
        {
            var all = file.Read("gradient." + theirs);
            var size = all.Length / 25 / batches;
            var gradient = new float[size];
            for (var i = 0; i < size * batches; i++)
            {
                gradient[i % size] += all[(step * size * batches) + i] * (1f / batches);
            }

            var info = model.Core.Description.Parameters.Single(p => p.Name == ours);
            model.Core.Engine.Reserve(Pass.Train, 1, 1);
            model.Core.Engine.Gradients.Write(info.Offset, gradient);
        }
    }

    private static void Compare(SafetensorsFile file, JsonElement options, string tensor, string kind, Func<string, float[]> actual)
    {
        var tolerance = Math.Max(1e-5, 10 * options.GetProperty("float32_deviation_of_the_reference").GetProperty(kind).GetDouble());
        foreach (var (theirs, ours) in s_parameters)
        {
            var expected = file.Read($"{tensor}.{theirs}");
            var found = actual(ours);
            var scale = Math.Sqrt(expected.Sum(static v => (double)v * v) / expected.Length);
            for (var i = 0; i < expected.Length; i++)
            {
                Assert.True(Math.Abs(expected[i] - found[i]) <= tolerance * scale, $"{tensor}.{theirs}[{i}]: {expected[i]} expected, {found[i]} found");
            }
        }
    }

    private static void Write(Parameter parameter, float[] first)
    {
        var values = parameter.ToArray();
        first.CopyTo(values, 0);
        parameter.Set(values);
    }

    private static AttributeSpec AdamW(JsonElement options) => Attribute("AdamW",
        ("Beta1", options.GetProperty("betas")[0].GetDouble()), ("Beta2", options.GetProperty("betas")[1].GetDouble()), ("Epsilon", options.GetProperty("eps").GetDouble()));

    private static AttributeSpec Attribute(string name, params (string, object)[] arguments) => ModelCases.Attribute(name, arguments);

    private static string Golden(string file) => Path.Combine(Folders.Root, "tests", "Golden", "optimizers", file);
}
