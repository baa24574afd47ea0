namespace ModelCompiler.Peer;

/// <summary>Sizes of a model and its batch.</summary>
/// <param name="Outputs">Tokens of the vocabulary, or classes.</param>
/// <param name="Size">Tokens in a row, or pixels of a picture's side.</param>
internal sealed record PeerShape(int Outputs, int Size, int Width, int Layers, int Heads, int Batch);
