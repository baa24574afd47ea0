namespace ModelCompiler.Runtime.Generation.Filters;

/// <summary>Leaves one token, whose score of 0 adds nothing to a row's sum.</summary>
internal static class ForcedToken
{
    public static void Apply(Span<double> scores, int token)
    {
        scores.Fill(double.NegativeInfinity);
        scores[token] = 0;
    }
}
