using ModelCompiler.Runtime.Checkpoints;
using ModelCompiler.Runtime.Training;
using ModelCompiler.Trainee;

// Trains in a folder, from where it has got to, and prints a digest of the weights.
if (args is not [var folder, var steps, .. var rest])
{
    Console.Error.WriteLine("usage: Trainee FOLDER STEPS [MILLISECONDS that each batch takes [BATCHES of an evaluation]]");
    return 2;
}

var data = Trainee.Data(1);
var slow = Batches.Of<Trainee.Batch>((number, reuse) =>
{
    Console.WriteLine("waiting for data");
    Thread.Sleep(int.Parse(rest[0]));
    return data.Get(number, reuse);
});
var heldOut = Trainee.Data(2);
var told = Batches.Of<Trainee.Batch>((number, reuse) =>
{
    // The first few are fetched before there is an evaluation.
    if (number == 10)
    {
        Console.WriteLine("evaluating");
    }

    return heldOut.Get(number, reuse);
});
try
{
    using var model = Trainee.Create();
    var options = new FitOptions { Steps = long.Parse(steps), Checkpoints = folder, CheckpointEvery = 5, EvaluateEvery = 20, EvaluationBatches = rest is [_, var many] ? int.Parse(many) : 2 };
    var result = model.Fit(rest is [] or ["0", ..] ? data : slow, options, told);
    Console.WriteLine($"{result.Steps} {model.Digest()}");
    return 0;
}
catch (CheckpointException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
