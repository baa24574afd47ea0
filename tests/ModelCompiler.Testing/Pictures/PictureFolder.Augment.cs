using System.Text.Json;

namespace ModelCompiler.Testing;

/// <summary>Augmentations with given arguments.</summary>
internal sealed partial class PictureFolder
{
    private void CompareAugment(JsonElement @case) => throw new NotSupportedException("augment");
}
