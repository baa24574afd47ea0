using System.Text.Json.Nodes;
using ModelCompiler.Compiler.Spec;
using ModelCompiler.Runtime.Checkpoints;

namespace ModelCompiler.Runtime.Tests.Checkpoints;

/// <summary>A checkpoint as a model saved it, to be changed and saved again.</summary>
internal sealed class EditedFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public EditedFolder(ModelSpec spec, ulong seed = 2)
    {
        using (var model = HostedModels.Create(spec, seed))
        {
            model.Core.Save(_folder.Path);
            Weights = HostedModels.Weights(model);
        }

        using var file = new SafetensorsFile(WeightFile);
        foreach (var tensor in file.Tensors)
        {
            Tensors.Add(tensor.Name, (tensor.Shape, file.Read(tensor.Name)));
        }

        Config = JsonNode.Parse(File.ReadAllText(_folder["config.json"]))!.AsObject();
    }

    public string Path => _folder.Path;

    public string WeightFile => _folder[WeightFiles.FileName];

    /// <summary>The weights that were saved, by our names.</summary>
    public Dictionary<string, float[]> Weights { get; }

    /// <summary>The tensors of the file, by the format's names.</summary>
    public Dictionary<string, (int[] Shape, float[] Values)> Tensors { get; } = [];

    public JsonObject Config { get; }

    public string this[string name] => _folder[name];

    /// <summary>Gives a tensor another name.</summary>
    public void Rename(string from, string to)
    {
        Tensors.Add(to, Tensors[from]);
        Tensors.Remove(from);
    }

    public void Save()
    {
        SafetensorsWriter.Write(WeightFile, [.. Tensors.Select(static t => new TensorToWrite(t.Key, t.Value.Shape, () => t.Value.Values))]);
        File.WriteAllText(_folder["config.json"], Config.ToJsonString());
    }

    /// <summary>The message of a refusal, which changes no weight.</summary>
    public string Refusal(ModelSpec spec)
    {
        using var model = HostedModels.Create(spec);
        var before = HostedModels.Weights(model);
        var message = Assert.Throws<CheckpointException>(() => model.Core.LoadPretrained(Path)).Message;
        Assert.Equal(before, HostedModels.Weights(model));
        return message;
    }

    public void Dispose() => _folder.Dispose();
}
