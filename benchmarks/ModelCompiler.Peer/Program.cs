using System.Globalization;
using ModelCompiler.Benchmarks.Measuring;
using ModelCompiler.Peer;
using TorchSharp;

// A training step under libtorch, driven line by line so that another process can take turns with it:
//   peer KIND OUTPUTS SIZE WIDTH LAYERS HEADS BATCH THREADS
// prints "ready PARAMETERS BYTES" (resident before there was a model), then answers "step" with "SECONDS BUSY LOSS" and "peak" with
// the greatest resident bytes so far, until its input ends. KIND generate writes eight tokens a step with keys and values kept, and says the last.
if (args is not [var kind, .. var rest] || rest.Length != 7 || !rest.All(static a => int.TryParse(a, out _)))
{
    Console.Error.WriteLine("usage: peer gpt|bert|vit|clip|generate OUTPUTS SIZE WIDTH LAYERS HEADS BATCH THREADS");
    return 2;
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var numbers = Array.ConvertAll(rest, int.Parse);
var shape = new PeerShape(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);
torch.set_num_threads(numbers[6]);
torch.manual_seed(1);
using (var warm = torch.ones(512, 512))
using (warm.mm(warm))
{
    // The library, its threads and its buffers are there before the model is.
}

var before = ProcessMemory.Resident();
IPeerRun run = kind == "generate" ? new PeerGeneration(shape) : new PeerTraining(kind, shape);
Console.WriteLine($"ready {run.Parameters} {before}");
while (Console.ReadLine() is { } request)
{
    if (request == "peak")
    {
        Console.WriteLine($"{ProcessMemory.Peak()}");
        continue;
    }

    var loss = 0f;
    var time = Sample.Of(() => loss = run.Step());
    Console.WriteLine($"{time.Seconds} {time.Busy} {loss}");
}

return 0;
