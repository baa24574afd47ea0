using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>Several pre-tokenizers, each cutting what the one before has made.</summary>
/// <param name="steps">What reads bytes comes last.</param>
/// <exception cref="ArgumentException">Something stands behind a byte-level step.</exception>
public sealed class PreTokenizerSequence(params PreTokenizer[] steps) : PreTokenizer
{
    private readonly PreTokenizer[] _steps = Array.FindIndex(steps, static s => s.IsByteLevel) is var first && first >= 0 && first < steps.Length - 1
        ? throw new ArgumentException($"Step {first} of {steps.Length} makes bytes of the text; legal is that only as the last one.", nameof(steps))
        : steps;

    public IReadOnlyList<PreTokenizer> Steps => _steps;

    internal override bool IsByteLevel => _steps is [.., { IsByteLevel: true }];

    internal override void Apply(AlignedText text, EncodeScratch scratch)
    {
        foreach (var step in _steps)
            step.Apply(text, scratch);
    }

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "Sequence");
        json.WriteStartArray("pretokenizers");
        foreach (var step in _steps)
            step.Write(json);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
