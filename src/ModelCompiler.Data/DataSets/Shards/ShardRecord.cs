using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>A record of a WebDataset shard: the files that share a name up to its first dot. Each is read when it is asked for.</summary>
public sealed class ShardRecord
{
    private readonly SeekableFile _file;
    private readonly ArraySegment<ShardPart> _parts;

    internal ShardRecord(SeekableFile file, string key, ArraySegment<ShardPart> parts) => (_file, Key, _parts) = (file, key, parts);

    /// <summary>The name that the files share, with its folder, without a leading <c>./</c>.</summary>
    public string Key { get; }

    /// <summary>What the files' names end in, behind the first dot, in lower case: <c>png</c>, <c>json</c>, <c>seg.png</c>.</summary>
    public IEnumerable<string> Extensions => _parts.Select(static p => p.Extension);

    /// <summary>The bytes of a file.</summary>
    /// <param name="extension">In either case.</param>
    /// <exception cref="InvalidDataException">There is none of that ending; the message names those that there are.</exception>
    public byte[] Bytes(string extension)
    {
        foreach (var part in _parts)
        {
            if (part.Extension.Equals(extension, StringComparison.OrdinalIgnoreCase))
                return FileBytes.Read(_file.Handle, part.Start, part.Length, $"{_file.Name}: {Key}.{extension}");
        }

        throw new InvalidDataException($"{_file.Name}: {Key} has no file .{extension}; it has {Found.Names(Extensions.Select(static e => "." + e))}.");
    }

    /// <summary>A file that is JSON.</summary>
    /// <exception cref="InvalidDataException">There is none of that ending, or it is no JSON.</exception>
    public JsonElement Json(string extension = "json")
    {
        try
        {
            return JsonElement.Parse(Bytes(extension));
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{_file.Name}: {Key}.{extension}: {Found.Reason(e)}", e);
        }
    }

    /// <summary>The record as a picture with captions: the file that is called like a picture, and a field of the one that ends in <c>json</c>, or where there is none, the text of the one that ends in <c>txt</c>.</summary>
    /// <param name="captions">The field: a string, or an array of strings.</param>
    /// <exception cref="InvalidDataException">The record has no picture or no caption.</exception>
    public CaptionedPicture ToCaptionedPicture(string captions = "captions")
    {
        var picture = Extensions.FirstOrDefault(static e => PictureNames.Is("." + e))
            ?? throw new InvalidDataException($"{_file.Name}: {Key} has no picture; it has {Found.Names(Extensions.Select(static e => "." + e))}.");
        string[] said = Extensions.Contains("json") || !Extensions.Contains("txt")
            ? [.. RecordFields.Texts(Json(), captions, $"{_file.Name}: {Key}.json")]
            : [LineIndex.Decode(Bytes("txt"), $"{_file.Name}: {Key}.txt").Trim()];
        return said.Length > 0
            ? new CaptionedPicture(Key, Bytes(picture), said)
            : throw new InvalidDataException($"{_file.Name}: {Key} has no caption.");
    }
}

/// <summary>A file of a record.</summary>
internal readonly record struct ShardPart(string Extension, long Start, long Length);
