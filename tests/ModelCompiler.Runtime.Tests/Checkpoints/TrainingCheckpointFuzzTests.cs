using CsCheck;
using ModelCompiler.Runtime.Checkpoints;
using ModelCompiler.Runtime.Training;
using ModelCompiler.Testing;
using Disk = System.IO.File;

namespace ModelCompiler.Runtime.Tests.Checkpoints;

/// <summary>Whatever a training checkpoint's bytes: it is loaded whole, or refused by name and the model is as before.</summary>
public sealed class TrainingCheckpointFuzzTests : IDisposable
{
    private static readonly string[] s_numbers =
    [
        "-1", "-0", "0", "7", "007", "+3", " 3", "3 ", "1e3", "1e30", "1e400", "-1e400", "1.5", "NaN", "Infinity", "-Infinity", "∞", "", "x", "0x10", "1,000", "9223372036854775807", "9223372036854775808",
        "1152921504606846976", "1152921504606846977", "18446744073709551615", "18446744073709551616", "\u0000", new string('9', 1000),
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly Trainee.Trainee _model = Trainee.Trainee.Create(threads: 1);
    private readonly byte[] _good;
    private readonly int _header;
    private string _before;
    private int _files;

    public TrainingCheckpointFuzzTests()
    {
        _model.Fit(Trainee.Trainee.Data(1), Fits(3));
        TrainingCheckpoint.Write(_folder["good"], _model.Core, new RunState(6, 0.25, 2) { Data = "numbers" });
        _good = Disk.ReadAllBytes(_folder["good"]);
        _header = 8 + (int)BitConverter.ToUInt64(_good);
        _before = State();
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Bytes_of_the_header_that_change() => Sample(Gen.Select(Gen.Int[0, _header - 1], Gen.Byte).Array[1, 3], changes =>
    {
        byte[] bytes = [.. _good];
        foreach (var (at, value) in changes)
        {
            bytes[at] = value;
        }

        return bytes;
    });

    [Fact]
    public void Bits_of_numbers_that_flip() => Sample(Gen.Select(Gen.Int[8, 1600], Gen.Int[0, 7]), at =>
    {
        byte[] bytes = [.. _good];
        bytes[at.Item1] ^= (byte)(1 << at.Item2);
        return bytes;
    });

    [Fact]
    public void Files_that_are_cut() => Sample(Gen.OneOf(Gen.Int[0, _header], Gen.Int[0, _good.Length - 1]), length => _good[..length], isCut: true);

    [Fact]
    public void Bytes_that_are_inserted() => Sample(
        Gen.Select(Gen.Int[0, _header], Gen.Byte.Array[1, 8]),
        change => [.. _good[..change.Item1], .. change.Item2, .. _good[change.Item1..]]);

    [Fact]
    public void Numbers_that_are_none() => Sample(
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, s_numbers.Length - 1]).Array[1, 3],
        changes =>
        {
            using var file = new SafetensorsFile(_folder["good"]);
            var metadata = file.Metadata.ToDictionary();
            foreach (var (key, value) in changes)
            {
                metadata[new[] { "step", "seed", "batches", "best_loss", "best_step" }[key]] = s_numbers[value];
            }

            return Rewritten(file, metadata);
        });

    [Fact]
    public void Notes_that_are_missing_or_no_configuration()
    {
        using var file = new SafetensorsFile(_folder["good"]);
        foreach (var key in file.Metadata.Keys)
        {
            var without = file.Metadata.Where(p => p.Key != key).ToDictionary();
            Assert.Equal(key is "model" or "data", Read(Rewritten(file, without)));
        }

        foreach (var config in new[] { "", "null", "[]", "{}", "{", "1", "\"\\ud800\"", new string('[', 10_000), "{\"VisionTransformer\":1}" })
        {
            Assert.False(Read(Rewritten(file, new Dictionary<string, string>(file.Metadata) { ["config"] = config })), config[..Math.Min(20, config.Length)]);
        }
    }

    [Fact]
    public void A_run_from_the_largest_numbers_comes_to_its_end() => Guard.Run(() =>
    {
        using var file = new SafetensorsFile(_folder["good"]);
        var largest = $"{1L << 60}";
        Disk.WriteAllBytes(_folder["large"], Rewritten(file, new Dictionary<string, string>(file.Metadata) { ["step"] = "3", ["batches"] = largest, ["best_step"] = largest }));
        Assert.Equal(5, _model.Fit(Trainee.Trainee.Data(1), Fits(5) with { ResumeFrom = _folder["large"] }).Steps);
        _before = State();
        foreach (var key in new[] { "step", "batches", "best_step" })
        {
            Assert.False(Read(Rewritten(file, new Dictionary<string, string>(file.Metadata) { [key] = $"{(1L << 60) + 1}" })));
        }
    });

    private static FitOptions Fits(int steps) => Training.Fits.Options(null, steps);

    private void Sample<T>(Gen<T> gen, Func<T, byte[]> make, bool isCut = false) => Guard.Run(() => gen.Sample(t =>
    {
        var isRead = Read(make(t));
        Assert.False(isRead && isCut);
    }, iter: 300, threads: 1));

    /// <summary>Reads a checkpoint; false: it was refused.</summary>
    private bool Read(byte[] bytes)
    {
        var path = _folder.Write($"fuzz{_files++}", bytes);
        try
        {
            var run = TrainingCheckpoint.Read(path, _model.Core);
            Assert.True(run.Batches >= 0 && run.BestStep >= 0 && _model.Core.Steps >= 0);
            _before = State();
            return true;
        }
        catch (CheckpointException e)
        {
            Assert.Contains(path, e.Message);
            Assert.Equal(_before, State());
            return false;
        }
        finally
        {
            Disk.Delete(path);
        }
    }

    private string State() => $"{_model.Core.Steps} {_model.Core.Seed} {_model.Digest()}";

    // As the format was before it had a checksum: what is wrong is for the reader to find.
    private static byte[] Rewritten(SafetensorsFile file, Dictionary<string, string> metadata)
    {
        if (metadata.ContainsKey("format"))
        {
            metadata["format"] = "modelcompiler-training-1";
        }

        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, [.. file.Tensors.Where(static t => t.Name != "checksum").Select(t => new TensorToWrite(t.Name, [.. t.Shape], () => file.Read(t.Name)))], metadata);
        return stream.ToArray();
    }
}
