using ModelCompiler.Gpu;

namespace ModelCompiler.GpuCheck;

/// <summary>What the command line asks for.</summary>
/// <param name="Device">Part of a device's name; null: the GPU that models use by default, else the first device there is.</param>
/// <param name="IsQuick">Small sizes everywhere: whether it all works, not how fast.</param>
/// <param name="Json">The file for all numbers.</param>
/// <param name="Products">The file for a table of products; null: none is measured, and everything else is.</param>
/// <param name="Profile">The training step of which it is asked where its time goes; null: of none, and everything else is measured.</param>
/// <param name="HasForms">Whether products are measured in each form of this project's kernels too.</param>
internal sealed record CheckOptions(
    string? Device = null, bool IsQuick = false, string Json = "gpucheck.json", string? Products = null, string? Profile = null, bool HasForms = false)
{
    public const string Usage = """
        usage: gpucheck [--device NAME] [--quick] [--json FILE | --products FILE [--forms] | --profile STEP]
          checks a GPU's results against the CPU's, then measures training steps and matrix products;
          prints a table and writes all numbers to FILE (gpucheck.json)
          --device  part of a device's name: cuda, "opencl 1", h100, simulator
          --quick   small sizes: whether it works, not how fast
          --products  measures instead which products cuBLAS makes faster than this project's
                    kernels, and writes the table that Device.Cuda(0, products: FILE) takes
          --forms   and how fast each tile and division of those kernels is
          --profile  shows instead where the time of a training step goes, by kernel; STEP is a
                    name of the table, without ", cuBLAS"
        """;

    /// <exception cref="ArgumentException">An argument is not understood, or is of no use.</exception>
    public static CheckOptions Parse(string[] arguments) => new CheckOptions().With(arguments) switch
    {
        { HasForms: true, Products: null } => throw new ArgumentException("--forms is of products: --products FILE measures them."),
        var options => options,
    };

    /// <summary>The device; null: there is none of that name.</summary>
    public GpuDevice? Choose(GpuDevices found) => Device is null
        ? found.Best ?? found.Devices.FirstOrDefault()
        : found.Devices.Append(Runtime.Device.Simulator).FirstOrDefault(d => d.ToString().Contains(Device, StringComparison.OrdinalIgnoreCase));

    private CheckOptions With(string[] arguments) => arguments switch
    {
        [] => this,
        ["--quick", .. var rest] => (this with { IsQuick = true }).With(rest),
        ["--device", var name, .. var rest] => (this with { Device = name }).With(rest),
        ["--json", var file, .. var rest] => (this with { Json = file }).With(rest),
        ["--profile", var step, .. var rest] => (this with { Profile = step }).With(rest),
        ["--products", var file, .. var rest] => (this with { Products = file }).With(rest),
        ["--forms", .. var rest] => (this with { HasForms = true }).With(rest),
        ["--device" or "--json" or "--profile" or "--products"] => throw new ArgumentException($"{arguments[0]} has no value behind it."),
        [var other, ..] => throw new ArgumentException($"'{other}' is no option of gpucheck."),
    };
}
