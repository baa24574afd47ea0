using System.Runtime.InteropServices;
using System.Text.Json;
using ModelCompiler.Gpu;

namespace ModelCompiler.GpuCheck.Reporting;

/// <summary>The lines of a run: printed one by one, written to a file together.</summary>
internal sealed class Report
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };
    private readonly List<(string Part, string Name, Result Result)> _results = [];
    private readonly GpuDevice _device;
    private readonly bool _isQuick;
    private readonly TextWriter _output;

    public Report(GpuDevice device, bool isQuick, TextWriter output)
    {
        (_device, _isQuick, _output) = (device, isQuick, output);
        output.WriteLine(FormattableString.Invariant($"{device}; {device.Capability}; {device.MemoryBytes / (double)(1 << 30):F1} GiB{(device.Kind == GpuKind.Cuda ? "; cuBLAS: " + CublasLoader.Found.Text : "")}{(isQuick ? "; quick: these times say nothing" : "")}"));
    }

    /// <summary>Everything ran, and no result is wrong.</summary>
    public bool IsPassed => _results.TrueForAll(static r => r.Result.IsPassed);

    /// <summary>Runs a check. One that cannot run has failed, and the others run all the same.</summary>
    public void Add(string part, string name, Func<Result> check)
    {
        Result? result = null;
        Try(part, name, () => result = check());
        if (result is not null)
        {
            Keep(part, name, result);
        }
    }

    /// <summary>Runs what adds checks. Where it cannot go on, that has failed, and what is known is written all the same.</summary>
    public void Try(string part, string name, Action checks)
    {
        try
        {
            checks();
        }
#pragma warning disable CA1031 // A driver may fail in any way; the report is what is wanted then.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Keep(part, name, new Result(false, $"{e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}"));
        }
    }

    /// <summary>Writes everything as JSON.</summary>
    public void Write(string file)
    {
        var text = JsonSerializer.Serialize(
            new Dictionary<string, object>
            {
                ["device"] = new Dictionary<string, object>
                {
                    ["name"] = _device.ToString(),
                    ["capability"] = _device.Capability,
                    ["memory_bytes"] = _device.MemoryBytes,
                    ["is_gpu"] = _device.IsGraphicsProcessor,
                    ["cublas"] = _device.Kind == GpuKind.Cuda ? CublasLoader.Found.Text : "",
                },
                ["system"] = RuntimeInformation.OSDescription,
                ["time"] = DateTimeOffset.UtcNow.ToString("u"),
                ["quick"] = _isQuick,
                ["passed"] = IsPassed,
                ["results"] = _results.ConvertAll(static r => new Dictionary<string, object>
                {
                    ["part"] = r.Part,
                    ["name"] = r.Name,
                    ["passed"] = r.Result.IsPassed,
                    ["text"] = r.Result.Text,
                    ["numbers"] = r.Result.Numbers.Where(static n => double.IsFinite(n.Value)).ToDictionary(static n => n.Name, static n => n.Value),
                }),
            },
            s_json);
        File.WriteAllText(file, text + "\n");
        _output.WriteLine($"{_results.Count(static r => r.Result.IsPassed)} of {_results.Count} passed");
    }

    private void Keep(string part, string name, Result result)
    {
        _results.Add((part, name, result));
        _output.WriteLine($"{(result.IsPassed ? "ok    " : "FAILED")}  {part,-8}  {name,-24}  {result.Text}");
    }
}
