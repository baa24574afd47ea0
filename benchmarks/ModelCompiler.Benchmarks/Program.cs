using System.Globalization;
using ModelCompiler.Benchmarks.Generation;
using ModelCompiler.Benchmarks.Goals;
using ModelCompiler.Benchmarks.Micro;
using ModelCompiler.Benchmarks.Profile;
using ModelCompiler.Benchmarks.Steps;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture; // numbers are read and printed on this thread alone
return args switch
{
    ["goals", .. var names] => GoalRunner.Run(names),
    ["profile", .. var names] => ProfileReport.Print(names),
    ["micro", .. var arguments] => MicroRunner.Run(arguments),

    // What goals measure in processes of their own.
    ["cold-run", var compiler] => ColdRun.Print(compiler == "warm"),
    ["train-tokenizer"] => TokenizerTrainingGoal.Print(),
    ["pairs-memory", var loss, var threads] => SimilarityMemoryGoal.Print(loss, int.Parse(threads)),
    ["cold-kernels"] => ColdKernels.Print(),
    ["step-memory", var name, var threads] => StepMemory.Print(name, int.Parse(threads)),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine($"""
        usage: goals [name...]      measures goals, one tab-separated line each: name, value, goal, met or short, details
               profile [name...]    where the time of training steps goes, kernel by kernel
               micro [arguments]    finer measurements, by BenchmarkDotNet
        goals:
        {GoalList.Text}
        """);
    return 2;
}
