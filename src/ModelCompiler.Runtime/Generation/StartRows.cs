namespace ModelCompiler.Runtime.Generation;

/// <summary>Prompts for sources that have none: in each row what stands for the picture, if anything, then the token that begins a text.</summary>
internal sealed class StartRows : TokenBatch
{
    public StartRows(int count, DecoderInfo decoder, int start)
        : base(count, decoder.Prefix + 1, decoder.Vocabulary, decoder.Context, decoder.Prefix) => Array.Fill(Ids, start);
}
