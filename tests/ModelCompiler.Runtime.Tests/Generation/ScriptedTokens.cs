using ModelCompiler.Runtime.Generation;

namespace ModelCompiler.Runtime.Tests.Generation;

/// <summary>A model that looks at rows with a function: logits of the next token.</summary>
internal sealed class ScriptedTokens(Request request, int copies, Func<int[], float[]> next) : INextTokens
{
    private List<int[]> _rows = [];

    public ReadOnlySpan<float> Begin()
    {
        var prompts = request.Prompts;
        _rows = [.. Enumerable.Range(0, prompts.Count * copies).Select(r => prompts.Ids.AsSpan(r / copies * prompts.Length, prompts.Length).ToArray())];
        return Logits();
    }

    public ReadOnlySpan<float> Advance(ReadOnlySpan<int> parents, ReadOnlySpan<int> tokens)
    {
        var rows = new List<int[]>();
        for (var row = 0; row < parents.Length; row++)
        {
            rows.Add([.. _rows[parents[row]], tokens[row]]);
        }

        _rows = rows;
        return Logits();
    }

    private float[] Logits() => [.. _rows.SelectMany(next)];
}
