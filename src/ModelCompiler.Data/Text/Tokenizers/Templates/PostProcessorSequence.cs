using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>A template and what trims spans.</summary>
/// <param name="steps">At most one has a template and at most one trims.</param>
/// <exception cref="ArgumentException">Two do the same.</exception>
public sealed class PostProcessorSequence(params PostProcessor[] steps) : PostProcessor
{
    private readonly PostProcessor? _template = Only(steps, static s => s.Single is not null, "templates");
    private readonly PostProcessor? _trimmer = Only(steps, static s => s.TrimsSpans, "steps that trim");

    public IReadOnlyList<PostProcessor> Steps => steps;

    internal override IReadOnlyList<TemplatePiece>? Single => _template?.Single;

    internal override IReadOnlyList<TemplatePiece>? Pair => _template?.Pair;

    internal override bool TrimsSpans => _trimmer is not null;

    internal override bool HasPrefixSpace => _trimmer?.HasPrefixSpace ?? false;

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "Sequence");
        json.WriteStartArray("processors");
        foreach (var step in steps)
            step.Write(json);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static PostProcessor? Only(PostProcessor[] steps, Func<PostProcessor, bool> isMeant, string what) => steps.Count(isMeant) <= 1
        ? steps.FirstOrDefault(isMeant)
        : throw new ArgumentException($"{steps.Count(isMeant)} {what}; legal is one.", nameof(steps));
}
