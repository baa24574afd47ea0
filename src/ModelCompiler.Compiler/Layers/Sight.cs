using ModelCompiler.Compiler.Ir.Graphs;

namespace ModelCompiler.Compiler.Layers;

/// <summary>What the tokens of a tower see in its blocks.</summary>
/// <param name="Mask">Its own tokens that are not padding; null: all.</param>
/// <param name="IsCausal">A token sees itself and earlier ones only.</param>
/// <param name="Memory">Another tower's tokens, which blocks read by cross-attention; null: none.</param>
internal sealed record Sight(Value? Mask, bool IsCausal, Memory? Memory = null);

/// <summary>Tokens of a tower that another one reads.</summary>
/// <param name="Tokens">[batch, tokens, width]; null: keys and values of them are kept already.</param>
/// <param name="Mask">Those that are not padding; null: all.</param>
/// <param name="Every">Blocks 0, this, twice this and so on read them.</param>
internal sealed record Memory(Value? Tokens, Value? Mask, int Every = 1)
{
    public bool IsReadBy(int layer) => layer % Every == 0;
}
