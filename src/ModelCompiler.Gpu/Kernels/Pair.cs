namespace ModelCompiler.Gpu;

/// <summary>Two floats that one instruction of 8 bytes writes.</summary>
internal struct Pair
{
    public float A, B;
}
