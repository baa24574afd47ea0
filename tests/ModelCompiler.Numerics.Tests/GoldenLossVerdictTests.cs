using ModelCompiler.Golden;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Cases of losses that say what is not so, or that the project does not have: what the configuration says is read, and names of folders say nothing.</summary>
public sealed class GoldenLossVerdictTests
{
    [Theory]
    [InlineData("losses/siglip")]
    [InlineData("losses/soft-targets")]
    [InlineData("vsepp/loss-max")]
    [InlineData("moco/mlp")]
    public void A_case_is_known_by_what_it_says(string name)
    {
        using var copy = new GoldenCopy(name);
        Assert.Equal("ok", GoldenCase.Run(copy.Folder).Verdict);
    }

    [Theory]
    [InlineData("losses/siglip", "ok")]
    [InlineData("losses/soft-targets", "ok (not compared: targets_i2t, targets_t2i)")]
    [InlineData("losses/multi-positive-ids", "ok (not compared: loss_i2t, loss_t2i)")]
    public void What_is_not_compared_is_said(string name, string end)
    {
        using var copy = new GoldenCopy(name);
        Assert.EndsWith("\t" + end, GoldenCase.Run(copy.Folder).ToString());
    }

    [Theory]
    [InlineData("losses/siglip", "loss", "\"dice\"", "unsupported (loss = dice (supported: clip-distillation, focal, infonce-fixed, ")]
    [InlineData("losses/siglip", "wings", "2", "unsupported (wings = 2 (no counterpart))")]
    [InlineData("vsepp/loss-sum", "measure", "\"euclid\"", "unsupported (measure = euclid (supported: cosine, order))")]
    [InlineData("vsepp/loss-sum", "word_dim", "12", "unsupported (word_dim = 12 (")]
    [InlineData("moco/queue", "encoder.activation", "\"gelu\"", "unsupported (encoder.activation = gelu (supported: tanh))")]
    public void What_has_no_counterpart_is_unsupported(string name, string key, string value, string verdict) => Check(name, "config.json", key, value, verdict);

    [Theory]
    [InlineData("losses/infonce-fixed", "temperature", "0.071")]
    [InlineData("losses/infonce-queue", "temperature", "0.071")]
    [InlineData("losses/multi-positive-captions", "temperature", "0.071")]
    [InlineData("losses/supervised-contrastive", "temperature", "0.11")]
    [InlineData("losses/clip-distillation", "dist_scale", "21.0")]
    [InlineData("losses/soft-targets", "alpha", "0.41")]
    [InlineData("losses/label-smoothing", "label_smoothing", "0.11")]
    [InlineData("losses/vse-hardest", "margin", "0.21")]
    [InlineData("losses/focal", "gamma", "2.1")]
    [InlineData("losses/focal", "alpha", "0.26")]
    [InlineData("losses/kl-distillation", "alpha", "0.71")]
    [InlineData("losses/kl-distillation", "temperature", "3.1")]
    [InlineData("vsepp/loss-order", "measure", "\"cosine\"")]
    [InlineData("losses/siglip", "loss", "\"infonce-learned\"")]
    [InlineData("vsepp/loss-sum", "margin", "0.21")]
    [InlineData("vsepp/loss-sum", "max_violation", "true")]
    [InlineData("moco/queue", "T", "0.21")]
    [InlineData("moco/queue", "m", "0.91")]
    public void What_a_configuration_says_is_read(string name, string key, string value) => Check(name, "config.json", key, value, "off (");

    [Theory]
    [InlineData("vsepp/loss-sum", "embed_size", "11", "off (InvalidDataException: embed_size of config.json is 11, but the tensors have 10)")]
    [InlineData("losses/infonce-queue", "queue", "13", "off (InvalidDataException: queue of config.json is 13, but the tensors have 12)")]
    [InlineData("moco/queue", "K", "15", "off (InvalidDataException: K of config.json is 15, but the tensors have 16)")]
    public void Sizes_are_those_of_the_tensors(string name, string key, string value, string verdict) => Check(name, "config.json", key, value, verdict);

    [Theory]
    [InlineData("losses/siglip", "training.loss_before_each_step.7", "2.5", "off (loss of step 7)")]
    [InlineData("losses/siglip", "training.parameter_norm_after.logit_scale", "1.0", "off (norm of logit_scale after training)")]
    [InlineData("losses/siglip", "training.clip_global_norm", "0.5", "unsupported (training.clip_global_norm = 0.5 (supported: null))")]
    [InlineData("losses/label-smoothing", "training.gradient_norm_before_clipping.3", "8.2", "off (gradient norm of step 3 of training)")]
    [InlineData("losses/label-smoothing", "training.optimizer", "\"Lion\"", "unsupported (training.optimizer = Lion (supported: AdamW with betas of 0.9 and 0.999, SGD))")]
    [InlineData("moco/queue", "training_sgd.loss_before_each_step.4", "2.5", "off (loss of step 4 of training_sgd)")]
    [InlineData("moco/queue", "training_sgd.queue_ptr_after_each_step.2", "9", "off (queue_ptr behind step 2 of training_sgd)")]
    [InlineData("moco/mlp", "training_sgd.parameter_norm_after.encoder_k/fc/2/bias", "0.3", "off (norm of encoder_k.fc.2.bias after training_sgd)")]
    [InlineData("moco/mlp", "training_sgd.queue_norm_after", "4.0", "off (norm of queue after training_sgd)")]
    public void What_training_says_is_checked(string name, string at, string value, string verdict) => Check(name, "case.json", at, value, verdict);

    [Fact]
    public void What_training_leaves_behind_is_compared()
    {
        using var copy = new GoldenCopy("moco/queue");
        File.Copy(Path.Combine(copy.Folder, "model.safetensors"), Path.Combine(copy.Folder, "state_after.safetensors"), overwrite: true);
        Assert.Matches("^off \\(.* after training\\)$", GoldenCase.Run(copy.Folder).Verdict);
    }

    private static void Check(string name, string file, string at, string value, string verdict)
    {
        using var copy = new GoldenCopy(name);
        copy.Set(file, at, value);
        Assert.StartsWith(verdict, GoldenCase.Run(copy.Folder).Verdict);
    }
}
