using ModelCompiler.Runtime;

namespace ModelCompiler.Cli.Embedding;

/// <summary>Rows of tokens for a hosted model: the sizes that its own token type knows are read from its parameters.</summary>
internal sealed class HostedTokens(int count, int length, ModelCore core)
    : TokenBatch(count, length, core.Parameters["embeddings.token.weight"].Shape[0], core.Description.MaxLength);
