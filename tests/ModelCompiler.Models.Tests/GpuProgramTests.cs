using ModelCompiler.Gpu;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime;

namespace ModelCompiler.Models.Tests;

/// <summary>Every model of this repository's zoo can run on GPUs.</summary>
public sealed class GpuProgramTests
{
    [Fact]
    public void Every_model_has_programs_for_GPUs()
    {
        var types = typeof(ShapesVit).Assembly.GetTypes();
        var models = types.Where(static t => t.IsAssignableTo(typeof(IModel))).Select(static t => t.Name + "GpuProgram").Order();
        Assert.Equal(models, types.Where(static t => t.IsSubclassOf(typeof(GpuEngine))).Select(static t => t.Name).Order());
    }
}
