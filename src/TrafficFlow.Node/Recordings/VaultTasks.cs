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
    public ImmutableArray<VaultTaskLine> Lines(RecordingVault vault)
    {
        lock (_gate) return [.. _tasks.AsEnumerable().Reverse().Select(t => LineOf(t, vault))];
    }

    /// <exception cref="FormatException">The task is none.</exception>
    /// <exception cref="HandCarryException">The other vault is not trusted.</exception>
    /// <exception cref="VaultKeyException">The vault is not open.</exception>
    /// <exception cref="VaultFileException">A register cannot be read.</exception>
    public async Task<VaultOrdered> BeginAsync(BeginVaultTask order, Principal by)
    {
        if (node.Desk is not { } desk || node.Vault is not { } vault) return new VaultOrdered(VaultOrderOutcome.Failed, [node.Problem ?? "the vault is not there yet: the node is starting"], []);
        var request = RequestOf(order);
        if (order.IsLook) return new VaultOrdered(VaultOrderOutcome.Done, Approvable(desk, order, request) is { } what ? [what] : [], []);
        Running task;
        lock (_gate)
        {
            if (_tasks.FirstOrDefault(t => t.Ended is null && t.Order.Task == order.Task) is { } running)
                return new VaultOrdered(VaultOrderOutcome.Refused, [$"the same is under way ({running.Id}, since {running.Begun.UtcDateTime:yyyy-MM-dd HH:mm}Z, by {running.By}): wait for its end. Nothing was done"], []);
            task = new Running($"t{++_last}", order, by.Name, time.GetUtcNow()) { Of = order.Task == VaultTask.Verify ? Kept(vault, request.Scope) : 0 };
            _tasks.Add(task);
            foreach (var old in _tasks.Where(t => t.Ended is not null).SkipLast(MostEnded).ToList()) _tasks.Remove(old);
        }

        var run = RunAsync(task, desk, request with { Verified = task.Tick }, by);
        await Task.WhenAny(run, Task.Delay(s_waits, time));
        if (run.IsCompleted) return await run;
        return new VaultOrdered(VaultOrderOutcome.Done, [$"it has begun ({task.Id}) and goes on: the page shows how far it is, and what came of it"], []);
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
        return new VaultOrdered(outcome, lines, []);
    }

    private Task<VaultAnswer> ConfirmClockAsync(VaultDesk desk, VaultRequest request, Principal by)
    {
        Task<VaultAnswer> Confirm(string? approval) => confirmClock!(approval is null ? request.Reason! : $"{request.Reason} ({approval})", by);
        return request.Approval is { } given ? Confirm(given) : desk.ApprovedAsync(ApprovalKind.Erase, DescribeClock(request), by, Confirm);
    }

    private static string DescribeClock(VaultRequest request) => $"take the clock of the machine to be right, so that what has reached its age is erased: {request.Reason}";

    private static string? Approvable(VaultDesk desk, BeginVaultTask order, VaultRequest request) => order.Task == VaultTask.ConfirmClock ? DescribeClock(request) : desk.ApprovableIn(request);

    /// <exception cref="FormatException">Something of it cannot be meant.</exception>
    private VaultRequest RequestOf(BeginVaultTask order)
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
                Path = FolderOf(order.Path),
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

    private string FullPath(string path)
    {
        if (path.Length is 0 or > LongestPath || !Path.IsPathFullyQualified(path) || path.Any(char.IsControl)) throw new FormatException("write the whole path on the machine of the node, such as /mnt/trafficflow");
        var (full, own) = (Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)), Path.TrimEndingDirectorySeparator(Path.GetFullPath(node.Data)));
        if (full == own || full.StartsWith(own + Path.DirectorySeparatorChar, StringComparison.Ordinal)) throw new FormatException($"{full} is the node's own data folder: name the disk that is carried");
        return full;
    }

    private byte[] ReadConfirmation(string path)
    {
        if (path.Length == 0) throw new FormatException($"choose the file {ImportConfirmation.FileName} that came back, or write its path on the machine of the node");
        var file = new FileInfo(FullPath(path));
        try
        {
            if (file.Exists && file.LinkTarget is null && file.Length <= SignedDocument.Longest) return File.ReadAllBytes(file.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"{file.FullName} cannot be read: {e.Message}", e);
        }

        throw new FormatException($"there is no confirmation {file.FullName} on the machine of this node: is the disk there, and mounted? Name the file {ImportConfirmation.FileName} itself");
    }

    private static int Kept(RecordingVault vault, EraseScope scope) => vault.Recorded.List(scope.Site, scope.Camera, scope.From, scope.To).Count(s => s.State is SegmentState.Whole or SegmentState.Cut);

    private static VaultTaskLine LineOf(Running task, RecordingVault vault)
    {
        var (done, of) = (task.Done, task.Of);
        if (task is { Ended: null, Order.Task: VaultTask.Export }) (done, of) = Written(task, vault);
        var o = task.Order;
        var what = string.Join(", ", new[] { o.Id, o.Path, o.Other, o.Scope == new RecordingScope() ? "" : new EraseScope(o.Scope.Site, o.Scope.Camera, o.Scope.From, o.Scope.To).ToString(), o.Task == VaultTask.ConfirmClock ? o.Reason : "" }.Where(t => t.Length > 0));
        return new VaultTaskLine(task.Id, o.Task, PlainText.Of(what, LongestLine), task.By, task.Begun, task.Ended, task.Outcome, task.Told, done, of);
    }

    /// <summary>How many segments of the volume that is being written are on its disk.</summary>
    private static (int Done, int Of) Written(Running task, RecordingVault vault)
    {
        try
        {
            var bundle = task.Order.Id.Length > 0 ? vault.Exports.FirstOrDefault(b => b.Bundle == task.Order.Id) : vault.Exports.LastOrDefault(b => b.Made >= task.Begun);
            var volume = bundle?.Volumes.FirstOrDefault(v => task.Order.Volume > 0 ? v.Number == task.Order.Volume : v.State == VolumeState.Planned);
            if (volume is null) return (0, 0);
            var folder = Path.Combine(task.Order.Path, TakenVolumes.NameOf(bundle!.Bundle, volume.Number));
            return (Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*" + SegmentPlace.Ending).Count() : 0, volume.Segments.Count);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or VaultFileException)
        {
            return (0, 0);
        }
    }

    private sealed class Running(string id, BeginVaultTask order, string by, DateTimeOffset begun)
    {
        private int _done;

        public string Id => id;

        public BeginVaultTask Order { get; } = order with { File = [] };

        public string By => by;

        public DateTimeOffset Begun => begun;

        public DateTimeOffset? Ended { get; set; }

        public VaultOrderOutcome Outcome { get; set; }

        public ImmutableArray<string> Told { get; set; } = [];

        public int Of { get; init; }

        public int Done => Volatile.Read(ref _done);

        public void Tick() => Interlocked.Increment(ref _done);
    }
}
