using System.Collections.Immutable;
using System.Runtime.InteropServices;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Authorization;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.HandCarry;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Vault.Segments;
using TrafficFlow.Wire.Authorization;
using TrafficFlow.Wire.Operations;
using TrafficFlow.Wire.Recordings;

namespace TrafficFlow.Node.Recordings;

/// <summary>
/// Answers about the recordings of this node, to its own pages and to servers of the cluster: each question of a person is held against that person's roles here, where the recordings are, and what shows or changes
/// something is in this node's audit before it is done. No picture and no key leaves in clear.
/// </summary>
/// <param name="sites">In force.</param>
/// <param name="hasCameras">The cameras of these sites record here.</param>
/// <param name="record">Into the audit; false where it cannot be recorded now.</param>
internal sealed class VaultAnswers(NodeVault node, Func<IReadOnlyList<Site>> sites, bool hasCameras, ICommandAuthorization authorization, Func<AuditEvent, Task<bool>> record, TimeProvider time) : IRecordingsAnswers, IDisposable
{
    /// <summary>About half a megabyte, and less than 2 MB where all are held: less than a message of the cluster may have.</summary>
    private const int PageOfSegments = 4000;

    /// <summary>Characters of a hold's reason that each row carries; all of it stands in the register of holds.</summary>
    private const int LongestHeld = 80;

    private static readonly TimeSpan s_totalsFor = TimeSpan.FromMinutes(2);

    /// <summary>Less than a message of the cluster may have.</summary>
    private const int LongestReceipt = 2 << 20;

    private const string NotRecorded = "the audit of the node there cannot be written now, and nobody sees recordings without a record of it: see its health";

    private readonly SegmentViews _views = new(time);
    private VaultTasks? _tasks;
    private VaultKeeping? _keeping;
    private readonly Lock _totalling = new();
    private (long At, int Count, long Bytes)? _totals;

    /// <summary>As `custody clock confirm` does, with the reason; null where it is not taken here.</summary>
    public Func<string, Principal, Task<VaultAnswer>>? ConfirmClock { get; init; }

    private VaultTasks Tasks => LazyInitializer.EnsureInitialized(ref _tasks, () => new VaultTasks(node, ConfirmClock, time));

    private VaultKeeping Keeping => LazyInitializer.EnsureInitialized(ref _keeping, () => new VaultKeeping(node, Tasks, sites, time));

    private string NotThere => node.Problem ?? "the vault is not there yet: the node is starting";

    public async Task<object?> AnswerAsync(IRecordingsQuestion question, string? from)
    {
        try
        {
            return question switch
            {
                // The lock of the keys, and the disk: not on the thread of whoever asks.
                ReadRecording read => await Task.Run(() => ReadAsync(read, from)),
                EndRecording end => End(end, from),
                IAskedBySomebody asked => await AnswerAsync(asked, from),
                _ => Refused(RecordingsRefusal.Wrong, "there is no such question: is the node that asks of another version?"),
            };
        }
        // A task tells itself how it ends: what is thrown was found before it began.
        catch (VaultKeyException e)
        {
            return Refused(RecordingsRefusal.NotNow, e.Message) with { IsUndone = question is BeginVaultTask };
        }
        catch (Exception e) when (e is FormatException or ErasureException or RegisterException or HandCarryException)
        {
            return Refused(RecordingsRefusal.Wrong, e.Message) with { IsUndone = question is BeginVaultTask };
        }
        catch (Exception e) when (e is VaultFileException or SegmentStoreException or IOException or UnauthorizedAccessException)
        {
            return Refused(RecordingsRefusal.NotNow, e.Message) with { IsUndone = question is BeginVaultTask };
        }
    }

    public void Dispose() => _views.Dispose();

    private static RecordingsRefused Refused(RecordingsRefusal why, string reason) => new(why, reason);

    /// <summary>Before anything was done.</summary>
    private static RecordingsRefused Undone(RecordingsRefusal why, string reason) => new(why, reason) { IsUndone = true };

    private async Task<object?> AnswerAsync(IAskedBySomebody asked, string? from)
    {
        var by = from is null ? asked.By : asked.By with { Account = $"{asked.By.Account}@{from}" };
        OperatorCommand command = asked switch
        {
            OpenRecording => PlayRecording.Instance,
            GetReceipt or GetVaultFile { Kind: VaultFileKind.EndReport } => ReadVaultRegisters.Instance,
            BeginVaultTask { Task: VaultTask.Verify or VaultTask.Export or VaultTask.Import } or GetVaultFile => CarryRecordings.Instance,
            BeginVaultTask => ChangeRecordings.Instance,
            OrderVault { Order: VaultOrder.EndCopy } => EndCopyOfRecordings.Instance,
            OrderVault => ChangeRecordings.Instance,
            _ => LookOverRecordings.Instance,
        };
        var target = asked switch
        {
            OpenRecording o => $"{o.Site}/{o.Camera}/{o.Name}",
            OrderVault { Id.Length: > 0 } o => o.Id,
            OrderVault o => ScopeOf(o.Scope).ToString(),
            GetReceipt r => r.Id,
            GetVaultFile f => f.Id,
            BeginVaultTask { Id.Length: > 0 } t => t.Id,
            BeginVaultTask t => t.Path.Length > 0 ? t.Path : ScopeOf(t.Scope).ToString(),
            ListRecordings l => $"site {l.Site}",
            _ => "recordings",
        };
        if (authorization.Refuse(by, command, target) is { } refused)
        {
            if (asked is not (ListRecordings or DescribeVault or DescribeKeeping))
                await record(new AuditEvent(asked is OpenRecording ? AuditKind.View : AuditKind.Change, by.Name, by.Account, NameOf(asked), Core.Texts.PlainText.Of(target, 200), $"refused: {refused.Reason}"));
            return Undone(RecordingsRefusal.NotAllowed, $"{refused.Reason}: {refused.Remedy}");
        }

        return asked switch
        {
            ListRecordings list => await Task.Run(() => List(list)),
            DescribeVault => await Task.Run(() => (object)(node.Vault is { } vault
                ? new VaultDescription(vault).Describe(Totals(vault), node.Problem, authorization.Refuse(by, ReadVaultRegisters.Instance, target) is null)
                : Refused(RecordingsRefusal.NotNow, NotThere))),
            DescribeKeeping => await Task.Run(() => node.Vault is { } vault ? (object)Keeping.Describe(vault) : Refused(RecordingsRefusal.NotNow, NotThere)),
            GetReceipt get => await ReceiptAsync(get, by),
            GetVaultFile get => await FileAsync(get, by),
            BeginVaultTask task => await Task.Run(() => Tasks.BeginAsync(task, by)),
            OrderVault order => await OrderAsync(order, by, from),
            OpenRecording open => await OpenAsync(open, by, from),
            _ => Refused(RecordingsRefusal.Wrong, "there is no such question"),
        };
    }

    private static string NameOf(IAskedBySomebody asked) => asked switch
    {
        OpenRecording => "vault play",
        GetReceipt => "vault receipt",
        GetVaultFile => "vault file",
        BeginVaultTask { Task: var task } => $"vault {task.ToString().ToLowerInvariant()}",
        OrderVault { Order: VaultOrder.Erase } => "vault erase",
        OrderVault { Order: VaultOrder.Hold } => "vault hold",
        OrderVault { Order: VaultOrder.ReleaseHold } => "vault hold release",
        _ => "vault copy end",
    };

    private object List(ListRecordings asked)
    {
        if (node.Vault is not { } vault) return Refused(RecordingsRefusal.NotNow, NotThere);
        if (asked.From >= asked.To || asked.To - asked.From > TimeSpan.FromDays(400)) return Refused(RecordingsRefusal.Wrong, "the time ends before it begins, or is longer than a year");
        var setup = sites().FirstOrDefault(s => s.Id == asked.Site);
        var kept = setup?.Custody?.Retention.Pictures;
        var page = After(vault, asked).Take(PageOfSegments + 1).ToList();
        var holds = vault.Holds.Meeting(new EraseScope(asked.Site, null, asked.From - vault.Options.Longest, asked.To));
        var segments = page.Take(PageOfSegments).Select(s => Listed(s, vault.Options.Longest, holds, until => setup is null ? null : kept?.EndOf(until, setup.TimeZone)));
        var cameras = hasCameras ? setup?.Cameras.Select(c => c.Id).ToImmutableArray() ?? [] : [];
        return new RecordingsListed(cameras, [.. segments], page.Count > PageOfSegments ? $"{page[PageOfSegments - 1].Place.Camera}/{page[PageOfSegments - 1].Place.Name}" : "");
    }

    /// <summary>By camera and name, from where the page before ended: of what was given already no list is read again.</summary>
    private static IEnumerable<RecordedSegment> After(RecordingVault vault, ListRecordings asked)
    {
        var (afterCamera, afterName) = asked.After.Split('/') is [var c, var n] && SegmentPlace.TimeOf(n) is not null ? (c, n) : ("", "");
        foreach (var camera in vault.Recorded.CamerasOf(asked.Site).Where(c => (asked.Cameras.IsEmpty || asked.Cameras.Contains(c)) && string.CompareOrdinal(c.Value, afterCamera) >= 0))
        {
            var isFirst = camera.Value == afterCamera;
            var from = isFirst && SegmentPlace.TimeOf(afterName) is { } time && time > asked.From ? time : asked.From;
            foreach (var segment in vault.Recorded.List(asked.Site, camera, from, asked.To).OrderBy(s => s.Place.Name, StringComparer.Ordinal).Where(s => !isFirst || string.CompareOrdinal(s.Place.Name, afterName) > 0))
                yield return segment;
        }
    }

    /// <summary>Segments and bytes that are kept. All lists are read for it: not for each page that somebody opens.</summary>
    private (int Count, long Bytes) Totals(RecordingVault vault)
    {
        lock (_totalling)
        {
            if (_totals is { } known && time.GetElapsedTime(known.At) < s_totalsFor) return (known.Count, known.Bytes);
            var (count, bytes) = (0, 0L);
            foreach (var segment in vault.Recorded.List().Where(s => s.State is SegmentState.Whole or SegmentState.Cut or SegmentState.NotListed)) (count, bytes) = (count + 1, bytes + segment.Bytes);
            _totals = (time.GetTimestamp(), count, bytes);
            return (count, bytes);
        }
    }

    private static ListedSegment Listed(RecordedSegment s, TimeSpan longest, IReadOnlyList<LegalHold> holds, Func<DateTimeOffset, DateTimeOffset?> end)
    {
        var until = s.Until(longest);
        var hold = holds.FirstOrDefault(h => h.Scope.Meets(new EraseScope(s.Place.Site, s.Place.Camera, s.From, until)));
        return new ListedSegment(s.Place.Camera, s.Place.Name, StateOf(s.State), s.From, until, s.Bytes, s.Frames, s.Lost, s.Receipt ?? "", hold is null ? "" : HeldBy(hold), end(until));
    }

    private static string HeldBy(LegalHold hold)
    {
        if (hold.Reason.Length <= LongestHeld) return $"{hold.Id}: {hold.Reason}";
        // No half of a character of two.
        var length = char.IsHighSurrogate(hold.Reason[LongestHeld - 1]) ? LongestHeld - 1 : LongestHeld;
        return $"{hold.Id}: {hold.Reason.AsSpan(0, length)}…";
    }

    private static SegmentStanding StateOf(SegmentState state) => state switch
    {
        SegmentState.Whole => SegmentStanding.Whole,
        SegmentState.Cut => SegmentStanding.Cut,
        SegmentState.Open => SegmentStanding.BeingWritten,
        SegmentState.Erased => SegmentStanding.Erased,
        SegmentState.Missing => SegmentStanding.Missing,
        _ => SegmentStanding.NotListed,
    };

    private async Task<object> ReceiptAsync(GetReceipt get, Principal by)
    {
        if (node.Vault is not { } vault) return Refused(RecordingsRefusal.NotNow, NotThere);
        if (vault.Receipts.FirstOrDefault(r => Path.GetFileNameWithoutExtension(r) == get.Id) is not { } path) return Refused(RecordingsRefusal.NotThere, "there is no such receipt here");
        if (!await record(new AuditEvent(AuditKind.Export, by.Name, by.Account, "vault receipt", get.Id))) return Refused(RecordingsRefusal.NotNow, NotRecorded);
        if (new FileInfo(path).Length > LongestReceipt) return Refused(RecordingsRefusal.NotThere, $"receipt {get.Id} is too large for the link: copy it from the folder vault/receipts of the node there");
        var key = VaultDescription.PublicKeyOf(vault);
        return new ReceiptFound(get.Id, Bytes(await File.ReadAllBytesAsync(path)), Bytes(File.Exists(key) ? await File.ReadAllBytesAsync(key) : []));
    }

    private async Task<object> FileAsync(GetVaultFile get, Principal by)
    {
        if (node.Vault is not { } vault) return Refused(RecordingsRefusal.NotNow, NotThere);
        // Who it is to others is no secret, and is recorded as its verb is.
        if (!await record(new AuditEvent(AuditKind.Export, by.Name, by.Account, $"vault {get.Kind.ToString().ToLowerInvariant()}", Core.Texts.PlainText.Of(get.Id, 200)))) return Refused(RecordingsRefusal.NotNow, NotRecorded);
        var (id, file) = await Task.Run<(string, byte[]?)>(() => get.Kind switch
        {
            VaultFileKind.Identity => ("identity", vault.Identity().File),
            VaultFileKind.Confirmation => (get.Id, TakenVolumes.Read(vault.Folder, get.Id, BeginVaultTask.LongestFile)),
            _ => (get.Id, VaultKeeping.ReportFile(vault, get.Id) is { } path ? new FileInfo(path).Length <= BeginVaultTask.LongestFile ? File.ReadAllBytes(path) : throw new FormatException($"{get.Id} is too large for the link: copy it from {Path.GetDirectoryName(path)} on the machine of the node") : null),
        });
        return file is null ? Refused(RecordingsRefusal.NotThere, "there is no such file here") : new VaultFileFound(id, Bytes(file));
    }

    private async Task<object> OrderAsync(OrderVault order, Principal by, string? from)
    {
        if (node.Desk is not { } desk || node.Vault is not { } vault) return Undone(RecordingsRefusal.NotNow, NotThere);
        if (order.Order is VaultOrder.Erase or VaultOrder.Hold && order.Scope.Site is null) return Undone(RecordingsRefusal.Wrong, "name the site");
        var scope = ScopeOf(order.Scope).Checked();
        if (order.Order == VaultOrder.Erase) return await EraseAsync(desk, order, scope, by, from);
        VaultRequest request = order.Order switch
        {
            VaultOrder.Hold => new VaultRequest("hold") { Site = scope.Site?.Value, Camera = scope.Camera?.Value, From = scope.From, To = scope.To, Reason = order.Reason, Until = order.Until },
            VaultOrder.ReleaseHold => new VaultRequest("release") { Id = order.Id, Reason = order.Reason },
            _ => new VaultRequest("end-copy") { Id = order.Id, Reason = order.Reason },
        };
        return Ordered(order is { Order: VaultOrder.ReleaseHold, Approval.Length: > 0 } ? await desk.ReleaseAsync(request, by, Core.Texts.PlainText.Of(order.Approval, 200)) : await desk.AnswerAsync(request, by), []);
    }

    private async Task<object> EraseAsync(VaultDesk desk, OrderVault order, EraseScope scope, Principal by, string? from)
    {
        if (scope.To > time.GetUtcNow()) return Undone(RecordingsRefusal.Wrong, "the time to be erased is not over yet by this node's clock: what comes until then would not be erased. Name an end that has passed");
        ImmutableArray<CameraId> cameras = order.Cameras.IsEmpty ? scope.Camera is { } one ? [one] : [] : order.Cameras;
        var there = await Task.Run(() => node.Vault!.Recorded.List(scope.Site, null, scope.From, scope.To)
            .Where(s => s.State != SegmentState.Erased && (cameras.IsEmpty || cameras.Contains(s.Place.Camera))).Select(s => s.Place.Camera).Distinct().ToList());
        if (there.Count == 0) return new VaultOrdered(VaultOrderOutcome.Nothing, ["nothing of it is recorded here"], []);
        // What is not there needs no receipt: an erasure of nothing is refused.
        List<VaultRequest> parts = [.. (cameras.IsEmpty ? [null] : cameras.Where(there.Contains).Select(c => (string?)c.Value)).Select(c => new VaultRequest("erase") { Site = order.Scope.Site!.Value.Value, Camera = c, From = scope.From, To = scope.To, Reason = order.Reason })];
        IReadOnlyList<string> receipts = [];
        async Task<VaultAnswer> Erase(string? approval)
        {
            (receipts, var answer) = await desk.EraseAsync(parts, by, approval);
            return answer;
        }

        var answer = order.Approval.Length > 0
            ? await Erase(Core.Texts.PlainText.Of(order.Approval, 200))
            : await desk.ApprovedAsync(Vault.Approvals.ApprovalKind.Erase, $"erase recordings of {scope}{(order.Cameras.IsEmpty ? "" : $", cameras {string.Join(", ", order.Cameras.Select(c => c.Value).Order(StringComparer.Ordinal))}")}: {order.Reason}", by, Erase);
        return Ordered(answer, receipts);
    }

    private static VaultOrdered Ordered(VaultAnswer answer, IReadOnlyList<string> receipts) => new(
        answer.IsWaiting ? VaultOrderOutcome.Waits : answer.Outcome switch { VaultAnswer.OfDone => VaultOrderOutcome.Done, VaultAnswer.OfRefused => VaultOrderOutcome.Refused, _ => VaultOrderOutcome.Failed },
        [.. answer.Lines], [.. receipts])
    { IsUndone = answer.IsUndone };

    private async Task<object> OpenAsync(OpenRecording asked, Principal by, string? from)
    {
        if (node.Vault is not { } vault) return Refused(RecordingsRefusal.NotNow, NotThere);
        if (SegmentPlace.Parse($"{asked.Site}/{asked.Camera}/{asked.Name}") is not { } place) return Refused(RecordingsRefusal.Wrong, "that is no segment");
        var listed = await Task.Run(() => vault.Recorded.List(place.Site, place.Camera, SegmentPlace.TimeOf(place.Name), SegmentPlace.TimeOf(place.Name)!.Value.AddSeconds(1)).FirstOrDefault(s => s.Place == place));
        switch (listed?.State)
        {
            case null:
                return Refused(RecordingsRefusal.NotThere, $"there is no segment {place} here");
            case SegmentState.Erased:
                return Refused(RecordingsRefusal.NotThere, $"segment {place} was erased: receipt {listed.Receipt}");
            case SegmentState.Missing:
                return Refused(RecordingsRefusal.NotThere, $"segment {place} was recorded, and its file is gone: trafficflow vault verify");
            case SegmentState.Open:
                return Refused(RecordingsRefusal.NotNow, $"segment {place} is still being written: look at it in some minutes");
        }

        if (_views.WhyFull(by.Name) is { } full) return Refused(RecordingsRefusal.NotNow, full);
        var segment = await Task.Run(() => vault.Recorded.OpenSealed(place, asked.Viewer.AsSpan()));
        var until = listed.Until(vault.Options.Longest);
        try
        {
            if (!await record(new AuditEvent(AuditKind.View, by.Name, by.Account, "vault play", place.ToString(), Details: $"{listed.From.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} to {until.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}, {(from is null ? "on this node's page" : $"on the page of {from}")}")))
            {
                segment.Dispose();
                return Refused(RecordingsRefusal.NotNow, NotRecorded);
            }
        }
        catch
        {
            segment.Dispose();
            throw;
        }

        var head = segment.Head;
        return new RecordingOpened(_views.Add(from, by.Name, segment), Bytes(head.SealedKey), Bytes(head.Context), Bytes(head.Prefix), head.SealedBytes, head.IsWhole, listed.From, until);
    }

    private async Task<object> ReadAsync(ReadRecording read, string? from)
    {
        if (read.Count is < 1 or > ReadRecording.MostChunks || read.Chunk is < 0 or > int.MaxValue) return Refused(RecordingsRefusal.Wrong, "there are no such chunks");
        // Who locks the vault ends what is looked at.
        if (node.Vault?.Keys.State != VaultState.Open) _views.EndAll();
        if (_views.Find(read.Play, from) is not { } segment) return Refused(RecordingsRefusal.Closed, "it was closed here: nobody had asked for a while, the node was restarted, or the vault was locked. Open it anew");
        try
        {
            return new RecordingChunks(read.Chunk, Bytes(await segment.ReadAsync(read.Chunk, read.Count, CancellationToken.None)));
        }
        catch (ObjectDisposedException)
        {
            return Refused(RecordingsRefusal.Closed, "it was closed here: open it anew");
        }
    }

    private object? End(EndRecording end, string? from)
    {
        _views.End(end.Play, from);
        return null;
    }

    private static ImmutableArray<byte> Bytes(byte[] bytes) => ImmutableCollectionsMarshal.AsImmutableArray(bytes);

    private static EraseScope ScopeOf(RecordingScope scope) => new(scope.Site, scope.Camera, scope.From, scope.To);
}
