using System.Diagnostics;

namespace TrafficFlow.Benchmarks.VaultCrash;

/// <summary>
/// A disk with a cache that is lost with its power: ext4 in a file, mounted by way of a loop device, and that file in an ext4 of its own, mounted in the same way. What the inner file system does not flush stays in the memory of the
/// outer one; only a flush (fsync) brings it into the outer's file. Neither commits by itself meanwhile. The power is cut by stopping the process that writes and taking the outer file as it is then; journals are replayed at the next mount.
/// </summary>
internal sealed class LoopDisk : IDisposable
{
    private const long Bytes = 160L << 20;
    private const long OuterBytes = 224L << 20;

    /// <summary>Longer than any round: the periodic commit of the file system would save what nobody has flushed.</summary>
    private const string Options = "loop,commit=3000,data=ordered";

    /// <summary>Of a probe.</summary>
    public const int ProbedUnflushed = 3;

    private readonly string _outerImage;
    private readonly string _outer;

    private LoopDisk(string folder) => (_outerImage, _outer, Folder) = (Path.Combine(folder, "outer.img"), Path.Combine(folder, "outer"), Path.Combine(folder, "disk"));

    public string Folder { get; }

    private string Inner => Path.Combine(_outer, "disk.img");

    /// <returns>Null where this machine gives none.</returns>
    public static LoopDisk? TryMount(string folder)
    {
        var disk = new LoopDisk(folder);
        Directory.CreateDirectory(disk.Folder);
        Directory.CreateDirectory(disk._outer);
        using (var file = new FileStream(disk._outerImage, FileMode.CreateNew)) file.SetLength(OuterBytes);
        if (!Run("mkfs.ext4", "-q", "-m", "0", disk._outerImage) || !Run("mount", "-o", Options, disk._outerImage, disk._outer)) return null;
        // Its blocks have their place before, so that the outer file system has nothing to note of them.
        using (var file = new FileStream(disk.Inner, FileMode.CreateNew))
        {
            var block = new byte[1 << 20];
            for (var at = 0L; at < Bytes; at += block.Length) file.Write(block);
            file.Flush(flushToDisk: true);
        }

        if (Run("mkfs.ext4", "-q", "-m", "0", disk.Inner) && Run("sync", "-f", disk._outer) && Run("mount", "-o", Options, disk.Inner, disk.Folder)) return disk;
        disk.Dispose();
        return null;
    }

    /// <summary>Tries whether a cut loses what was not flushed, and nothing else: new names, new files, and bytes that were overwritten in place.</summary>
    /// <returns>What of it was lost, of <see cref="ProbedUnflushed"/>; null where something that was flushed was lost, so that the disk is of no use.</returns>
    public async Task<int?> ProbeAsync(CancellationToken cancellation)
    {
        string[] names = ["flushed", "overwritten", "renamed"];
        foreach (var name in names) await WriteAsync(name, "before", isFlushed: true, cancellation);
        Run("sync", "-f", Folder);
        await WriteAsync("new", "after", isFlushed: false, cancellation);
        await WriteAsync("overwritten", "after ", isFlushed: false, cancellation);
        File.Move(Path.Combine(Folder, "renamed"), Path.Combine(Folder, "moved"));
        await CutAsync(cancellation);
        if (names[..2].Any(n => !File.Exists(Path.Combine(Folder, n))) || await File.ReadAllTextAsync(Path.Combine(Folder, "flushed"), cancellation) != "before") return null;
        var lost = (File.Exists(Path.Combine(Folder, "new")) ? 0 : 1) + (await File.ReadAllTextAsync(Path.Combine(Folder, "overwritten"), cancellation) == "before" ? 1 : 0) + (File.Exists(Path.Combine(Folder, "renamed")) ? 1 : 0);
        foreach (var file in Directory.EnumerateFiles(Folder)) File.Delete(file);
        return lost;
    }

    /// <param name="writer">Is killed.</param>
    /// <param name="heard">Ends with what it said.</param>
    public async Task CutPowerAsync(Process writer, Task heard, CancellationToken cancellation)
    {
        // Stopped first: what it says afterwards would not be true of the disk.
        Run("kill", "-STOP", writer.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await CutAsync(cancellation, async () =>
        {
            writer.Kill();
            await writer.WaitForExitAsync(cancellation);
            await heard;
        });
    }

    public void Dispose() => Unmount();

    private async Task CutAsync(CancellationToken cancellation, Func<Task>? end = null)
    {
        var copy = _outerImage + ".cut";
        // Twice the same: nothing was written while it was copied.
        byte[] first, second;
        do
        {
            File.Copy(_outerImage, copy, overwrite: true);
            first = await HashAsync(copy, cancellation);
            second = await HashAsync(_outerImage, cancellation);
        }
        while (!first.AsSpan().SequenceEqual(second));
        if (end is not null) await end();
        Unmount();
        File.Move(copy, _outerImage, overwrite: true);
        if (!Run("mount", "-o", Options, _outerImage, _outer) || !Run("mount", "-o", Options, Inner, Folder)) throw new InvalidOperationException("the disk whose power was cut cannot be mounted again");
    }

    private void Unmount()
    {
        Run("umount", Folder);
        Run("umount", _outer);
    }

    private async Task WriteAsync(string name, string text, bool isFlushed, CancellationToken cancellation)
    {
        await using var file = new FileStream(Path.Combine(Folder, name), FileMode.OpenOrCreate, FileAccess.Write);
        await file.WriteAsync(System.Text.Encoding.ASCII.GetBytes(text), cancellation);
        file.Flush(isFlushed);
    }

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
