namespace ModelCompiler.Ptx.Text;

/// <summary>Types by their names.</summary>
internal static class PtxTypes
{
    public static int Bytes(string type) => type switch
    {
        "b8" or "s8" or "u8" => 1,
        "b16" or "s16" or "u16" or "f16" or "bf16" => 2,
        "b32" or "s32" or "u32" or "f32" or "tf32" or "f16x2" or "bf16x2" => 4,
        "b64" or "s64" or "u64" or "f64" => 8,
        _ => throw new PtxException($"{type} is no type that is known"),
    };

    public static bool IsSigned(string type) => type[0] == 's';

    public static bool IsFloat(string type) => type[0] == 'f' || type is "bf16" or "tf32";
}
