using System.Text.Json.Serialization;

namespace ModelCompiler.Data;

/// <summary>JSON of an index's names, without reflection.</summary>
[JsonSerializable(typeof(string[]))]
internal sealed partial class IndexJson : JsonSerializerContext;
