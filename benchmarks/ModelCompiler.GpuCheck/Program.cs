using ModelCompiler.Gpu;
using ModelCompiler.GpuCheck;

if (CheckOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine(CheckOptions.Usage);
    return Checks.Unusable;
}

if (options.Choose(GpuDevices.Found) is not { } device)
{
    Console.Error.WriteLine($"There is no {(options.Device is { } name ? $"device '{name}'" : "device")}.");
    foreach (var line in GpuDevices.Found.Devices.Select(static d => $"found    {d}").Concat(GpuDevices.Found.Refusals.Select(static r => $"refused  {r}")))
    {
        Console.Error.WriteLine(line);
    }

    return Checks.Unusable;
}

return Checks.Run(device, options, Console.Out);
