namespace ModelCompiler.Runtime.Tests;

/// <summary>Runs what must come to an end on its own: a test that hangs fails instead.</summary>
internal static class Guard
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    public static void Run(Action action)
    {
        var task = Task.Factory.StartNew(action, TaskCreationOptions.LongRunning);
        Assert.True(Task.WaitAny(task, Task.Delay(s_patience)) == 0, "did not come to an end");
        task.GetAwaiter().GetResult();
    }
}
