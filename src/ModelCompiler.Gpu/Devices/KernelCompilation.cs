namespace ModelCompiler.Gpu;

/// <summary>A kernel that was compiled for a device.</summary>
/// <param name="Kernel">The class that has it.</param>
/// <param name="Translation">ILGPU's part: from C# to what the driver takes, and the code that launches it.</param>
/// <param name="Build">The driver's part, as far as it does not wait for the first launch.</param>
internal sealed record KernelCompilation(string Kernel, TimeSpan Translation, TimeSpan Build);
