namespace TrafficFlow.SystemTests.Lab;

/// <summary>A disk in memory of a given size, mounted over a folder, that can be filled and freed.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    private string Filler => Path.Combine(_folder, "filler");

    /// <exception cref="LabUnavailableException">Nothing may be mounted here.</exception>
    public static async Task<SmallDisk> MountAsync(string folder, string size, bool readOnly = false)
    {
        Directory.CreateDirectory(folder);
        var (code, _, error) = await Shell.TryAsync("mount", "-t", "tmpfs", "-o", $"size={size}{(readOnly ? ",ro" : "")}", "tmpfs", folder);
        return code == 0 ? new SmallDisk(folder) : throw new LabUnavailableException($"a small disk cannot be mounted here: {error.Trim()}");
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
        var (code, _, _) = await Shell.TryAsync("umount", _folder);
        if (code != 0) await Shell.TryAsync("umount", "--lazy", _folder);
    }
}
