using System.Collections.Immutable;
using TrafficFlow.Core.Texts;
using TrafficFlow.Vault.Approvals;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.HandCarry;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Vault.Segments;
using TrafficFlow.Wire.Authorization;
using TrafficFlow.Wire.Recordings;

namespace TrafficFlow.Node.Recordings;

/// <summary>
/// What pages have a vault do that may take hours: verifying, rotating, bundles and their way back. Each is as its verb, with its audit and its rule of two persons; it goes on whoever has asked, and how far it is can be looked at.
/// One of a kind at a time. Thread-safe.
/// </summary>
/// <param name="confirmClock">As `custody clock confirm` does; with the reason.</param>
internal sealed class VaultTasks(NodeVault node, Func<string, Principal, Task<VaultAnswer>>? confirmClock, TimeProvider time)
{
    private const int MostEnded = 20;
    private const int MostLines = 200;
    private const int LongestLine = 500;
    private const int LongestPath = 1000;

    /// <summary>Whoever asks is answered with the outcome where it comes so soon.</summary>
    private static readonly TimeSpan s_waits = TimeSpan.FromSeconds(4);

    private readonly Lock _gate = new();
    private readonly List<Running> _tasks = [];
    private int _last;

    /// <summary>The newest first.</summary>
    public ImmutableArray<VaultTaskLine> Lines()
    {
        lock (_gate) return [.. _tasks.AsEnumerable().Reverse().Select(LineOf)];
    }

    /// <exception cref="FormatException">The task is none.</exception>
    /// <exception cref="HandCarryException">The other vault is not trusted.</exception>
    /// <exception cref="VaultKeyException">The vault is not open.</exception>
    /// <exception cref="VaultFileException">A register cannot be read.</exception>
    public async Task<VaultOrdered> BeginAsync(BeginVaultTask order, Principal by)
    {
        if (node.Desk is not { } desk || node.Vault is not { } vault) return new VaultOrdered(VaultOrderOutcome.Failed, [node.Problem ?? "the vault is not there yet: the node is starting"], []) { IsUndone = true };
        var request = RequestOf(order, vault);
        if (order.IsLook) return new VaultOrdered(VaultOrderOutcome.Done, Approvable(desk, order, request) is { } what ? [what] : [], []);
        // Lists are read from the disk: not while the pages wait for the lock.
        var of = order.Task == VaultTask.Verify ? Kept(vault, request.Scope).Count() : 0;
        Running task;
        lock (_gate)
        {
            if (_tasks.FirstOrDefault(t => t.Ended is null && t.Order.Task == order.Task) is { } running)
                return new VaultOrdered(VaultOrderOutcome.Refused, [$"the same is under way ({running.Id}, since {running.Begun.UtcDateTime:yyyy-MM-dd HH:mm}Z, by {running.By}): wait for its end. Nothing was done"], []) { IsUndone = true };
            task = new Running($"t{++_last}", order, by.Name, time.GetUtcNow()) { Of = of };
            _tasks.Add(task);
            foreach (var old in _tasks.Where(t => t.Ended is not null).SkipLast(MostEnded).ToList()) _tasks.Remove(old);
        }

        var run = RunAsync(task, desk, request with { Done = task.Tick, Counted = count => task.Of = count }, by);
        await Task.WhenAny(run, Task.Delay(s_waits, time));
        if (run.IsCompleted) return await run;
        return new VaultOrdered(VaultOrderOutcome.Done, [$"it has begun ({task.Id}) and goes on: the page shows how far it is, and what came of it"], []) { Task = task.Id };
    }

    private async Task<VaultOrdered> RunAsync(Running task, VaultDesk desk, VaultRequest request, Principal by)
    {
        // Not on the thread of whoever asks: it reads and writes disks.
        await Task.Yield();
        VaultAnswer answer;
        try
        {
            answer = task.Order.Task == VaultTask.ConfirmClock ? await ConfirmClockAsync(desk, request, by) : await Task.Run(() => desk.AnswerAsync(request, by));
        }
        catch (Exception e)
        {
            answer = VaultAnswer.Failed($"it failed ({e.GetBaseException().Message}): please report it");
        }

        ImmutableArray<string> lines = [.. answer.Lines.Take(MostLines).Select(l => PlainText.Of(l.Replace('\t', ' '), LongestLine)), .. answer.Lines.Count > MostLines ? [$"and {answer.Lines.Count - MostLines} more: the verb of this name lists them all", answer.Lines[^1]] : Array.Empty<string>()];
        var isNotWhole = answer.Outcome == VaultAnswer.OfDone && answer.Lines is [.., var last] && last.StartsWith("NOT WHOLE", StringComparison.Ordinal);
        var outcome = answer.IsWaiting ? VaultOrderOutcome.Waits : answer.Outcome switch
        {
            VaultAnswer.OfDone when !isNotWhole => VaultOrderOutcome.Done,
            VaultAnswer.OfRefused => VaultOrderOutcome.Refused,
            _ => VaultOrderOutcome.Failed,
        };
        lock (_gate) (task.Outcome, task.Told, task.Ended) = (outcome, lines, time.GetUtcNow());
        return new VaultOrdered(outcome, lines, []) { IsUndone = answer.IsUndone };
    }

    private Task<VaultAnswer> ConfirmClockAsync(VaultDesk desk, VaultRequest request, Principal by)
    {
        Task<VaultAnswer> Confirm(string? approval) => confirmClock!(approval is null ? request.Reason! : $"{request.Reason} ({approval})", by);
        return request.Approval is { } given ? Confirm(given) : desk.ApprovedAsync(ApprovalKind.Erase, DescribeClock(request.Reason!), by, Confirm);
    }

    /// <summary>What another person approves where a clock is to be taken for right, at a page or at the machine.</summary>
    internal static string DescribeClock(string reason) => $"take the clock of the machine to be right, so that what has reached its age is erased: {reason}";

    private static string? Approvable(VaultDesk desk, BeginVaultTask order, VaultRequest request) => order.Task == VaultTask.ConfirmClock ? DescribeClock(request.Reason!) : desk.ApprovableIn(request);

    /// <exception cref="FormatException">Something of it cannot be meant.</exception>
    private VaultRequest RequestOf(BeginVaultTask order, RecordingVault vault)
    {
        var approval = order.Approval.Length > 0 ? PlainText.Of(order.Approval, 200) : null;
        var request = new VaultRequest("")
        {
            Site = order.Scope.Site?.Value,
            Camera = order.Scope.Camera?.Value,
            From = order.Scope.From,
            To = order.Scope.To,
            Approval = approval,
            // So it stands in the audit where it is done.
            Reason = approval is null ? null : $"approved: {approval}",
        };
        return order.Task switch
        {
            VaultTask.Verify => request with { Verb = "verify" },
            VaultTask.Rotate => new VaultRequest("rotate"),
            VaultTask.Export => request with
            {
                Verb = "export",
                Id = Named(order.Id),
                Other = Named(order.Other),
                Path = WithRoom(FolderOf(order.Path), order, vault),
                Volume = order.Volume > 0 ? order.Volume : null,
                VolumeBytes = order.VolumeBytes > 0 ? order.VolumeBytes : null,
                Until = order.Until is { } until && until <= time.GetUtcNow() ? throw new FormatException("the disks are to be wiped by a time that has passed: name a later one") : order.Until,
            },
            VaultTask.CancelExport => new VaultRequest("cancel-export") { Id = Named(order.Id) ?? throw new FormatException("name the bundle") },
            VaultTask.Import => new VaultRequest("import") { Path = FolderOf(order.Path) },
            VaultTask.Confirm => request with { Verb = "confirm", File = order.File.IsEmpty ? ReadConfirmation(order.Path) : [.. order.File] },
            VaultTask.Trust => request with { Verb = "trust", File = order.File.IsEmpty ? throw new FormatException("choose the file of the other vault's identity") : [.. order.File], Other = Named(order.Other) ?? throw new FormatException("write the fingerprint as the other side told it, on the telephone or on paper") },
            VaultTask.Distrust => new VaultRequest("distrust") { Other = Named(order.Other) },
            VaultTask.ConfirmClock when confirmClock is null => throw new FormatException("this node cannot take that here: trafficflow custody clock confirm"),
            VaultTask.ConfirmClock => request with { Verb = "confirm-clock", Reason = string.IsNullOrWhiteSpace(order.Reason) ? throw new FormatException("say by which clock you know it: what has reached its age is erased because of it") : PlainText.Of(order.Reason.Trim(), 400) },
            _ => throw new FormatException("there is no such task"),
        };
    }

    private static string? Named(string text) => text.Length > 0 ? PlainText.Of(text.Trim(), 200) : null;

    /// <summary>A folder of this machine, on a disk that is carried: never one of the node's own.</summary>
    private string FolderOf(string path)
    {
        var full = FullPath(path);
        if (!Directory.Exists(full)) throw new FormatException($"there is no folder {full} on the machine of this node: is the disk there, and mounted?");
        return full;
    }

    private string FullPath(string path, bool followsLast = true)
    {
        if (path.Length is 0 or > LongestPath || !Path.IsPathFullyQualified(path) || path.Any(char.IsControl)) throw new FormatException("write the whole path on the machine of the node, such as /mnt/trafficflow");
        return CarriedPlace.Of(path, node.Data, followsLast);
    }

    /// <summary>On the disk of the recordings themselves a bundle takes the room in which the node counts.</summary>
    private string WithRoom(string folder, BeginVaultTask order, RecordingVault vault)
    {
        if (!CarriedPlace.IsOnDiskOf(folder, node.Data)) return folder;
        var (needed, free, least) = (BytesOf(order, vault), new DriveInfo(folder).AvailableFreeSpace, vault.Options.MinFreeBytes);
        return free - needed >= least ? folder
            : throw new FormatException($"{folder} is on the node's own disk, of which {free >> 20} MB are free: {needed >> 20} MB of the bundle would leave less than the {least >> 20} MB that are kept for counting (trafficflow.vault.min-free-gigabytes). Is the disk that is carried mounted there?");
    }

    /// <summary>Most that one volume can take.</summary>
    private static long BytesOf(BeginVaultTask order, RecordingVault vault)
    {
        if (order.Id.Length == 0) return Math.Min(order.VolumeBytes > 0 ? order.VolumeBytes : VaultDesk.UsualVolumeBytes, Kept(vault, new EraseScope(order.Scope.Site, order.Scope.Camera, order.Scope.From, order.Scope.To)).Sum(s => s.Bytes));
        if (vault.Exports.FirstOrDefault(b => b.Bundle == order.Id) is not { } bundle) return 0;
        var named = bundle.Volumes.FirstOrDefault(v => order.Volume > 0 ? v.Number == order.Volume : v.State == VolumeState.Planned)?.Segments.ToHashSet(StringComparer.Ordinal) ?? [];
        return Kept(vault, bundle.Scope).Where(s => named.Contains(s.Place.ToString())).Sum(s => s.Bytes);
    }

    private byte[] ReadConfirmation(string path)
    {
        if (path.Length == 0) throw new FormatException($"choose the file {ImportConfirmation.FileName} that came back, or write its path on the machine of the node");
        var full = FullPath(path, followsLast: false);
        try
        {
            return CarriedFile.Read(full, SignedDocument.Longest);
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException || Directory.Exists(full))
        {
            throw new FormatException($"there is no confirmation {full} on the machine of this node: is the disk there, and mounted? Name the file {ImportConfirmation.FileName} itself", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"{full} cannot be read: {e.Message}", e);
        }
    }

    private static IEnumerable<RecordedSegment> Kept(RecordingVault vault, EraseScope scope) => vault.Recorded.List(scope.Site, scope.Camera, scope.From, scope.To).Where(s => s.State is SegmentState.Whole or SegmentState.Cut);

    private static VaultTaskLine LineOf(Running task)
    {
        var o = task.Order;
        var what = string.Join(", ", new[] { o.Id, o.Path, o.Other, o.Scope == new RecordingScope() ? "" : new EraseScope(o.Scope.Site, o.Scope.Camera, o.Scope.From, o.Scope.To).ToString(), o.Task == VaultTask.ConfirmClock ? o.Reason : "" }.Where(t => t.Length > 0));
        return new VaultTaskLine(task.Id, o.Task, PlainText.Of(what, LongestLine), task.By, task.Begun, task.Ended, task.Outcome, task.Told, task.Done, task.Of);
    }

    private sealed class Running(string id, BeginVaultTask order, string by, DateTimeOffset begun)
    {
        private int _done;
        private int _of;

        public string Id => id;

        public BeginVaultTask Order { get; } = order with { File = [] };

        public string By => by;

        public DateTimeOffset Begun => begun;

        public DateTimeOffset? Ended { get; set; }

        public VaultOrderOutcome Outcome { get; set; }

        public ImmutableArray<string> Told { get; set; } = [];

        /// <summary>0 while nobody knows.</summary>
        public int Of
        {
            get => Volatile.Read(ref _of);
            set => Volatile.Write(ref _of, value);
        }

        public int Done => Volatile.Read(ref _done);

        public void Tick() => Interlocked.Increment(ref _done);
    }
}
