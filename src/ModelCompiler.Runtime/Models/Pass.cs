namespace ModelCompiler.Runtime;

/// <summary>What a model is asked to do; each is a program of its own.</summary>
public enum Pass
{
    /// <summary>Outputs from inputs, without dropout.</summary>
    Forward,

    /// <summary>Outputs and losses, without dropout.</summary>
    Evaluate,

    /// <summary>Losses and gradients, with dropout.</summary>
    Train,

    /// <summary>The features of the first tower of two.</summary>
    EncodeFirst,

    /// <summary>The features of the second tower of two.</summary>
    EncodeSecond,

    /// <summary>The next token behind tokens whose predecessors are in the cache of keys and values: a prompt, or one token more.</summary>
    Decode,

    /// <summary>What decoding begins with, once for each source: keys and values of what the decoder reads of another tower, or a prompt that begins with a picture.</summary>
    Prime,

    /// <summary>The features of both towers with dropout, of one batch of a step on several.</summary>
    Embed,

    /// <summary>Losses and gradients of the features of all batches of a step.</summary>
    Compare,

    /// <summary>Gradients of the towers from those of their features, of one batch of a step on several.</summary>
    Backward,
}
