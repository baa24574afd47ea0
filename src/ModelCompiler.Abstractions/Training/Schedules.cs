namespace ModelCompiler;

/// <summary>Base of the attributes that vary the learning rate; it rises linearly from 0 over <see cref="Warmup"/> steps first.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class ScheduleAttribute : Attribute
{
    /// <summary>Steps of linear warm-up, 0 or more.</summary>
    public int Warmup { get; set; }
}

/// <summary>The full rate after warm-up.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ConstantScheduleAttribute : ScheduleAttribute;

/// <summary>Half a cosine from the full rate to <see cref="Minimum"/> of it at step <see cref="Steps"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CosineScheduleAttribute : ScheduleAttribute
{
    /// <summary>The step at which the minimum is reached, more than <see cref="ScheduleAttribute.Warmup"/>.</summary>
    public int Steps { get; set; }

    /// <summary>The last rate as a part of the full one, 0 to 1.</summary>
    public double Minimum { get; set; }
}

/// <summary>A straight line from the full rate to <see cref="Minimum"/> of it at step <see cref="Steps"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class LinearScheduleAttribute : ScheduleAttribute
{
    /// <summary>The step at which the minimum is reached, more than <see cref="ScheduleAttribute.Warmup"/>.</summary>
    public int Steps { get; set; }

    /// <summary>The last rate as a part of the full one, 0 to 1.</summary>
    public double Minimum { get; set; }
}

/// <summary>sqrt(warm-up / step) of the full rate after warm-up (Vaswani et al. 2017); <see cref="ScheduleAttribute.Warmup"/> is 1 or more.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class InverseSquareRootScheduleAttribute : ScheduleAttribute;
