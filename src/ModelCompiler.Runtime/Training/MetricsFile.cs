using System.Globalization;
using ModelCompiler.Runtime.Checkpoints;

namespace ModelCompiler.Runtime.Training;

/// <summary>
/// Metrics as comma-separated values: step, loss, learning rate, gradient norm and, where the step was evaluated, held-out loss. A run
/// that goes on from a checkpoint first drops the lines behind it, so that each step has one line.
/// </summary>
internal sealed class MetricsFile : IDisposable
{
    public const string FileName = "metrics.csv";
    private const string Head = "step,loss,learning_rate,gradient_norm,held_out_loss";
    private readonly StreamWriter _writer;

    /// <param name="step">Steps that are done: lines of later ones go.</param>
    /// <exception cref="CheckpointException">The file cannot be written.</exception>
    public MetricsFile(string folder, long step)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            string[] kept = File.Exists(path) ? [.. File.ReadLines(path).Skip(1).Where(l => IsUpTo(l, step))] : [];
            AtomicFile.Write(folder, (FileName, stream => Write(stream, kept)));
            _writer = new StreamWriter(path, append: true) { NewLine = "\n" };
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            throw new CheckpointException($"{path} cannot be written: {e.Message}", e);
        }
    }

    public void Add(StepReport report, double? heldOut)
    {
        Span<char> line = stackalloc char[160];
        line.TryWrite(CultureInfo.InvariantCulture, $"{report.Step},{report.Loss:R},{report.LearningRate:R},{report.GradientNorm:R},", out var written);
        _writer.Write(line[..written]);
        if (heldOut is { } loss)
        {
            loss.TryFormat(line, out written, "R", CultureInfo.InvariantCulture);
            _writer.Write(line[..written]);
        }

        _writer.WriteLine();
    }

    public void Flush() => _writer.Flush();

    public void Dispose() => _writer.Dispose();

    private static void Write(Stream stream, string[] lines)
    {
        using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine(Head);
        foreach (var line in lines)
        {
            writer.WriteLine(line);
        }
    }

    // A line that a killed run wrote in part has no number, or too few fields.
    private static bool IsUpTo(string line, long step) =>
        line.Split(',') is { Length: 5 } fields && long.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at <= step;
}
