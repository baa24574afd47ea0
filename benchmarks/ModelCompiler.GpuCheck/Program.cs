using ModelCompiler.Gpu;
using ModelCompiler.GpuCheck;
using ModelCompiler.GpuCheck.Products;

CheckOptions options;
try
{
    options = CheckOptions.Parse(args);
}
catch (ArgumentException e)
{
    Console.Error.WriteLine(e.Message);
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

return options switch
{
    { Products: not null } => ProductMeasurement.Run(device, CublasLoader.Found, options, Console.Out),
    { Profile: not null } => Checks.Profile(device, options, Console.Out),
    _ => Checks.Run(device, options, Console.Out),
};
