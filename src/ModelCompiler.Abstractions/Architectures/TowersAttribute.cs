namespace ModelCompiler;

/// <summary>Base of models made of others, which the attribute's type arguments name: their attributes describe the towers, their <c>[Freeze]</c> holds here too, and their objectives and other training options are left aside.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class TowersAttribute : ModelAttribute;
