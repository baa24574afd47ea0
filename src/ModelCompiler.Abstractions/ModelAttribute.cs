namespace ModelCompiler;

/// <summary>Base of the attributes that describe an architecture: one of them makes a partial class a model.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class ModelAttribute : Attribute;
