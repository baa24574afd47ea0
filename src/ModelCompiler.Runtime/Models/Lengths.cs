namespace ModelCompiler.Runtime;

/// <summary>Tokens of a row: of the one text that a model reads, or of each of two that meet. A plain number is the length of the one.</summary>
/// <param name="First">1 where no tower reads text.</param>
/// <param name="Second">1 where there is one text.</param>
public readonly record struct Lengths(long First, long Second = 1)
{
    public static implicit operator Lengths(long length) => new(length);

    public override string ToString() => Second == 1 ? FormattableString.Invariant($"{First}") : FormattableString.Invariant($"{First} and {Second}");
}
