using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>Puts the number of a pass where dropout reads it: the one thing that differs between the launches of two training passes.</summary>
internal static class PassDraw
{
    public static void Set(GpuContext context, ArrayView<int> draw, ulong number)
    {
        Arguments a = default;
        (a.Draw, a.Number) = (draw, unchecked((int)(uint)number));
        context.Launch(Body, 1, 1, in a);
    }

    private static void Body(Arguments a) => a.Draw[0] = a.Number;

    internal struct Arguments
    {
        public ArrayView<int> Draw;
        public int Number;
    }
}
