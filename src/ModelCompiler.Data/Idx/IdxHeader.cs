using System.Buffers.Binary;

namespace ModelCompiler.Data;

/// <summary>The claims at the start of an IDX file, every one checked before anything is allocated for it.</summary>
internal readonly record struct IdxHeader(IdxElement Element, int[] Dimensions, int Bytes)
{
    private const int MaxDimensions = 8;

    /// <summary>Reads and checks the header; the elements may then take up to <paramref name="maxBytes"/>.</summary>
    public static IdxHeader Read(IdxSource source, int maxBytes)
    {
        Span<byte> words = stackalloc byte[4 * MaxDimensions];
        source.Fill(words[..4], "the magic number");
        if (words[0] != 0 || words[1] != 0)
            throw source.Error($"magic number 0x{BinaryPrimitives.ReadUInt32BigEndian(words):X8}; legal is 0x0000, element type, number of dimensions");
        var element = (IdxElement)words[2];
        if (!Enum.IsDefined(element))
            throw source.Error($"element type 0x{words[2]:X2}; legal are 0x08, 0x09, 0x0B, 0x0C, 0x0D and 0x0E");
        int count = words[3];
        if (count is < 1 or > MaxDimensions)
            throw source.Error($"{count} dimensions; legal is 1..{MaxDimensions}");

        source.Fill(words[..(4 * count)], "the dimensions");
        long bytes = IdxArray.SizeOf(element);
        Span<int> dimensions = stackalloc int[count];
        for (var i = 0; i < count; i++)
        {
            var extent = BinaryPrimitives.ReadUInt32BigEndian(words[(4 * i)..]);
            if (extent == 0 || extent > maxBytes / bytes)
            {
                throw source.Error(
                    $"dimension {i} is {extent}; legal is 1..{maxBytes / bytes} here, as all elements may take {maxBytes} bytes");
            }

            dimensions[i] = (int)extent;
            bytes *= extent;
        }

        return new IdxHeader(element, dimensions.ToArray(), (int)bytes);
    }
}
