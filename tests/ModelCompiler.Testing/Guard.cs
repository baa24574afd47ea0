namespace ModelCompiler.Testing;

/// <summary>Runs what must come to an end on its own: a test that hangs fails instead.</summary>
internal static class Guard
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <exception cref="TimeoutException">It did not come to an end.</exception>
    public static void Run(Action action) => Task.Factory.StartNew(action, TaskCreationOptions.LongRunning).WaitAsync(s_patience).GetAwaiter().GetResult();
}
