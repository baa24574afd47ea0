using System.Reflection;

namespace ModelCompiler.Gpu.Offline;

/// <summary>What becomes of the launches of a device that is not there.</summary>
internal interface ILaunches
{
    /// <param name="kernel">A static method of one struct.</param>
    /// <param name="groups">Groups of the grid.</param>
    /// <param name="threads">Threads of a group.</param>
    /// <param name="sharedBytes">Shared memory of a group beside what the kernel declares.</param>
    void Add<T>(MethodInfo kernel, int groups, int threads, int sharedBytes, in T arguments)
        where T : struct;
}
