namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>A checkpoint that cannot be read or does not fit; the message names the file, what was found and what was expected.</summary>
public sealed class CheckpointException : Exception
{
    public CheckpointException(string message)
        : base(message)
    {
    }

    public CheckpointException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
