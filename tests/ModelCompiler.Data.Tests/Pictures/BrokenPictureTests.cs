namespace ModelCompiler.Data.Tests;

/// <summary>Files that are not whole, lie, or only have another name: what their list says should happen.</summary>
public sealed class BrokenPictureTests
{
    [Fact]
    public void Broken_files_are_errors_with_their_name_and_the_rest_are_pictures()
    {
        var folder = Path.Combine(SharedData.Find("photos"), "broken");
        var rows = File.ReadAllLines(Path.Combine(folder, "expected.csv")).Skip(1).ToArray();
        Assert.All(rows, row =>
        {
            var file = row[0] == '"' ? row.Split('"')[1] : row.Split(',')[0];
            var expected = row.Replace("\"", "", StringComparison.Ordinal);
            var failure = Record.Exception(() => Picture.Read(Path.Combine(folder, file)));
            if (failure is not null)
                Assert.StartsWith(Path.Combine(folder, file), Assert.IsType<InvalidDataException>(failure).Message, StringComparison.Ordinal);
            if (!expected.Contains("either picture or error", StringComparison.Ordinal))
                Assert.Equal(expected.Contains(",picture", StringComparison.Ordinal), failure is null);
        });
        Assert.True(rows.Length >= 28);
    }

    [Fact]
    public void Memory_is_not_taken_for_files_that_claim_too_much()
    {
        var folder = Path.Combine(SharedData.Find("photos"), "broken");
        foreach (var file in new[] { "bomb.png", "huge-header.png", "huge-header-2.png", "huge-header.jpg" })
        {
            var bytes = File.ReadAllBytes(Path.Combine(folder, file));
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<InvalidDataException>(() => Picture.Decode(bytes, file));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        }

        Assert.Contains("claims 30000 x 30000 pixels", Assert.Throws<InvalidDataException>(() => Picture.Read(Path.Combine(folder, "bomb.png"))).Message);
    }
}
