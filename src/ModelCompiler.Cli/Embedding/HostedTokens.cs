using System.Globalization;
using ModelCompiler.Runtime;

namespace ModelCompiler.Cli.Embedding;

/// <summary>Rows of tokens for a hosted model: the sizes that its own token type knows are read from its parameters.</summary>
internal sealed class HostedTokens(int count, int length, ModelCore core)
    : TokenBatch(count, length, Rows(core, "embeddings.token.weight"), core.Description.MaxLength)
{
    /// <summary>Hands the model what it has inputs for.</summary>
    public void Set()
    {
        var padding = core.Description.Checkpoint.Config.FirstOrDefault(static c => c.Key == "pad_token_id") is { Json: not "null" } config
            ? int.Parse(config.Json, CultureInfo.InvariantCulture) : -1;
        foreach (var input in core.Description.Inputs.Where(static i => !i.IsTarget))
        {
            switch (input.Name)
            {
                case "ids":
                    core.SetInput("ids", Ids);
                    break;
                case "mask":
                    core.SetInput("mask", Mask);
                    break;
                case "positions":
                    // Rotary positions have no table of their own.
                    var rows = core.Parameters.ContainsKey("embeddings.position.weight") ? Rows(core, "embeddings.position.weight") : core.Description.MaxLength;
                    core.SetInput("positions", PositionsOrDefault(rows - core.Description.MaxLength, rows, core.Description.Checkpoint.Format == "HuggingFaceOpt", padding));
                    break;
                case "segments":
                    core.SetInput("segments", CheckedSegments(Rows(core, "embeddings.segment.weight")));
                    break;
                case "last":
                    core.SetInput("last", LastTokens(padding));
                    break;
                case "weights":
                    core.SetInput("weights", Weights());
                    break;
                case "counts":
                    core.SetInput("counts", Counts());
                    break;
                default:
                    throw new InvalidOperationException($"{core.Description.Name} has the input '{input.Name}', which no text gives.");
            }
        }
    }

    private static int Rows(ModelCore core, string name) => core.Parameters[name].Shape[0];
}
