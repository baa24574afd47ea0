namespace ModelCompiler.Gpu;

/// <summary>16 bytes: what one copy moves, and a thread's part of four matrices of 8 x 16 bytes.</summary>
internal struct Words
{
    public uint A, B, C, D;
}
