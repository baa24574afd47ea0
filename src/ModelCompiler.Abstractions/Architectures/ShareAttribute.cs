namespace ModelCompiler;

/// <summary>
/// Parts of a composition's second tower that are the first's: one set of weights that both read, and whose gradient is the sum of what
/// both ask for. Frozen where either tower has them frozen. The second tower's view has no
/// <c>CopyFrom</c> and <c>CopyTo</c>: it lacks what it shares.
/// </summary>
/// <param name="parts">
/// Names of parts within a tower: "embeddings", "embeddings.token", "blocks" (all of them), "final_norm"; and "projection", that to the
/// joint space, with the towers' own behind their last norms where they have some. A name may begin with a tower's, as
/// <see cref="FreezeAttribute"/> has it ("text.blocks", "text_projection"), which says the same. None: both towers are one, the projection included. A part has the same shapes in both.
/// </param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ShareAttribute(params string[] parts) : Attribute
{
    /// <summary>Names of parts; everything below a name is shared. Empty: all.</summary>
    public string[] Parts { get; } = parts;
}
