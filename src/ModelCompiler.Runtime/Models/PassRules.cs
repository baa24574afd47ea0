namespace ModelCompiler.Runtime;

/// <summary>Which passes a model has, and the sizes that they take.</summary>
internal sealed class PassRules(ModelDescription description, StepState state)
{
    /// <summary>Whether the pairs of several batches meet in a step.</summary>
    public bool Gathers => description.Gathered.Length > 0;

    /// <exception cref="ArgumentOutOfRangeException">No rows, no tokens, or more than the model takes.</exception>
    /// <exception cref="ArgumentException">A batch that queues cannot take.</exception>
    /// <exception cref="InvalidOperationException">The model has no such pass.</exception>
    public void Check(Pass pass, long batch, Lengths lengths)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        CheckLength(lengths, lengths.First, description.MaxLength, description.MaxSecondLength > 1 ? "the first text" : "a row");
        CheckLength(lengths, lengths.Second, description.MaxSecondLength, "the second text");
        if (pass is Pass.EncodeFirst or Pass.EncodeSecond && description.Inputs.All(static i => i.Side == 0))
        {
            throw new InvalidOperationException($"{description.Name} has no {pass} pass: it is one tower, whose Forward gives its features.");
        }

        if (pass == Pass.Decode && description.Decoder is null)
        {
            throw new InvalidOperationException($"{description.Name} has no {pass} pass: a decoder with [CausalLanguageModel] generates, alone or in a model of several towers.");
        }

        if (pass == Pass.Prime && description.Decoder is not { ReadsSource: true })
        {
            throw new InvalidOperationException($"{description.Name} has no {pass} pass: its decoder reads no other tower.");
        }

        if (new PassSize(pass, batch, lengths).HasKeys)
        {
            state.CheckBatch(batch);
        }

        if (description.Trains && pass is Pass.Train or Pass.Embed or Pass.Compare or Pass.Backward && Gathers == (pass == Pass.Train))
        {
            throw new InvalidOperationException($"{description.Name} has no {pass} pass: " + (Gathers ? $"the pairs of {description.Accumulate} batches meet, see BeginPairs." : "each of its batches is trained on by itself."));
        }

        if ((pass is Pass.Train or Pass.Embed or Pass.Compare or Pass.Backward && !description.Trains) || (pass == Pass.Evaluate && !description.HasLoss))
        {
            throw new InvalidOperationException($"{description.Name} has no {pass} pass: it needs an objective" + (pass == Pass.Evaluate ? "." : " and a parameter that is not frozen."));
        }
    }

    private void CheckLength(Lengths lengths, long length, int most, string what)
    {
        if (length < 1 || length > most)
        {
            throw new ArgumentOutOfRangeException(nameof(lengths), lengths, $"{length} tokens are no length of {what} of {description.Name}: legal are 1 to {most}.");
        }
    }
}
