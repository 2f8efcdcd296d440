using TrafficFlow.Node;
using TrafficFlow.Node.Backup;
using TrafficFlow.SystemTests.Faults;
using TrafficFlow.SystemTests.Lab;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Run;
using TrafficFlow.Wire.Journals;
using Xunit;

namespace TrafficFlow.SystemTests.Backup;

/// <summary>What cannot be backed up or restored is told before anything is written, or leaves nothing behind.</summary>
[Collection(ProcessesCollection.Other)]
public sealed class BadBackupTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private readonly NodeFolder _node = new(NodeFolder.Live);
    private readonly string _backup;
    private readonly string _target;

    public BadBackupTests() => (_backup, _target) = (Path.Combine(_node.Path, "backup"), Path.Combine(_node.Path, "restored"));

    public static TheoryData<string, string> Damages => new()
    {
        { "flip", "journal.db was changed or damaged since the backup was written" },
        { "missing", "is not whole: data/outbox.db is missing" },
        { "no manifest", "is no backup: it has no manifest.json" },
        { "manifest", "manifest.json was changed or damaged since it was written" },
        { "newer", "was written by trafficflow 99.1.0, and this is" },
        { "newer format", "install that version or a newer one" },
        { "outside", "which trafficflow backup never writes" },
        { "link", "is not whole: data/outbox.db is missing" },
        { "nothing", "there is no folder" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task A_backup_that_is_not_as_it_was_written_restores_nothing(string damage, string told)
    {
        await BackUpAsync();
        Damage(damage);

        var refused = await TrafficflowProcess.RunAsync("restore", _backup, "--data", _target);

        Assert.Equal(ExitCodes.BadUsage, refused.Code);
        Assert.Contains(told, refused.Error);
        Assert.Single(refused.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.False(Directory.Exists(_target));
        Assert.False(File.Exists(Path.Combine(_node.Path, "planted")));
    }

    [Fact]
    public async Task Accounts_and_audit_are_in_a_backup_and_their_keys_are_not()
    {
        await TrafficflowProcess.RunAsync("account", "add", "anna", "--role", "custodian", "--data", _node.Data);
        await BackUpAsync();
        var said = (await TrafficflowProcess.RunAsync("restore", _backup, "--data", _target)).Output;

        Assert.Contains("audit.key is not in the backup: the key that signs the audit", said, StringComparison.Ordinal);
        Assert.Equal(["audit.checkpoints", "audit.head", "audit.log", "audit.pending", "audit.pub"], Directory.GetFiles(_target, "audit*").Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(_node.Data, "accounts.json"), TestContext.Current.CancellationToken), await File.ReadAllTextAsync(Path.Combine(_target, "accounts.json"), TestContext.Current.CancellationToken));
        var verified = await TrafficflowProcess.RunAsync("audit", "verify", "--data", _target);
        Assert.True(verified.Code == ExitCodes.Done, verified.Output);
    }

    [Fact]
    public async Task Clips_stay_on_the_node_and_their_marks_are_in_the_backup()
    {
        var clips = Directory.CreateDirectory(Path.Combine(_node.Data, "clips", "a")).FullName;
        await File.WriteAllTextAsync(Path.Combine(clips, "street.MP4"), "pictures", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(clips, "recorder.zip"), "pictures too", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(clips, "street.MP4.truth.csv"), "marks", TestContext.Current.CancellationToken);
        await BackUpAsync();

        Assert.Equal(["street.MP4.truth.csv"], Directory.GetFiles(Path.Combine(_backup, "data", "clips", "a")).Select(Path.GetFileName));
        var said = (await TrafficflowProcess.RunAsync("restore", _backup, "--data", _target)).Output;
        Assert.Contains("street.MP4 is not in the backup: a clip: its pictures are as the camera took them", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_folder_that_holds_something_or_is_in_use_is_left_as_it_is()
    {
        await BackUpAsync();
        using (NodeLock.Take(_node.Data)) Assert.Contains("is in use: this node runs already", (await RefusedAsync(_node.Data)).Error);
        Assert.Contains("is not empty", (await RefusedAsync(_node.Data)).Error);
        Assert.Contains("is a file", (await RefusedAsync(_node.Config)).Error);

        Directory.CreateDirectory(_target);
        await File.WriteAllTextAsync(Path.Combine(_target, "restore.unfinished"), "", TestContext.Current.CancellationToken);
        Assert.Contains("holds a part of a backup", (await RefusedAsync(_target)).Error);
        var config = _node.Write("half.conf", (await File.ReadAllTextAsync(_node.Config, TestContext.Current.CancellationToken)).Replace("\"data\"", "\"restored\""));
        var run = await TrafficflowProcess.RunAsync("run", "--config", config);
        Assert.Equal(ExitCodes.Failed, run.Code);
        Assert.Contains("holds a part of a backup", run.Error);

        Assert.Contains("is there already", (await TrafficflowProcess.RunAsync("backup", _backup, "--config", _node.Config)).Error);
        Assert.Contains("lies in the data folder itself", (await TrafficflowProcess.RunAsync("backup", Path.Combine(_node.Data, "b"), "--config", _node.Config)).Error);
    }

    [Fact]
    public async Task No_node_can_start_in_a_folder_while_it_is_filled()
    {
        var content = "pin"u8.ToArray();
        Directory.CreateDirectory(Path.Combine(_backup, "data"));
        await File.WriteAllBytesAsync(Path.Combine(_backup, "data", "pins.txt"), content, TestContext.Current.CancellationToken);
        var sum = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content));
        new BackupManifest(BackupManifest.CurrentFormat, ProductVersion.Version, "", "id", default, "elsewhere", "/data", null, [new BackupFile("data/pins.txt", content.Length, sum, "/data/pins.txt")], [], []).Write(_backup);
        // The job asks for the time when its files are there and the folder is not yet given back.
        var holders = new List<string?>();
        var clock = new Clock(() =>
        {
            if (File.Exists(Path.Combine(_target, "pins.txt"))) holders.Add(NodeLock.HolderOf(_target));
        });

        Assert.Equal(ExitCodes.Done, await new RestoreJob(_backup, _target, null, false, clock).RunAsync(TestContext.Current.CancellationToken));

        Assert.Equal($"{Environment.ProcessId}", holders[0]);
        NodeLock.Take(_target).Dispose();
    }

    [Fact]
    public async Task Too_little_space_is_told_before_and_leaves_nothing()
    {
        await BackUpAsync();
        var small = Path.Combine(_node.Path, "small");
        await using var disk = await LabSkips.OrSkipAsync(SmallDisk.MountAsync(small, "10m"));

        var backup = await TrafficflowProcess.RunAsync("backup", Path.Combine(small, "backup"), "--config", _node.Config);
        Assert.Equal(ExitCodes.Failed, backup.Code);
        Assert.Contains("MB are free in", backup.Error);
        Assert.Empty(Directory.GetFileSystemEntries(small));

        var restore = await TrafficflowProcess.RunAsync("restore", _backup, "--data", Path.Combine(small, "data"));
        Assert.Equal(ExitCodes.Failed, restore.Code);
        Assert.Contains("MB are free there", restore.Error);
        Assert.Empty(Directory.GetFileSystemEntries(small));
    }

    [Fact]
    public async Task A_backup_and_its_files_are_for_their_own_account_and_hold_the_settings()
    {
        await BackUpAsync();

        Assert.All(Directory.GetFileSystemEntries(_backup, "*", SearchOption.AllDirectories), e => Assert.Equal(0, (int)File.GetUnixFileMode(e) & 0b111_111));
        Assert.Equal(0, (int)File.GetUnixFileMode(_backup) & 0b111_111);
        Assert.Equal(await File.ReadAllTextAsync(_node.Config, TestContext.Current.CancellationToken), await File.ReadAllTextAsync(Path.Combine(_backup, "settings", "node.conf"), TestContext.Current.CancellationToken));
        Assert.True(File.Exists(Path.Combine(_backup, "settings", "site.conf")));
        await Tools.RunAsync("bash", "-c", $"cd '{_backup}' && sha256sum --check --status manifest.json.sha256");

        var settings = Path.Combine(_node.Path, "etc");
        Directory.CreateDirectory(settings);
        await File.WriteAllTextAsync(Path.Combine(settings, "site.conf"), "mine", TestContext.Current.CancellationToken);
        var restored = await TrafficflowProcess.RunAsync("restore", _backup, "--data", _target, "--settings", settings);
        Assert.Equal(ExitCodes.Done, restored.Code);
        Assert.Contains($"Kept: {Path.Combine(settings, "site.conf")}", restored.Output);
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(settings, "site.conf"), TestContext.Current.CancellationToken));
        Assert.True(File.Exists(Path.Combine(settings, "node.conf")));
    }

    public void Dispose() => _node.Dispose();

    /// <summary>Looks whenever somebody asks for the time.</summary>
    private sealed class Clock(Action look) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow()
        {
            look();
            return base.GetUtcNow();
        }
    }

    private async Task<Ended> RefusedAsync(string data)
    {
        var refused = await TrafficflowProcess.RunAsync("restore", _backup, "--data", data);
        Assert.Equal(ExitCodes.BadUsage, refused.Code);
        return refused;
    }

    /// <summary>Of a node that has run a moment and was killed.</summary>
    private async Task BackUpAsync()
    {
        await using (var running = _node.Run())
        {
            await running.UntilAsync(() => File.Exists(Path.Combine(_node.Data, "journal.flows.db")) && _node.Events("epoch-opened") > 0, Patience, "its databases are there");
            await running.KillAsync();
        }

        var taken = await TrafficflowProcess.RunAsync("backup", _backup, "--config", _node.Config);
        Assert.True(taken.Code == ExitCodes.Done, taken.Error);
    }

    private void Damage(string how)
    {
        var outbox = Path.Combine(_backup, "data", "outbox.db");
        var manifest = BackupManifest.Read(_backup);
        switch (how)
        {
            case "flip":
                using (var file = File.Open(Path.Combine(_backup, "data", "journal.db"), FileMode.Open))
                {
                    file.Seek(5000, SeekOrigin.Begin);
                    var before = file.ReadByte();
                    file.Seek(5000, SeekOrigin.Begin);
                    file.WriteByte((byte)~before);
                }

                break;
            case "missing":
                File.Delete(outbox);
                break;
            case "no manifest":
                File.Delete(Path.Combine(_backup, BackupManifest.Name));
                break;
            case "manifest":
                File.AppendAllText(Path.Combine(_backup, BackupManifest.Name), " ");
                break;
            case "newer":
                (manifest with { Version = "99.1.0" }).Write(_backup);
                break;
            case "newer format":
                (manifest with { Format = 2 }).Write(_backup);
                break;
            case "outside":
                (manifest with { Files = [.. manifest.Files, manifest.Files[0] with { Path = "data/../../planted" }] }).Write(_backup);
                break;
            case "link":
                File.Move(outbox, outbox + ".real");
                File.CreateSymbolicLink(outbox, outbox + ".real");
                break;
            case "nothing":
                Directory.Delete(_backup, recursive: true);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(how), how, "no such damage");
        }
    }
}
