using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Runtime;

/// <summary>Optimizer steps that a device was given, and those of them that nobody has read.</summary>
internal sealed class StepQueue(ModelDescription description, Engine engine)
{
    /// <summary>Steps that were made, the pending ones included.</summary>
    public long Steps { get; private set; }

    /// <summary>Steps that were not read yet.</summary>
    public int Pending { get; private set; }

    /// <summary>Of the step that was read last; NaN before the first.</summary>
    public double Loss { get; private set; } = double.NaN;

    /// <inheritdoc cref="Loss"/>
    public double GradientNorm { get; private set; } = double.NaN;

    /// <summary>Where the next step keeps its results.</summary>
    public int Slot => SlotOf(Steps);

    /// <exception cref="InvalidOperationException">The engine keeps no more results.</exception>
    public void Add()
    {
        if (Pending == engine.KeptSteps)
        {
            throw new InvalidOperationException($"{description.Name} keeps the results of {engine.KeptSteps} steps: read one before the next.");
        }

        engine.Optimize(Steps + 1, description.Rate(Steps), description.ClipNorm ?? double.PositiveInfinity, Slot);
        Steps++;
        Pending++;
    }

    /// <summary>Reads the first step that is pending. False: neither it nor those behind it were made.</summary>
    /// <exception cref="InvalidOperationException">No step is pending.</exception>
    public bool Read(out StepReport report)
    {
        if (Pending == 0)
        {
            throw new InvalidOperationException($"{description.Name} has no step to be read.");
        }

        var before = Steps - Pending;
        (Loss, GradientNorm) = engine.ReadKept(SlotOf(before));
        report = new StepReport(before + 1, Loss, description.Rate(before), GradientNorm);
        if (double.IsFinite(Loss) && double.IsFinite(GradientNorm))
        {
            Pending--;
            return true;
        }

        Restore(before);
        engine.GoOn();
        return false;
    }

    /// <summary>Goes on behind a number of steps.</summary>
    public void Restore(long steps) => (Steps, Pending) = (steps, 0);

    private int SlotOf(long step) => (int)(step % engine.KeptSteps);
}
