using System.Reflection;

namespace ModelCompiler.Gpu.Offline;

/// <summary>The kernels that a model launches on a device that runs none of them, with the most threads that a group of each has.</summary>
internal sealed class LaunchLog : ILaunches
{
    private readonly Dictionary<MethodInfo, int> _threads = [];

    /// <summary>Kernels in no order; generic ones with their arguments.</summary>
    public IReadOnlyDictionary<MethodInfo, int> Threads => _threads;

    public void Add<T>(MethodInfo kernel, int groups, int threads, int sharedBytes, in T arguments)
        where T : struct => _threads[kernel] = Math.Max(threads, _threads.GetValueOrDefault(kernel));
}
