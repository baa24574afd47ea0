using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ir.Kernels;

/// <summary>How many loops over a row must have run before a step can: one more than the reductions that it waits for.</summary>
internal sealed class RowLevels
{
    private readonly Dictionary<RowStep, int> _levels = [];

    public RowLevels(RowKernel kernel)
    {
        var locals = new Dictionary<string, int>();
        foreach (var step in kernel.Steps)
        {
            var level = step.Value.All().OfType<Scalar.RowLocal>().Select(l => locals[l.Name]).DefaultIfEmpty(0).Max();
            _levels[step] = level;
            switch (step)
            {
                case RowStep.Reduce s:
                    locals[s.Name] = level + 1;
                    break;
                case RowStep.Local s:
                    locals[s.Name] = level;
                    break;
            }
        }

        Highest = _levels.Values.DefaultIfEmpty(0).Max();
    }

    public int Highest { get; }

    public int Of(RowStep step) => _levels[step];
}
