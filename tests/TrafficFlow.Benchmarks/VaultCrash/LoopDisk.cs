using System.Diagnostics;

namespace TrafficFlow.Benchmarks.VaultCrash;

/// <summary>
/// ext4 in a file, mounted by way of a loop device. Its power is cut by stopping the process that writes and taking the file as it is then: what the system holds in memory and has not yet written to the device is lost, as it
/// would be; the file system's journal is replayed at the next mount.
/// </summary>
internal sealed class LoopDisk : IDisposable
{
    private const long Bytes = 192L << 20;

    private readonly string _image;

    private LoopDisk(string folder) => (_image, Folder) = (Path.Combine(folder, "disk.img"), Path.Combine(folder, "disk"));

    public string Folder { get; }

    /// <returns>Null where this machine gives none.</returns>
    public static LoopDisk? TryMount(string folder)
    {
        var disk = new LoopDisk(folder);
        using (var file = new FileStream(disk._image, FileMode.CreateNew)) file.SetLength(Bytes);
        Directory.CreateDirectory(disk.Folder);
        return Run("mkfs.ext4", "-q", "-m", "0", disk._image) && disk.Mount() ? disk : null;
    }

    /// <param name="writer">Is killed.</param>
    /// <param name="heard">Ends with what it said.</param>
    public async Task CutPowerAsync(Process writer, Task heard, CancellationToken cancellation)
    {
        // Stopped first: what it says afterwards would not be true of the disk.
        Run("kill", "-STOP", writer.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var copy = _image + ".cut";
        // Twice the same: nothing was written while it was copied.
        byte[] first, second;
        do
        {
            File.Copy(_image, copy, overwrite: true);
            first = await HashAsync(copy, cancellation);
            second = await HashAsync(_image, cancellation);
        }
        while (!first.AsSpan().SequenceEqual(second));
        writer.Kill();
        await writer.WaitForExitAsync(cancellation);
        await heard;
        Unmount();
        File.Move(copy, _image, overwrite: true);
        if (!Mount()) throw new InvalidOperationException("the disk whose power was cut cannot be mounted again");
    }

    public void Dispose() => Unmount();

    private bool Mount() => Run("mount", "-o", "loop", _image, Folder);

    private void Unmount() => Run("umount", Folder);

    private static async Task<byte[]> HashAsync(string file, CancellationToken cancellation)
    {
        await using var stream = File.OpenRead(file);
        return await System.Security.Cryptography.SHA256.HashDataAsync(stream, cancellation);
    }

    private static bool Run(string program, params string[] arguments)
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
}
