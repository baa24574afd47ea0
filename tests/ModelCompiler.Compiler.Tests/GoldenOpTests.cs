using ModelCompiler.Testing;

namespace ModelCompiler.Compiler.Tests;

/// <summary>Single calls stored by a reference implementation, repeated in double on the interpreter.</summary>
[Trait("suite", "golden")]
public sealed class GoldenOpTests
{
    private static readonly string[] s_tables = ["sinusoid", "sinusoid-2d"];

    // Operations of the reference that nothing here computes yet: a new op takes its own from this list.
    private static readonly string[] s_operationsWithoutCounterpart =
    [
        "cosine-similarity", "gather", "log-softmax", "logsumexp", "smooth-l1", "softmax", "softplus", "split", "split-heads",
        "stochastic-depth", "t5-bias", "t5-bucket",
    ];

    // Calls with options that our ops lack: biases of attention, weights of losses, stacks of matrices, other resampling.
    private static readonly string[] s_callsWithoutCounterpart =
    [
        "attention/bias", "attention/bias-causal-batch", "attention/value-width", "bce-with-logits/none", "bce-with-logits/weights", "concat/channels", "concat/rows", "concat/tokens",
        "cross-entropy/none", "cross-entropy/smoothing-none", "cross-entropy/soft-none",
        "cross-entropy/soft-weights", "cross-entropy/weights", "cross-entropy/weights-smoothing", "cross-entropy/weights-sum", "dropout/none", "embedding/scaled",
        "kl-divergence/batchmean", "kl-divergence/log-target", "kl-divergence/mean-zeros", "kl-divergence/none", "geglu-tanh/packed", "geglu/gate-last", "geglu/packed", "geglu/width-1",
        "interpolate/bilinear-down", "interpolate/bilinear-down-antialias", "interpolate/bilinear-up",
        "interpolate/bilinear-up-antialias", "matmul/both", "matmul/broadcast", "matmul/plain", "matmul/transposed-a", "matmul/transposed-b",
        "mse/masked-patches", "mse/none", "patchify/channels-last", "patchify/odd", "pooling/max", "pooling/sum", "position-table/bilinear-no-prefix",
        "rms-norm/offset-1", "rotary/half-partial", "rotary/interleaved", "rotary/interleaved-partial", "sinusoid/concatenated", "sinusoid/concatenated-odd", "sinusoid/tensor2tensor", "sinusoid/tensor2tensor-odd", "swiglu/gate-last", "swiglu/packed", "swiglu/width-1",
        "normalise/add", "normalise/below-eps", "normalise/first-axis", "normalise/root",
    ];

    private static readonly IReadOnlyDictionary<string, GoldenOpBuilder> s_calls = GoldenOps.Calls();

    public static TheoryData<string> Calls => new(s_calls.Keys);

    public static TheoryData<string> Tables => new(s_tables.SelectMany(GoldenOpFile.All).Select(static f => f.ToString()));

    [Theory, MemberData(nameof(Calls))]
    public void Interpreter_repeats_the_stored_call(string name)
    {
        var call = s_calls[name];
        var result = call.Program().Run();
        foreach (var (tensor, expected, actual) in call.Compare(result.Outputs, Comparison.ByName(result)))
        {
            Assert.Null(Comparison.Of(expected, actual, Tolerances.Stored, tensor, Tolerances.StoredFloor));
        }
    }

    [Theory, MemberData(nameof(Tables))]
    public void Tables_of_positions_are_the_stored_ones(string name)
    {
        var file = s_tables.SelectMany(GoldenOpFile.All).Single(f => f.ToString() == name);
        Assert.Null(Comparison.Of(file.Values("out.y"), GoldenTables.Positions(file), Tolerances.Stored, name));
    }

    [Fact]
    public void Every_op_has_a_stored_operation_or_a_reason_why_not() => Assert.Equal(
        OpCases.All.Values.Select(static c => c.Op.Name).Distinct().Order(),
        GoldenOps.All.Values.SelectMany(static op => op.Ops).Concat(GoldenOps.Without.Keys).Select(static t => t.Name).Distinct().Order());

    [Fact]
    public void Every_stored_call_is_repeated_or_listed_as_not_yet()
    {
        var here = s_calls.Keys.Concat(s_tables.SelectMany(GoldenOpFile.All).Select(static f => f.ToString())).ToArray();
        Assert.Empty(here.Intersect(s_callsWithoutCounterpart));
        Assert.Equal(141 + 8, here.Length);
        Assert.SkipUnless(Folders.Shared("golden", "ops") is not null, "there is no folder shared/golden/ops to compare with");
        var folder = Folders.Shared("golden", "ops")!;
        var there = Directory.EnumerateFiles(folder, "*.safetensors", SearchOption.AllDirectories).Select(f => Path.ChangeExtension(Path.GetRelativePath(folder, f), null).Replace('\\', '/'))
            .Where(static c => !s_operationsWithoutCounterpart.Contains(c.Split('/')[0]));
        Assert.Equal(there.Order(StringComparer.Ordinal), here.Concat(s_callsWithoutCounterpart).Order(StringComparer.Ordinal));
    }
}
