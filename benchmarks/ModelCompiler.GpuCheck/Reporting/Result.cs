namespace ModelCompiler.GpuCheck.Reporting;

/// <summary>What a check found.</summary>
/// <param name="IsPassed">False: the device computes what it should not.</param>
/// <param name="Text">For the table.</param>
/// <param name="Numbers">For the file: name and value, with the unit in the name.</param>
internal sealed record Result(bool IsPassed, string Text, params IReadOnlyList<(string Name, double Value)> Numbers);
