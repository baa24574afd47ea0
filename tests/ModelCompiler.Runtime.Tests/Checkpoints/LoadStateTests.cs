using ModelCompiler.Compiler.Spec;
using ModelCompiler.Testing;

namespace ModelCompiler.Runtime.Tests.Checkpoints;

/// <summary>Copies and queues, which training keeps besides weights: a folder has all of them or none.</summary>
public sealed class LoadStateTests
{
    [Fact]
    public void Of_a_folder_without_copies_and_queues_these_begin_anew()
    {
        using var plain = new EditedFolder(Pairs());
        using var model = HostedModels.Create(Pairs(("Momentum", 0.9), ("Queue", 8)), seed: 5);
        var before = HostedModels.Weights(model);
        model.Core.Parameters["queue.first"].Set(new float[before["queue.first"].Length]);
        var report = model.Core.LoadPretrained(plain.Path);
        Assert.Equal(plain.Tensors.Count, report.Loaded.Count);
        Assert.EndsWith($"; not there and begun anew: momentum ({plain.Tensors.Keys.Count(static n => n != "logit_scale")}), queue (3)", report.ToString());
        foreach (var (name, values) in HostedModels.Weights(model))
        {
            Assert.Equal(name.StartsWith("queue.", StringComparison.Ordinal) ? before[name] : plain.Weights[name.Replace("momentum.", "")], values);
        }
    }

    [Fact]
    public void Of_copies_and_queues_a_folder_has_all_or_nothing()
    {
        var spec = Pairs(("Momentum", 0.9), ("Queue", 8));
        using var folder = new EditedFolder(spec);
        var copy = folder.Tensors.Keys.First(static n => n.StartsWith("momentum.", StringComparison.Ordinal));
        var (shape, values) = folder.Tensors[copy];
        folder.Tensors[copy] = (shape, [.. values.Select(static v => v + 1)]);
        folder.Tensors.Remove("queue.first");
        folder.Save();
        var refusal = folder.Refusal(spec);
        Assert.Contains("'queue.first' [8, 3] is missing", refusal);
        Assert.DoesNotContain("momentum", refusal);

        folder.Tensors.Remove("queue.second");
        folder.Tensors.Remove("queue.next");
        folder.Save();
        using (var model = HostedModels.Create(spec, seed: 5))
        {
            Assert.Equal(["queue.first", "queue.next", "queue.second"], model.Core.LoadPretrained(folder.Path).Begun.Order());
            Assert.Equal(folder.Tensors[copy].Values, model.Core.Parameters[copy].ToArray());
        }

        folder.Tensors.Remove(copy);
        folder.Save();
        Assert.Contains($"'{copy}' [{string.Join(", ", shape)}] is missing", folder.Refusal(spec));
    }

    private static ModelSpec Pairs(params (string, object)[] options) => HostedModels.Spec(
        ModelCases.Meet("DualEncoder", [ModelCases.Vision()], [ModelCases.Vision()], [("Embedding", 3), .. options]), ModelCases.Attribute("Contrastive"), ModelCases.Attribute("AdamW"));
}
