using ModelCompiler.Runtime.Checkpoints;
using ModelCompiler.Runtime.Training;
using ModelCompiler.Trainee;

// Trains in a folder, from where it has got to, and prints a digest of the weights.
if (args is not [var folder, var steps, .. var rest])
{
    Console.Error.WriteLine("usage: Trainee FOLDER STEPS [MILLISECONDS that each batch takes]");
    return 2;
}

var data = Trainee.Data(1);
var slow = Batches.Of<Trainee.Batch>((number, reuse) =>
{
    Console.WriteLine("waiting for data");
    Thread.Sleep(int.Parse(rest[0]));
    return data.Get(number, reuse);
});
try
{
    using var model = Trainee.Create();
    var options = new FitOptions { Steps = long.Parse(steps), Checkpoints = folder, CheckpointEvery = 5, EvaluateEvery = 20, EvaluationBatches = 2 };
    var result = model.Fit(rest is [] ? data : slow, options, Trainee.Data(2));
    Console.WriteLine($"{result.Steps} {model.Digest()}");
    return 0;
}
catch (CheckpointException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
