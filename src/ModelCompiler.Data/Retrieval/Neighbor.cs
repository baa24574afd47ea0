namespace ModelCompiler.Data;

/// <summary>A vector that was found.</summary>
/// <param name="Number">Its number in the index.</param>
/// <param name="Score">Product with the query: the cosine where both have unit length.</param>
/// <param name="Name">Its name; null where the index has none.</param>
public readonly record struct Neighbor(int Number, float Score, string? Name);
