using System.Diagnostics;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Vault.Erasure;

/// <summary>A disk of its own: ext4 in a file, mounted by way of a loop device, so that every byte of it can be looked at. Root alone can have one.</summary>
internal sealed class MountedImage : IDisposable
{
    private readonly SettingsFolder _folder = new();
    private bool _isMounted;

    /// <exception cref="Exception">Skips the test, with the reason, where this machine gives none.</exception>
    public MountedImage(int megabytes)
    {
        if (!Environment.IsPrivilegedProcess) Skip("only root may mount a disk image");
        using (var file = new FileStream(Image, FileMode.CreateNew)) file.SetLength(megabytes * 1024L * 1024);
        Directory.CreateDirectory(Folder);
        // Without reserved blocks and lazy initialisation: what is written later is what the test wrote.
        if (Run("mkfs.ext4", "-q", "-m", "0", "-E", "lazy_itable_init=0,lazy_journal_init=0", Image) is { Length: > 0 } made) Skip($"no ext4 can be made here ({made})");
        if (Run("mount", "-o", "loop", Image, Folder) is { Length: > 0 } mounted) Skip($"no disk image can be mounted here ({mounted})");
        _isMounted = true;
    }

    public string Image => Path.Combine(_folder.Path, "disk.img");

    public string Folder => Path.Combine(_folder.Path, "disk");

    /// <summary>Writes all of it to the image, and takes it away.</summary>
    public byte[] Content()
    {
        Unmount();
        return File.ReadAllBytes(Image);
    }

    private void Unmount()
    {
        if (!_isMounted) return;
        Run("umount", Folder);
        _isMounted = false;
    }

    public void Dispose()
    {
        Unmount();
        _folder.Dispose();
    }

    private void Skip(string why)
    {
        _folder.Dispose();
        Assert.Skip(why);
    }

    /// <returns>What it complained of; empty where it did it.</returns>
    private static string Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            var told = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? "" : told.Trim().Length > 0 ? told.Trim() : $"{program} ended with {process.ExitCode}";
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return $"{program}: {e.Message}";
        }
    }
}
