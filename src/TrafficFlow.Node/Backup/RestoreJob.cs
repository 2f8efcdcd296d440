using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using TrafficFlow.Core.Files;
using TrafficFlow.Node.Run;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Node.Backup;

/// <summary>
/// Puts a backup into an empty data folder. All of it is looked at before anything is written; the node's lock and a mark keep nodes out until it is whole, the
/// mark if this process is killed, too; and what fails on the way leaves the folder empty.
/// </summary>
internal sealed class RestoreJob(string folder, string data, string? settings, bool onlyCheck, TimeProvider time)
{
    private const string DataPart = "data/";
    private const string SettingsPart = "settings/";
    private const string Restored = "restored.txt";
    private const long Margin = 20_000_000;

    private readonly List<string> _written = [];

    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var manifest = BackupManifest.Read(folder);
        await CheckFilesAsync(manifest, cancellation);
        if (onlyCheck)
        {
            Console.WriteLine($"{folder} is whole: {manifest.Files.Count} files of {manifest.Data} on {manifest.Host} as they were at {manifest.TakenAt:yyyy-MM-dd'T'HH:mm:ss'Z'}, written by trafficflow {manifest.Version}");
            return ExitCodes.Done;
        }

        CheckFree();
        CheckEmpty();
        WarnIfRestoredBefore();
        var made = !Directory.Exists(data);
        DataFolder.Create(data);
        using var held = Hold();
        // Again: something may have come since.
        CheckEmpty();
        try
        {
            CheckSpace(manifest);
            using (FileDraft.Create(UnfinishedRestore.In(data)))
            {
                // Only that it is there matters.
            }

            await FillAsync(manifest, cancellation);
        }
        catch (Exception e)
        {
            Undo(made);
            if (e is IOException or UnauthorizedAccessException)
                throw new JobFailedException($"the backup could not be restored ({e.Message}): is there space, and may this account write to {data} and read {folder}? Nothing of it is left in the data folder", e);
            throw;
        }

        try
        {
            await PutSettingsAsync(manifest, cancellation);
        }
        finally
        {
            // Only now: a unit that is tried again and again must not start on these data with the settings of another site.
            File.Delete(UnfinishedRestore.In(data));
        }

        Note(manifest);
        Tell(manifest);
        return ExitCodes.Done;
    }

    /// <summary>Whatever is written in a manifest leads to no file outside of the backup and of the data folder.</summary>
    private async Task CheckFilesAsync(BackupManifest manifest, CancellationToken cancellation)
    {
        foreach (var file in manifest.Files)
        {
            if (Path.IsPathRooted(file.Path) || file.Path.Split('/').Any(p => p is "" or "." or "..")) throw new UsageException($"{folder}: its manifest names \"{file.Path}\", which trafficflow backup never writes: take another copy of the backup");
            var path = Path.Combine(folder, file.Path);
            var info = new FileInfo(path);
            if (!info.Exists || info.LinkTarget is not null) throw new UsageException($"{folder} is not whole: {file.Path} is missing. Take another copy of the backup");
            string sum;
            try
            {
                await using var content = File.OpenRead(path);
                sum = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new JobFailedException($"{path} cannot be read ({e.Message}): run this as an account that may, or take another copy of the backup", e);
            }

            if (sum != file.Sha256) throw new UsageException($"{path} was changed or damaged since the backup was written (SHA-256 {sum[..12]}…, told {file.Sha256[..Math.Min(12, file.Sha256.Length)]}…): take another copy of the backup");
        }
    }

    private void CheckFree()
    {
        if (File.Exists(data)) throw new UsageException($"{data} is a file: name a folder");
        if (NodeLock.HolderOf(data) is { } process) throw new UsageException($"{data} is in use: this node runs already, process {process}. Stop it first, or name another folder");
    }

    private NodeLock Hold()
    {
        try
        {
            return NodeLock.Take(data);
        }
        catch (NodeLockedException e)
        {
            throw new JobFailedException(e.Message, e);
        }
    }

    private void CheckEmpty()
    {
        if (!Directory.Exists(data)) return;
        if (File.Exists(UnfinishedRestore.In(data))) throw new UsageException($"{data} holds a part of a backup: another trafficflow restore fills it now, or was broken off. Where it was, empty the folder first");
        if (Directory.EnumerateFileSystemEntries(data).FirstOrDefault(e => Path.GetFileName(e) is not ("lost+found" or NodeLock.FileName or NodeLock.HolderName)) is { } there)
            throw new UsageException($"{data} is not empty ({Path.GetFileName(there)} is in it), and a restore replaces nothing: move its content away, or name another folder");
    }

    private void CheckSpace(BackupManifest manifest)
    {
        var bytes = manifest.Files.Where(f => f.Path.StartsWith(DataPart, StringComparison.Ordinal)).Sum(f => f.Bytes) + Margin;
        var free = new DriveInfo(data).AvailableFreeSpace;
        if (free < bytes) throw new JobFailedException($"{data} needs {BackupManifest.Megabytes(bytes)}, and {BackupManifest.Megabytes(free)} are free there: free space, or name a folder on another disk");
    }

    private async Task FillAsync(BackupManifest manifest, CancellationToken cancellation)
    {
        foreach (var file in manifest.Files.Where(f => f.Path.StartsWith(DataPart, StringComparison.Ordinal)))
        {
            var target = Path.Combine(data, file.Path[DataPart.Length..]);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            _written.Add(target);
            await CopyAsync(Path.Combine(folder, file.Path), target, cancellation);
            if (file.Rows is null) continue;
            var rows = DatabaseCut.Rows(target);
            if (rows.Count != file.Rows.Count || rows.Any(r => file.Rows.GetValueOrDefault(r.Key, -1) != r.Value))
                throw new JobFailedException($"{target} has other rows than the backup tells: is the disk of {data} failing? Take another disk, and restore again");
        }

        var note = Path.Combine(data, Restored);
        _written.Add(note);
        FileDraft.Write(note, $"{Line(manifest)}\n");
        OwnAsFolder();
    }

    /// <summary>Who restores as root does it for the account to which the folder belongs.</summary>
    private void OwnAsFolder()
    {
        if (!Environment.IsPrivilegedProcess || OperatingSystem.IsWindows()) return;
        using var chown = Process.Start(new ProcessStartInfo(ProgramPath.Of("chown"), ["--recursive", "--no-dereference", "--reference", data, "--", .. Directory.GetFileSystemEntries(data)]))!;
        chown.WaitForExit();
        if (chown.ExitCode != 0) throw new IOException("what was restored could not be given to the account of the data folder");
    }

    private void Undo(bool made)
    {
        foreach (var file in _written) File.Delete(file);
        foreach (var inner in Directory.Exists(data) ? Directory.GetDirectories(data).Where(d => Path.GetFileName(d) != "lost+found") : []) DeleteEmpty(inner);
        foreach (var own in new[] { UnfinishedRestore.In(data), Path.Combine(data, NodeLock.HolderName), Path.Combine(data, NodeLock.FileName) }) File.Delete(own);
        if (made && !Directory.EnumerateFileSystemEntries(data).Any()) Directory.Delete(data);
    }

    private static void DeleteEmpty(string folder)
    {
        foreach (var inner in Directory.GetDirectories(folder)) DeleteEmpty(inner);
        if (!Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
    }

    private async Task PutSettingsAsync(BackupManifest manifest, CancellationToken cancellation)
    {
        if (settings is null) return;
        try
        {
            foreach (var file in manifest.Files.Where(f => f.Path.StartsWith(SettingsPart, StringComparison.Ordinal)))
            {
                var target = Path.Combine(settings, file.Path[SettingsPart.Length..]);
                if (Path.Exists(target) || new FileInfo(target).LinkTarget is not null)
                {
                    Console.WriteLine($"Kept: {target} is there already; that of the backup is {Path.Combine(folder, file.Path)}");
                    continue;
                }

                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                await CopyAsync(Path.Combine(folder, file.Path), target, cancellation);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JobFailedException($"the data are restored, and the settings could not be written ({e.Message}): copy {Path.Combine(folder, SettingsPart)} to {settings} by hand", e);
        }
    }

    private static async Task CopyAsync(string from, string target, CancellationToken cancellation)
    {
        await using var source = File.OpenRead(from);
        await using var copy = FileDraft.Create(target);
        await source.CopyToAsync(copy, cancellation);
        copy.Flush(flushToDisk: true);
    }

    private void WarnIfRestoredBefore()
    {
        var note = Path.Combine(folder, Restored);
        if (!File.Exists(note)) return;
        foreach (var line in File.ReadLines(note).TakeLast(3))
            Console.Error.WriteLine($"trafficflow: this backup was restored before: {line}. If that node still runs or will, do not start this one: its cameras would be counted twice");
    }

    private string Line(BackupManifest manifest) => string.Create(
        CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss'Z'} on {Environment.MachineName} into {data}, backup {manifest.Id} of {manifest.TakenAt:yyyy-MM-dd'T'HH:mm:ss'Z'}");

    /// <summary>For whoever restores the same folder once more; a copy of it does not know.</summary>
    private void Note(BackupManifest manifest)
    {
        try
        {
            var note = Path.Combine(folder, Restored);
            FileDraft.Write(note, $"{(File.Exists(note) ? File.ReadAllText(note) : "")}{Line(manifest)}\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"trafficflow: {folder} cannot be written, so that a second restore of it will not be noticed ({e.Message})");
        }
    }

    private void Tell(BackupManifest manifest)
    {
        Console.WriteLine($"Restored into {data}: as {manifest.Host} had it at {manifest.TakenAt:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}");
        foreach (var file in manifest.Files.Where(f => f.Rows is not null))
            Console.WriteLine($"  {Path.GetFileName(file.Path),-18} {BackupManifest.Megabytes(file.Bytes),9}  {string.Join(", ", file.Rows!.Where(r => r.Value > 0).Select(r => $"{r.Key} {r.Value}"))}");
        foreach (var file in manifest.Files.Where(f => f.Path.StartsWith("elsewhere/", StringComparison.Ordinal)))
            Console.WriteLine($"To do: put {Path.Combine(folder, file.Path)} where it was, {file.Source}");
        foreach (var left in manifest.LeftOut) Console.WriteLine($"To do: {left.What} is not in the backup: {left.Remedy}");
        foreach (var step in manifest.Order) Console.WriteLine(step);
        if (manifest.Config is not null && settings is null) Console.WriteLine($"Settings are in {Path.Combine(folder, SettingsPart).TrimEnd('/')}; --settings DIR would have put them in place");
        if (manifest.Data != data) Console.WriteLine($"The settings of then name {manifest.Data} as data folder: set trafficflow.node.data-directory to {data}");
        Console.WriteLine("Never start the node that this one replaces again: its cameras would be counted twice");
    }
}
