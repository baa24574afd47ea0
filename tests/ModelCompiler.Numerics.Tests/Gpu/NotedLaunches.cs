using System.Reflection;
using ModelCompiler.Gpu.Offline;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Launches that are noted on their way to who makes them.</summary>
internal sealed class NotedLaunches(ILaunches launches) : ILaunches
{
    private readonly LaunchLog _log = new();

    public IReadOnlyDictionary<MethodInfo, int> Threads => _log.Threads;

    public void Add<T>(MethodInfo kernel, int groups, int threads, int sharedBytes, in T arguments)
        where T : struct
    {
        _log.Add(kernel, groups, threads, sharedBytes, in arguments);
        launches.Add(kernel, groups, threads, sharedBytes, in arguments);
    }
}
