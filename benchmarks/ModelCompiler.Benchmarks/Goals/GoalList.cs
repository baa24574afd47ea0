namespace ModelCompiler.Benchmarks.Goals;

/// <summary>Something that the project promises of itself and this program measures.</summary>
/// <param name="IsQuick">It is measured when no names are given.</param>
internal sealed record Goal(string Name, bool IsQuick, string About, Func<GoalContext, IEnumerable<Line>> Measure);

/// <summary>All goals by name.</summary>
internal static class GoalList
{
    public static IReadOnlyList<Goal> All { get; } =
    [
        new("generator", true, "time of a cold run, what an edit elsewhere runs again, lines by depth", GeneratorGoal.Measure),
        new("memory", true, "bytes promised and bytes allocated", MemoryGoal.Measure),
        new("gemm", true, "matrix products of transformer blocks, as a share of the peak", GemmGoal.Measure),
        new("train-step", true, "whole training steps, as a share of the peak", TrainStepGoal.Measure),
        new("chunks", true, "pieces that the launches of a training step are cut into for 64 threads", ChunksGoal.Measure),
        new("tokenize", false, "text to tokens: bytes a second beside Microsoft.ML.Tokenizers, allocations, long words (two minutes)", TokenizeGoal.Measure),
        new("tokenizer-training", false, "32,000 merges from 100 MB of text (half a minute)", TokenizerTrainingGoal.Measure),
        new("pictures", false, "files to a model's numbers beside SkiaSharp's decode and resize (a minute)", PicturesGoal.Measure),
        new("data-wait", false, "share of a training step that waits for pictures and captions from shards (half a minute)", DataWaitGoal.Measure),
        new("similarity-memory", false, "peak memory of losses of 32,768 pairs and of a queue, time beside stored similarities (two minutes)", SimilarityMemoryGoal.Measure),
        new("ilgpu-gemm", true, "the portable matrix product of GPUs, through OpenCL", IlgpuGemmGoal.Measure),
        new("ilgpu-launch", true, "what a launch costs the host, on every device there is", IlgpuLaunchGoal.Measure),
        new("ilgpu-launches", true, "kernels that a training step gives a GPU, by layer", IlgpuLaunchesGoal.Measure),
        new("ilgpu-compile", false, "time to compile the kernels of GPT-2 124M in a new process (3 GiB)", IlgpuCompileGoal.Measure),
        new("resume", false, "training killed 200 times and started again, bit by bit (five minutes)", ResumeGoal.Measure),
        new("peer-step", false, "whole training steps beside TorchSharp's (restores 480 MB once)", PeerStepGoal.Measure),
        new("generate", false, "tokens of GPT-2 124M beside TorchSharp's, both with cache, and the share of the memory's bandwidth (restores 480 MB once)", GenerateGoal.Measure),
        new("clip-step", false, "a training step of two towers, as a share of the peak and beside TorchSharp's (restores 480 MB once)", ClipStepGoal.Measure),
        new("qformer-step", false, "a training step of BLIP-2's first stage, as a share of the peak (half a minute)", QFormerStepGoal.Measure),
        new("memory-peer", false, "peak bytes of a training step beside TorchSharp's (restores 480 MB once)", MemoryPeerGoal.Measure),
        new("nanogpt", false, "validation loss of nanoGPT's small setting on tiny Shakespeare (a minute)", NanoGptGoal.Measure),
        new("mnist", false, "test accuracy of a ViT on MNIST (ten minutes)", MnistGoal.Measure),
        new("shapesworld", false, "zero-shot accuracy on compositions of shape, colour and size that training never saw (ten minutes)", ShapesWorldGoal.Measure),
        new("captions", false, "captions of compositions that training never saw, by a captioner and by a frozen decoder behind a Q-Former (a quarter of an hour of one processor)", CaptionsGoal.Measure),
        new("translate", false, "BLEU of English into German, trained on 29,000 pairs (36 minutes of one processor)", TranslateGoal.Measure),
        new("emoji", false, "retrieval of emoji by a drawer that was left out, three seeds (half an hour)", EmojiGoal.Measure),
        new("emoji-locked", false, "the same with a frozen, published side of text (half an hour)", EmojiGoal.MeasureLocked),
    ];

    /// <summary>Names and what is measured, a line each.</summary>
    public static string Text => string.Join("\n", All.Select(static g => $"  {g.Name,-18} {g.About}{(g.IsQuick ? "" : "; only when named")}"));
}
