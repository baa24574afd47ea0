using System.Diagnostics;
using ModelCompiler.Runtime.Checkpoints;
using ModelCompiler.Testing;

namespace ModelCompiler.Runtime.Tests.Checkpoints;

/// <summary>A reader sees the old file or the new one, whatever happens to the writer.</summary>
public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public AtomicFileTests() => AtomicFile.Write(_folder.Path, ("a", Bytes(1, 10)), ("b", Bytes(2, 10)));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_are_replaced()
    {
        AtomicFile.Write(_folder.Path, ("a", Bytes(3, 5)), ("c", Bytes(4, 5)));
        Assert.Equal(["a", "b", "c"], _folder.Names);
        Assert.Equal(new byte[] { 3, 3, 3, 3, 3 }, File.ReadAllBytes(_folder["a"]));
    }

    [Fact]
    public void A_disk_that_is_full_halfway_changes_nothing()
    {
        Action<Stream> full = static stream =>
        {
            stream.Write(new byte[100_000]);
            throw new IOException("No space left on device");
        };
        var failure = Assert.Throws<CheckpointException>(() => AtomicFile.Write(_folder.Path, ("a", Bytes(3, 5)), ("b", full)));
        Assert.Contains($"{_folder["a"]} cannot be written: No space", failure.Message);
        Untouched();
    }

    [Fact]
    public void A_fault_of_the_writer_is_passed_on()
    {
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(_folder.Path, ("a", static _ => throw new InvalidOperationException())));
        Untouched();
    }

    [Fact]
    public void A_folder_in_place_of_a_file_is_left()
    {
        Directory.CreateDirectory(_folder["c"]);
        Assert.Throws<CheckpointException>(() => AtomicFile.Write(_folder.Path, ("c", Bytes(3, 5))));
        Assert.Equal(["a", "b", "c"], _folder.Names);
    }

    [Fact]
    public void A_file_system_that_is_full_changes_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Mount("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", _folder.Path), "no small file system can be mounted here");
        try
        {
            AtomicFile.Write(_folder.Path, ("a", Bytes(1, 20_000)), ("b", Bytes(2, 10)));
            Assert.Throws<CheckpointException>(() => AtomicFile.Write(_folder.Path, ("a", Bytes(3, 5)), ("b", Bytes(3, 100_000))));
            Assert.Equal(["a", "b"], _folder.Names);
            Assert.Equal(20_000, File.ReadAllBytes(_folder["a"]).Count(static v => v == 1));
            Assert.Equal(10, File.ReadAllBytes(_folder["b"]).Length);
        }
        finally
        {
            Assert.True(Mount("umount", _folder.Path));
        }
    }

    [Fact]
    public void Readers_never_see_half_a_file_and_savers_do_not_meet() => Guard.Run(() =>
    {
        var isDone = false;
        var reader = Task.Run(() =>
        {
            while (!Volatile.Read(ref isDone))
            {
                var bytes = File.ReadAllBytes(_folder["a"]);
                Assert.Equal(bytes[0] == 1 ? 10 : 70_000 + bytes[0], bytes.Length);
                Assert.Equal(-1, bytes.AsSpan().IndexOfAnyExcept(bytes[0]));
            }
        });
        Task.WaitAll([.. Enumerable.Range(10, 4).Select(saver => Task.Run(() =>
        {
            for (var i = 0; i < 20; i++)
            {
                AtomicFile.Write(_folder.Path, ("a", Bytes((byte)saver, 70_000 + saver)));
            }
        }))]);
        Volatile.Write(ref isDone, true);
        reader.GetAwaiter().GetResult();
        Assert.Equal(["a", "b"], _folder.Names);
    });

    [Fact]
    public void The_folder_is_flushed_where_the_system_can()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "renaming needs no flush here");
        Assert.True(FolderFlush.Run(_folder.Path));
        Assert.False(FolderFlush.Run(_folder["missing"]));
    }

    private static Action<Stream> Bytes(byte value, int count) => stream =>
    {
        // In parts, so that a reader could see one.
        for (var i = 0; i < count; i += 1000)
        {
            stream.Write(Enumerable.Repeat(value, Math.Min(1000, count - i)).ToArray());
        }
    };

    private static bool Mount(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private void Untouched()
    {
        Assert.Equal(["a", "b"], _folder.Names);
        Assert.Equal(Enumerable.Repeat((byte)1, 10), File.ReadAllBytes(_folder["a"]));
        Assert.Equal(Enumerable.Repeat((byte)2, 10), File.ReadAllBytes(_folder["b"]));
    }
}
