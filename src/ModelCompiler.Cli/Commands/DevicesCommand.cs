using System.CommandLine;
using System.Globalization;
using ModelCompiler.Gpu;
using ModelCompiler.Runtime;

namespace ModelCompiler.Cli.Commands;

/// <summary><c>modelc devices</c>: where models can run on this machine, why not elsewhere, where they do if nobody chooses, and whether cuBLAS loads.</summary>
internal static class DevicesCommand
{
    private const double Gigabyte = 1 << 30;

    public static Command Create()
    {
        var command = new Command("devices", "Lists the devices of this machine, why others are missing, and which one models use by default.");
        command.TreatUnmatchedTokensAsErrors = false; // Terminal says more of them
        command.SetAction(static parsed => Terminal.Run(parsed, static terminal => Run(terminal, GpuDevices.Found, (CublasLoader.Found.Library is not null, CublasLoader.Found.Text))));
        return command;
    }

    /// <summary>Prints what a look for devices and for cuBLAS gave.</summary>
    internal static int Run(Terminal terminal, GpuDevices devices, (bool IsFound, string Text) cublas)
    {
        foreach (var device in devices.Devices)
        {
            terminal.Output.WriteLine($"found    {device}{Details(device)}");
        }

        terminal.Output.WriteLine($"found    {Device.Cpu}");
        if (cublas.IsFound)
        {
            terminal.Output.WriteLine($"found    {cublas.Text}, for large products on CUDA devices");
        }

        foreach (var refusal in devices.Refusals.Concat(cublas.IsFound ? [] : [$"cuBLAS: {cublas.Text} Kernels of this project make all products."]))
        {
            terminal.Output.WriteLine($"refused  {refusal}");
        }

        terminal.Output.WriteLine($"default  {(Device?)devices.Best ?? Device.Cpu}");
        return 0;
    }

    private static string Details(GpuDevice device) =>
        $"; {device.Capability}; {(device.MemoryBytes / Gigabyte).ToString("F1", CultureInfo.InvariantCulture)} GiB{(device.IsGraphicsProcessor ? "" : "; no GPU: for tests, never the default")}";
}
