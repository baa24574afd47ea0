using System.Text;

namespace ModelCompiler.Data;

/// <summary>What single scalars become in a decomposed form.</summary>
/// <param name="form">FormD or FormKD.</param>
internal sealed class Decompositions(NormalizationForm form)
{
    private readonly string?[] _plane = new string?[char.MaxValue + 1];

    public static Decompositions Canonical { get; } = new(NormalizationForm.FormD);

    public static Decompositions Compatible { get; } = new(NormalizationForm.FormKD);

    public string Of(Rune scalar) => scalar.IsBmp ? _plane[scalar.Value] ??= Find(scalar) : Find(scalar);

    private string Find(Rune scalar) => scalar.ToString().Normalize(form);
}
