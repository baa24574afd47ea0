namespace ModelCompiler.Testing;

/// <summary>What moves behind a step, written plainly in double: optimizers by name, copies that follow, a queue as a ring.</summary>
internal sealed class PlainSteps
{
    private readonly Dictionary<string, double[]> _first = [];
    private readonly Dictionary<string, double[]> _second = [];

    /// <param name="step">1 for the first.</param>
    public void AdamW(string name, Span<double> weights, ReadOnlySpan<double> gradient, int step, double rate, double decay, double epsilon)
    {
        const double Beta1 = 0.9, Beta2 = 0.999;
        var (mean, square) = (Of(_first, name, weights.Length), Of(_second, name, weights.Length));
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] -= rate * decay * weights[i];
            mean[i] = (Beta1 * mean[i]) + ((1 - Beta1) * gradient[i]);
            square[i] = (Beta2 * square[i]) + ((1 - Beta2) * gradient[i] * gradient[i]);
            var root = Math.Sqrt(square[i] / (1 - Math.Pow(Beta2, step))) + epsilon;
            weights[i] -= rate * mean[i] / (1 - Math.Pow(Beta1, step)) / root;
        }
    }

    /// <summary>SGD with momentum; the decay is part of the gradient.</summary>
    public void Sgd(string name, Span<double> weights, ReadOnlySpan<double> gradient, double rate, double momentum, double decay)
    {
        var buffer = Of(_first, name, weights.Length);
        for (var i = 0; i < weights.Length; i++)
        {
            buffer[i] = (momentum * buffer[i]) + gradient[i] + (decay * weights[i]);
            weights[i] -= rate * buffer[i];
        }
    }

    /// <summary>A copy follows weights.</summary>
    public static void Follow(Span<double> copy, ReadOnlySpan<double> weights, double momentum)
    {
        for (var i = 0; i < copy.Length; i++)
        {
            copy[i] = (momentum * copy[i]) + ((1 - momentum) * weights[i]);
        }
    }

    /// <summary>Keys take the place of the oldest rows of a queue; returns the row that is next.</summary>
    public static int Push(double[] queue, double[] keys, int width, int next)
    {
        var rows = queue.Length / width;
        for (var row = 0; row < keys.Length / width; row++)
        {
            Array.Copy(keys, row * width, queue, next * width, width);
            next = (next + 1) % rows;
        }

        return next;
    }

    private static double[] Of(Dictionary<string, double[]> states, string name, int count)
    {
        if (!states.TryGetValue(name, out var state))
        {
            states.Add(name, state = new double[count]);
        }

        return state;
    }
}
