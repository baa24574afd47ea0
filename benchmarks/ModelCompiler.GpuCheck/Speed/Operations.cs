namespace ModelCompiler.GpuCheck.Speed;

/// <summary>
/// Operations of a training step: 6 for each row and parameter of a matrix that it is multiplied with (2 forward, 4 backward), and
/// 12 x layers x width x length a token for attention, causal or not. Everything else counts nothing.
/// </summary>
internal static class Operations
{
    /// <summary>Blocks with a feed-forward part of four times their width.</summary>
    public static double OfBlocks(int layers, int width, int length, int batch) =>
        layers * (Of(12 * width, width, batch * length) + (12.0 * width * length * batch * length));

    /// <summary>A matrix.</summary>
    public static double Of(int inputs, int outputs, int rows) => 6.0 * inputs * outputs * rows;
}
