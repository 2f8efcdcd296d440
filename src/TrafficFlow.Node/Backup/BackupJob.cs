using System.Security.Cryptography;
using TrafficFlow.Node.Count.Videos;
using TrafficFlow.Node.Mark.Desk;
using TrafficFlow.Node.Settings;
using TrafficFlow.Node.Why;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Node.Backup;

/// <summary>
/// Writes a backup into a hidden folder beside its place, and moves it there when it is whole. Databases first, all of one instant; then what changes
/// seldom; PostgreSQL last, so that what an outbox was told to be stored is in it.
/// </summary>
internal sealed class BackupJob(string place, NodeSettings? settings, string data, TimeProvider time)
{
    private const string DataPart = "data";
    private const string SettingsPart = "settings";
    private const string ElsewherePart = "elsewhere";

    // For the file system's own books.
    private const long Margin = 20_000_000;

    private static readonly EnumerationOptions s_everything = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
    private readonly string _place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(place));
    private readonly string _data = Path.TrimEndingDirectorySeparator(Path.GetFullPath(data));
    private readonly List<BackupFile> _files = [];
    private readonly List<LeftOut> _leftOut = [];
    private readonly List<string> _order = [];

    // What a nightly job must not take for a backup.
    private string? _lacksDatabase;

    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var target = _place;
        if (Path.Exists(target) || new FileInfo(target).LinkTarget is not null) throw new UsageException($"{target} is there already: name a folder that is not");
        if (target.StartsWith(_data + Path.DirectorySeparatorChar, StringComparison.Ordinal)) throw new UsageException($"{target} lies in the data folder itself: a backup belongs on another disk");
        if (!Directory.Exists(_data)) throw new UsageException($"there is no data folder {_data}: name the settings with --config FILE, or the folder with --data DIR");
        var part = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}.part");
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(part);
            else Directory.CreateDirectory(part, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var manifest = await WriteAsync(part, cancellation);
            Directory.Move(part, target);
            Tell(target, manifest);
            if (_lacksDatabase is null) return ExitCodes.Done;
            Console.Error.WriteLine($"trafficflow: the counts are not in this backup: {_lacksDatabase}");
            return ExitCodes.Failed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JobFailedException($"the backup could not be written ({e.Message}): is there space in {Path.GetDirectoryName(target)}, and may this account write there and read {_data}? Nothing is left of it", e);
        }
        finally
        {
            if (Directory.Exists(part)) Directory.Delete(part, recursive: true);
        }
    }

    private async Task<BackupManifest> WriteAsync(string part, CancellationToken cancellation)
    {
        // Outboxes would make a backup that looks whole.
        if (settings?.Journal is SqliteJournal journal && MovedDatabase.Problem(journal) is { } moved) throw new UsageException(moved);
        var files = settings is null ? null : SettingsFiles.Of(settings);
        string[] databases = [.. FilesOfData().Where(IsDatabase).Order(StringComparer.Ordinal)];
        var plain = PlainFiles(databases, files?.Secrets ?? []).ToList();
        if (databases.Length == 0 && settings?.Journal is not PostgresJournal) throw new UsageException($"{_data} holds no database: is it the data folder of a node that has run?");
        DateTimeOffset at;
        using (var cut = DatabaseCut.Take(databases, time))
        {
            at = cut.At;
            CheckSpace(part, databases.Sum(cut.SizeOf) + plain.Concat(files is null ? [] : [.. files.Settings, .. files.Models, .. files.Public]).Sum(f => new FileInfo(f).Length));
            foreach (var database in databases)
            {
                cancellation.ThrowIfCancellationRequested();
                var path = $"{DataPart}/{Path.GetRelativePath(_data, database)}";
                try
                {
                    var rows = cut.Copy(database, Prepare(part, path));
                    await AddAsync(part, path, database, rows, cancellation);
                }
                catch (JobFailedException e) when (database == EvidenceFile.PathIn(_data))
                {
                    // Nothing that is counted depends on it: it must not cost the backup of what does.
                    File.Delete(Path.Combine(part, path));
                    _leftOut.Add(new LeftOut($"why things were counted ({e.Message})", $"move {database} away: the node makes a new one"));
                }
            }
        }

        // A register may be written to meanwhile: its head, copied first, never names an entry that the copy lacks.
        foreach (var file in plain.Where(f => !IsOfAudit(f)).OrderBy(f => Path.GetExtension(f) == ".jsonl")) await CopyAsync(part, $"{DataPart}/{Path.GetRelativePath(_data, file)}", file, cancellation);
        await CopyAuditAsync(part, cancellation);
        if (files is not null) await CopySettingsAsync(part, files, cancellation);
        else _leftOut.Add(new LeftOut("settings, site files, certificates", "name the settings with --config FILE, or keep them yourself"));
        if (settings?.Journal is PostgresJournal postgres)
        {
            var dump = await PostgresDump.RunAsync(postgres, Prepare(part, PostgresDump.Path), cancellation);
            _order.AddRange(dump.Order);
            if (dump.Problem is null) await AddAsync(part, PostgresDump.Path, postgres.Name, null, cancellation);
            else _leftOut.Add(new LeftOut($"the database {postgres.Name}", _lacksDatabase = dump.Problem));
        }

        _order.Insert(0, "Of several nodes: back up roadside nodes first, then servers. Restore servers first, then roadside nodes.");
        var manifest = new BackupManifest(
            BackupManifest.CurrentFormat, ProductVersion.Version, ProductVersion.Commit, Guid.NewGuid().ToString("n"), at, Environment.MachineName,
            _data, settings is null ? null : Path.GetFullPath(settings.File), _files, _leftOut, _order);
        manifest.Write(part);
        return manifest;
    }

    /// <summary>
    /// What was put aside changes no more, and may be gigabytes: it is copied while the node records on. The rest while nobody appends to it or puts a file aside, so
    /// that what is signed and what is recorded fit.
    /// </summary>
    private async Task CopyAuditAsync(string part, CancellationToken cancellation)
    {
        var place = new AuditPlace(_data);
        if (!place.Exists) return;
        try
        {
            var aside = place.Rotated();
            foreach (var file in aside) await CopyAsync(part, $"{DataPart}/{Path.GetFileName(file)}", file, cancellation);
            using var held = await place.HoldAsync();
            foreach (var old in aside.Where(f => !File.Exists(f)))
            {
                // Deleted for its age meanwhile, which what is signed now says.
                var path = $"{DataPart}/{Path.GetFileName(old)}";
                File.Delete(Path.Combine(part, path));
                _files.RemoveAll(f => f.Path == path);
            }

            foreach (var file in FilesOfData().Where(f => IsOfAudit(f) && !aside.Contains(f)).Order(StringComparer.Ordinal).ToList())
                await CopyAsync(part, $"{DataPart}/{Path.GetFileName(file)}", file, cancellation);
        }
        catch (VaultFileException e)
        {
            throw new JobFailedException(e.Message, e);
        }
    }

    private async Task CopySettingsAsync(string part, SettingsFiles files, CancellationToken cancellation)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(settings!.File))! + Path.DirectorySeparatorChar;
        foreach (var file in files.Settings.Concat(files.Models).Concat(files.Public).Distinct())
        {
            var path = file.StartsWith(folder, StringComparison.Ordinal) ? $"{SettingsPart}/{file[folder.Length..]}" : $"{ElsewherePart}/{file.TrimStart('/')}";
            await CopyAsync(part, path, file, cancellation);
        }

        foreach (var secret in files.Secrets) _leftOut.Add(new LeftOut(secret, "a secret: keep it elsewhere and put it back by hand, or make a new one (deploy/ca.sh renew, the database's password)"));
    }

    /// <summary>All of the data folder but the process's own lock, which only it may open, and what is hidden: drafts are.</summary>
    private IEnumerable<string> FilesOfData() => Directory.EnumerateFiles(_data, "*", s_everything)
        .Where(f => !$"/{Path.GetRelativePath(_data, f)}".Contains("/.", StringComparison.Ordinal) && Path.GetFileName(f) is not (NodeLock.FileName or NodeLock.HolderName) && !IsSocket(f));

    /// <summary>What lies in the data folder besides databases; locks, sockets, drafts, caches and logs are of the process, not of the data, and keys are kept elsewhere.</summary>
    private IEnumerable<string> PlainFiles(IReadOnlyCollection<string> databases, IEnumerable<string> secrets)
    {
        if (Directory.Exists(Path.Combine(_data, RecordingVault.FolderName))) _leftOut.Add(new LeftOut(Path.Combine(_data, RecordingVault.FolderName), "recordings and what opens them: what is erased must not come back from a backup; receipts of erasures are in vault/receipts and ends of experiments in vault/ends, which are in the backup"));
        HashSet<string> others = [.. databases, .. databases.SelectMany(d => new[] { $"{d}-wal", $"{d}-shm", $"{d}-journal" }), .. secrets.Select(Path.GetFullPath)];
        foreach (var file in FilesOfData().Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(file);
            if (others.Contains(file) || Path.GetExtension(name) is ".part" or ".lock" || (Path.GetExtension(name) == ".log" && !IsOfAudit(file)) || Path.GetRelativePath(_data, file).StartsWith("logs/", StringComparison.Ordinal)) continue;
            if (IsOfVault(file)) continue;
            if (IsClip(file)) _leftOut.Add(new LeftOut(file, "a clip: its pictures are as the camera took them and stay on the node; its marks are in the backup"));
            else if (IsKey(file)) _leftOut.Add(new LeftOut(file, KeyRemedy(name)));
            else yield return file;
        }
    }

    /// <summary>By what it begins with: a journal may have any name, in any folder below the data folder.</summary>
    private static bool IsDatabase(string file) => Begins(file, "SQLite format 3\0"u8);

    /// <summary>Whatever lies among the clips of a site and is neither its marks nor a count: exports of recorders have many endings.</summary>
    private bool IsClip(string file) => Path.GetRelativePath(_data, file).Split('/') is [ClipFolder.Name, ..] parts
        && !(parts is [_, _, var marks] && marks.EndsWith(ClipFolder.Truth, StringComparison.Ordinal)) && !(parts is [_, _, var counted, _] && counted.EndsWith(ClipFolder.Counted, StringComparison.Ordinal) && !VideoFiles.IsVideo(file));

    /// <summary>Recordings and all that leads to them, but the receipts of what was erased.</summary>
    private bool IsOfVault(string file) => Path.GetRelativePath(_data, file).Split('/') is [RecordingVault.FolderName, var part, ..] && part is not ("receipts" or "ends");

    private static bool IsKey(string file) => Path.GetExtension(file) == ".key" || Begins(file, "-----BEGIN PRIVATE KEY"u8) || Begins(file, "-----BEGIN EC PRIVATE KEY"u8) || Begins(file, "-----BEGIN RSA PRIVATE KEY"u8);

    private static string KeyRemedy(string name) => name switch
    {
        AuditPlace.KeyName => "the key that signs the audit: without it the node goes on with a new one, and says so in the audit",
        AccountStore.KeyFileName => "the key of second factors: keep it elsewhere and put it back by hand; without it those who have one log in with a recovery code, or trafficflow account invite NAME --without-second-factor",
        _ => "a private key: keep it elsewhere and put it back by hand, or make a new one (deploy/ca.sh renew)",
    };

    private static bool Begins(string file, ReadOnlySpan<byte> with)
    {
        try
        {
            Span<byte> head = stackalloc byte[64];
            using var opened = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return head[..opened.ReadAtLeast(head, with.Length, throwOnEndOfStream: false)].StartsWith(with);
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Records of who did what are data, whatever their names end with.</summary>
    private bool IsOfAudit(string file) => Path.GetDirectoryName(file) == _data && AuditPlace.Owns(Path.GetFileName(file));

    private static bool IsSocket(string file) => File.GetAttributes(file).HasFlag(FileAttributes.Device) || Path.GetExtension(file) == ".sock";

    private static string Prepare(string part, string path)
    {
        var file = Path.Combine(part, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return file;
    }

    private async Task CopyAsync(string part, string path, string source, CancellationToken cancellation)
    {
        var file = Prepare(part, path);
        try
        {
            await using (var from = File.OpenRead(source))
            await using (var to = Core.Files.FileDraft.Create(file)) await from.CopyToAsync(to, cancellation);
        }
        catch (FileNotFoundException) when (path.StartsWith(DataPart, StringComparison.Ordinal))
        {
            // The node has replaced it meanwhile, or needs it no more.
            File.Delete(file);
            return;
        }

        await AddAsync(part, path, source, null, cancellation);
    }

    private async Task AddAsync(string part, string path, string source, IReadOnlyDictionary<string, long>? rows, CancellationToken cancellation)
    {
        await using var written = File.Open(Path.Combine(part, path), FileMode.Open, FileAccess.ReadWrite);
        var sum = Convert.ToHexStringLower(await SHA256.HashDataAsync(written, cancellation));
        // The manifest comes when all that it names is on the disk.
        written.Flush(flushToDisk: true);
        _files.Add(new BackupFile(path, written.Length, sum, Path.GetFullPath(source), rows));
    }

    private static void CheckSpace(string folder, long bytes)
    {
        var free = new DriveInfo(folder).AvailableFreeSpace;
        if (free < bytes + Margin)
            throw new JobFailedException($"the backup needs {BackupManifest.Megabytes(bytes + Margin)}, and {BackupManifest.Megabytes(free)} are free in {Path.GetDirectoryName(folder)}: free space, or name a folder on another disk");
    }

    private static void Tell(string target, BackupManifest manifest)
    {
        Console.WriteLine($"Backup of {manifest.Data} as it was at {manifest.TakenAt:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}, in {target}");
        foreach (var file in manifest.Files.Where(f => f.Rows is not null))
            Console.WriteLine($"  {Path.GetFileName(file.Path),-18} {BackupManifest.Megabytes(file.Bytes),9}  {string.Join(", ", file.Rows!.Where(r => r.Value > 0).Select(r => $"{r.Key} {r.Value}"))}");
        var others = manifest.Files.Where(f => f.Rows is null).ToList();
        if (others.Count > 0) Console.WriteLine($"  and {others.Count} other files, {BackupManifest.Megabytes(others.Sum(f => f.Bytes))}");
        foreach (var left in manifest.LeftOut) Console.WriteLine($"Not in it: {left.What} ({left.Remedy})");
        foreach (var step in manifest.Order) Console.WriteLine(step);
        Console.WriteLine($"Restore it with: trafficflow restore {target} --data {manifest.Data}{(manifest.Config is null ? "" : $" --settings {Path.GetDirectoryName(manifest.Config)}")}");
    }
}
