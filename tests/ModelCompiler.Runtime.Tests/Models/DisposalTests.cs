using System.Runtime.CompilerServices;
using ModelCompiler.Testing;

namespace ModelCompiler.Runtime.Tests.Models;

/// <summary>A model that was disposed of says so, wherever it is touched; memory that was not to be had leaves a model that works.</summary>
public sealed class DisposalTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Everything_is_refused_afterwards(bool hasTrained)
    {
        var model = HostedModels.Create(HostedModels.Spec([.. ModelCases.All["vit"], ModelCases.Attribute("AverageWeights", ("decay", 0.9))]));
        var core = model.Core;
        var parameter = core.Parameters["head.weight"];
        if (hasTrained)
        {
            SetBatch(core);
            core.ComputeGradients(2, 1, false);
            core.Step();
        }

        using var folder = new TemporaryFolder();
        core.Save(folder.Path);
        model.Dispose();
        model.Dispose();
        SetBatch(core);
        Action[] uses =
        [
            () => core.Forward(2, 1), () => core.Evaluate(2, 1), () => core.ComputeGradients(2, 1, false), () => core.Step(), core.SwapAverage,
            () => core.Output("logits"), () => core.HasOutput("logits"), () => core.MemoryFor(Pass.Train, 1, 1), () => core.AverageOf("head.weight"),
            () => core.Save(folder.Path), () => core.LoadPretrained(folder.Path),
            () => parameter.ToArray(), () => parameter.GradientToArray(), () => parameter.Set(new float[parameter.Count]),
        ];
        foreach (var use in uses)
        {
            Assert.Throws<ObjectDisposedException>(use);
        }

        Assert.Equal(0, core.AllocatedBytes);
    }

    [Fact]
    public void A_model_that_nobody_holds_is_freed() => Guard.Run(static () =>
    {
        var weak = Make();
        while (weak.IsAlive)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Make()
        {
            var core = HostedModels.Create(HostedModels.Vit).Core;
            SetBatch(core);
            core.ComputeGradients(2, 1, false);
            return new WeakReference(core);
        }
    });

    [Fact]
    public void A_batch_that_does_not_fit_leaves_a_model_that_works()
    {
        const long Enormous = 1_000_000_000_000; // pictures: more bytes than addresses
        using var model = HostedModels.Create(HostedModels.Vit);
        SetBatch(model.Core);
        var loss = model.Core.Evaluate(2, 1);
        var promised = model.Core.MemoryFor(Pass.Evaluate, 2, 1);
        Assert.Throws<OutOfMemoryException>(() => model.Core.Engine.Reserve(Pass.Evaluate, Enormous, 1));
        SetBatch(model.Core);
        Assert.Equal(loss, model.Core.Evaluate(2, 1));
        Assert.Equal(promised, model.Core.AllocatedBytes);
    }

    [Fact]
    public void The_average_is_the_weights_until_training_starts()
    {
        using var model = HostedModels.Create(HostedModels.Spec([.. ModelCases.All["vit"], ModelCases.Attribute("AverageWeights", ("decay", 0.9))]));
        Assert.Equal(model.Core.Parameters["head.weight"].ToArray(), model.Core.AverageOf("head.weight"));
        using var plain = HostedModels.Create(HostedModels.Vit);
        Assert.Contains("keeps no average: add [AverageWeights]", Assert.Throws<InvalidOperationException>(() => plain.Core.AverageOf("head.weight")).Message);
    }

    private static void SetBatch(ModelCore core)
    {
        core.SetInput("pictures", Enumerable.Range(0, 2 * 192).Select(static i => i / 200f).ToArray());
        core.SetInput("labels", (int[])[0, 2]);
        core.SetScale("labels_scale", 2);
    }
}
