using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ModelCompiler.Runtime.Training;
using ModelCompiler.Trainee;

// Trains in a folder, from where it has got to, and prints a digest of the weights.
if (args is not [var folder, var steps])
{
    Console.Error.WriteLine("usage: Trainee FOLDER STEPS");
    return 2;
}

using var model = Trainee.Create();
var result = model.Fit(Trainee.Data(1), new FitOptions { Steps = int.Parse(steps), Checkpoints = folder, CheckpointEvery = 5, EvaluateEvery = 20, EvaluationBatches = 2 }, Trainee.Data(2));
using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
foreach (var (name, parameter) in model.ParametersByName)
{
    digest.AppendData(MemoryMarshal.AsBytes<float>(parameter.ToArray()));
    digest.AppendData(MemoryMarshal.AsBytes<float>(model.Core.AverageOf(name)));
}

Console.WriteLine($"{result.Steps} {Convert.ToHexString(digest.GetHashAndReset())}");
return 0;
