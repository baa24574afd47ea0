using System.Numerics.Tensors;

namespace ModelCompiler.Data;

/// <summary>
/// Classes that a model was never trained on, told by sentences: a class is the mean of its sentences' unit vectors, made unit length
/// again. Source: Radford et al., Learning Transferable Visual Models From Natural Language Supervision, 2021, section 3.1.4.
/// </summary>
public sealed class ZeroShot
{
    private readonly float[] _vectors;

    /// <param name="classes">Names of the classes.</param>
    /// <param name="templates">Sentences in which <c>{}</c> stands for the class, such as <c>a photo of a {}.</c></param>
    /// <param name="encode">Vectors [count, width] of sentences, such as a model's <c>EncodeTexts</c> behind its tokenizer; it gets the sentences of one class at a time.</param>
    /// <exception cref="ArgumentException">There are no classes or templates, a template lacks <c>{}</c>, or vectors are no rows.</exception>
    public ZeroShot(IReadOnlyList<string> classes, IReadOnlyList<string> templates, Func<IReadOnlyList<string>, ReadOnlyMemory<float>> encode)
    {
        if (classes.Count == 0 || templates.Count == 0)
        {
            throw new ArgumentException($"{classes.Count} classes in {templates.Count} templates: one of each is needed.", nameof(classes));
        }

        foreach (var template in templates)
        {
            if (!template.Contains("{}", StringComparison.Ordinal))
            {
                throw new ArgumentException($"The template '{template}' has no {{}} where the class belongs.", nameof(templates));
            }
        }

        Classes = [.. classes];
        float[][] means = [.. classes.Select(name => Mean(encode([.. templates.Select(t => t.Replace("{}", name, StringComparison.Ordinal))]).Span, templates.Count))];
        Width = means[0].Length;
        if (Array.FindIndex(means, m => m.Length != Width) is > 0 and var other)
        {
            throw new ArgumentException($"Vectors of '{classes[other]}' have {means[other].Length} numbers, those of '{classes[0]}' {Width}.", nameof(encode));
        }

        _vectors = [.. means.SelectMany(static m => m)];
    }

    /// <summary>Names of the classes.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Numbers in a vector.</summary>
    public int Width { get; }

    /// <summary>Similarity of a picture to each class: cosines where its vector has unit length.</summary>
    /// <param name="vector">[width].</param>
    /// <returns>[classes].</returns>
    /// <exception cref="ArgumentException">The vector has another width.</exception>
    public float[] Scores(ReadOnlySpan<float> vector)
    {
        if (vector.Length != Width)
        {
            throw new ArgumentException($"The vector has {vector.Length} numbers; those of sentences have {Width}.", nameof(vector));
        }

        var scores = new float[Classes.Count];
        for (var c = 0; c < scores.Length; c++)
        {
            scores[c] = TensorPrimitives.Dot(vector, _vectors.AsSpan(c * Width, Width));
        }

        return scores;
    }

    /// <summary>Number of the class that a picture is most similar to; the first of several.</summary>
    /// <inheritdoc cref="Scores"/>
    public int Classify(ReadOnlySpan<float> vector) => TensorPrimitives.IndexOfMax<float>(Scores(vector));

    private static float[] Mean(ReadOnlySpan<float> vectors, int count)
    {
        if (vectors.IsEmpty || vectors.Length % count != 0)
        {
            throw new ArgumentException($"{vectors.Length} numbers are no rows for {count} sentences.");
        }

        var mean = new float[vectors.Length / count];
        for (var i = 0; i < count; i++)
        {
            var vector = vectors.Slice(i * mean.Length, mean.Length);
            TensorPrimitives.MultiplyAdd(vector, 1 / Norm(vector), mean, mean);
        }

        TensorPrimitives.Divide(mean, Norm(mean), mean);
        return mean;
    }

    private static float Norm(ReadOnlySpan<float> vector) => Math.Max(TensorPrimitives.Norm(vector), 1e-12f);
}
