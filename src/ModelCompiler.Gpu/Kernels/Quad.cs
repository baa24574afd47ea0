namespace ModelCompiler.Gpu;

/// <summary>Four floats that are read and written by one instruction of 16 bytes.</summary>
internal struct Quad
{
    public float A, B, C, D;
}
