using TrafficFlow.SystemTests.Processes;
using Xunit;

namespace TrafficFlow.SystemTests.Run;

/// <summary>A disk in memory of a given size, as long as a test. Skips the test where nothing may be mounted.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    private string Filler => Path.Combine(_folder, "filler");

    public static async Task<SmallDisk> MountAsync(string folder, string size, bool readOnly = false)
    {
        var (code, _, error) = await Tools.TryAsync("mount", "-t", "tmpfs", "-o", $"size={size}{(readOnly ? ",ro" : "")}", "tmpfs", folder);
        Assert.SkipUnless(code == 0, $"a small disk cannot be mounted here: {error.Trim()}");
        return new SmallDisk(folder);
    }

    /// <summary>To the last byte.</summary>
    public void Fill()
    {
        var junk = new byte[4096];
        using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, 0);
        try
        {
            while (true) file.Write(junk);
        }
        catch (IOException)
        {
            // This is what was wanted.
        }
    }

    public void Free() => File.Delete(Filler);

    public async ValueTask DisposeAsync()
    {
        var (code, _, _) = await Tools.TryAsync("umount", _folder);
        if (code != 0) await Tools.TryAsync("umount", "--lazy", _folder);
    }
}
