using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>What differs from step to step. It lies in device memory when a step is launched, so that the launches of all steps have the same arguments.</summary>
public struct StepNumbers
{
    /// <summary>Learning rate.</summary>
    public float Rate;

    /// <summary>The optimizer's own numbers, as far as it has some.</summary>
    public float First, Second;

    /// <summary>Norm that gradients are clipped to; infinity: they are not.</summary>
    internal float Limit;

    /// <summary>Number of the result that the step's norm is kept in.</summary>
    internal int Slot;

    /// <summary>Puts the numbers of the next step where its kernels read them.</summary>
    internal static void Set(GpuContext context, ArrayView<StepNumbers> place, StepNumbers numbers)
    {
        Arguments a = default;
        (a.Place, a.Numbers) = (place, numbers);
        context.Launch(Body, 1, 1, in a);
    }

    private static void Body(Arguments a) => a.Place[0] = a.Numbers;

    internal struct Arguments
    {
        public ArrayView<StepNumbers> Place;
        public StepNumbers Numbers;
    }
}
