using ModelCompiler.Runtime.Checkpoints;

namespace ModelCompiler.Runtime;

/// <content>Weights as a whole: their moving average, and folders of them.</content>
public sealed partial class ModelCore
{
    /// <summary>The moving average of a trained parameter.</summary>
    /// <exception cref="InvalidOperationException">The model keeps no average.</exception>
    public float[] AverageOf(string name)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!Description.HasAverage)
        {
            throw new InvalidOperationException($"{Description.Name} keeps no average: add [AverageWeights].");
        }

        var info = Description.Parameters.Single(p => p.Name == name);
        var values = new float[info.Count];
        _engine.Average.Read(info.Offset, values);
        return values;
    }

    /// <summary>Exchanges the weights that train and their moving average, for evaluations and saving; once more, and all is as before. Nothing happens where no average is kept.</summary>
    public void SwapAverage()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (Description.HasAverage)
        {
            _engine.SwapAverage();
        }
    }

    /// <summary>
    /// Replaces the weights by those of a folder. In Hugging Face's and timm's formats the folder's pictures may be of another size than the model's: the
    /// table of positions is resized as the reference does it, and the report says so. Of a folder without any momentum copies these become what they follow, and without queues
    /// they are as in a new model of this seed; a folder that has them in part is refused.
    /// </summary>
    /// <exception cref="CheckpointException">The folder does not fit; the weights stay as they were.</exception>
    public LoadReport LoadPretrained(string folder)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var copies = Description.Parameters.Where(static p => p.Source is not null).Select(static p => p.Name).ToHashSet();
        var queues = Description.Queues.SelectMany(static q => new[] { q.Parameter, q.Next }).ToHashSet();
        var report = Pretrained.Load(folder, Description.Checkpoint, Parameters, copies, queues);
        var begun = report.Begun.ToHashSet();
        foreach (var info in Description.Parameters.Where(p => begun.Contains(p.Name)))
        {
            Parameters[info.Name].Set(info.Source is { } source ? Parameters[source].ToArray() : Initial(info));
        }

        _engine.ResetAverage();
        return report;
    }

    // What a parameter of this seed begins with; a copy, what it follows.
    private float[] Initial(ParameterInfo info)
    {
        var values = GC.AllocateUninitializedArray<float>(info.Count);
        info.Initializer.Fill(values, info.Shape, new InitialNumbers(Seed, info.Source ?? info.Name));
        return values;
    }

    /// <summary>Writes the weights to a folder.</summary>
    /// <exception cref="CheckpointException">The folder cannot be written; what was there before still is.</exception>
    public void Save(string folder)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Pretrained.Save(folder, Description.Checkpoint, Parameters);
    }

    /// <summary>Weights were replaced: their average begins anew.</summary>
    internal void ResetAverage() => _engine.ResetAverage();
}
