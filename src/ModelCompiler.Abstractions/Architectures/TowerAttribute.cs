namespace ModelCompiler;

/// <summary>Base of what makes a class a tower: a model by itself, or a part of one that names the class.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class TowerAttribute : ModelAttribute
{
    /// <summary>Channels of a token's vector, 1 or more.</summary>
    public abstract int Width { get; set; }

    /// <summary>How one vector a sample is made of the token vectors.</summary>
    public abstract Pooling Pooling { get; set; }
}
