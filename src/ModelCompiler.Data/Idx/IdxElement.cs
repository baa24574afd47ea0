namespace ModelCompiler.Data;

/// <summary>Type of an IDX file's elements; the values are the codes in the file.</summary>
public enum IdxElement : byte
{
    U8 = 0x08,
    I8 = 0x09,
    I16 = 0x0B,
    I32 = 0x0C,
    F32 = 0x0D,
    F64 = 0x0E,
}
