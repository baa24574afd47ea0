using System.Collections.Immutable;
using System.Reflection;
using ILGPU.Backends;
using ILGPU.IR.Transformations;

namespace ModelCompiler.Gpu.Workarounds;

/// <summary>
/// ILGPU 1.5.3's pass CodePlacement moves loads of shared memory below the barrier that ends their block, whenever the value is carried by a loop:
/// threads then read what others have overwritten. Back ends run without it.
/// </summary>
internal static class CodePlacementPass
{
    private static readonly PropertyInfo s_transformers =
        typeof(Backend).GetProperty("KernelTransformers", BindingFlags.Instance | BindingFlags.NonPublic) ?? throw new MissingMemberException(nameof(Backend), "KernelTransformers");

    public static void Remove(Backend backend)
    {
        var kept = ((ImmutableArray<Transformer>)s_transformers.GetValue(backend)!)
            .Select(static t => Transformer.Create(t.Configuration, [.. t.Transformations.Where(static x => x is not CodePlacement)])).ToImmutableArray();
        s_transformers.GetSetMethod(nonPublic: true)!.Invoke(backend, [kept]);
    }
}
