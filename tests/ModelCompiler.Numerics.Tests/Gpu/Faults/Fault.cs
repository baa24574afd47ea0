namespace ModelCompiler.Numerics.Tests;

/// <summary>A fault of ILGPU that something in this project is there for.</summary>
internal static class Fault
{
    /// <param name="isThere">Whether the pinned ILGPU still has it.</param>
    /// <param name="workaround">What works around it.</param>
    public static void Exists(bool isThere, string workaround) => Assert.True(isThere, $"ILGPU no longer has this fault: delete this test, and {workaround} with it.");
}
