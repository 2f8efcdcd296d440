using System.Globalization;
using TrafficFlow.Core.Segments;
using TrafficFlow.Node.Registers;
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

namespace TrafficFlow.Node.Recordings;

/// <summary>
/// Carries out what `trafficflow vault` asks, in the process that holds the vault: the node, or the verb itself where no node runs. Whatever opens, changes or gives out recordings is in the audit before it is done.
/// </summary>
/// <param name="record">Records in the audit; false where it cannot be recorded now.</param>
/// <param name="approvals">The rule of two persons.</param>
/// <param name="logIn">Of persons at a terminal.</param>
internal sealed partial class VaultDesk(RecordingVault vault, Func<AuditEvent, Task<bool>> record, ApprovalStore approvals, PersonLogIn logIn, TimeProvider time)
{
    private readonly ApprovedDeeds _deeds = new(approvals, record);

    public async Task<VaultAnswer> AnswerAsync(VaultRequest request, Principal by)
    {
        return await AnsweredAsync(async () =>
        {
            by = await WhoAsync(request, by);
            return request.Verb switch
            {
                "status" => VaultAnswer.Done(Status()),
                "list" => VaultAnswer.Done(List(request)),
                "holds" => VaultAnswer.Done(Holds()),
                "copies" => VaultAnswer.Done(Copies()),
                "init" => await RecordedAsync(request, by, "vault init", () => Init(request)),
                "unlock" => await RecordedAsync(request, by, "vault unlock", () => UnlockAsync(request, by)),
                "prove" => await RecordedAsync(request, by, "vault key prove", () => ProveAsync(request, by)),
                "lock" => await RecordedAsync(request, by, "vault lock", Lock),
                "add-key" => await RecordedAsync(request, by, "vault key add", () => AddKey(request)),
                "remove-key" => await RecordedAsync(request, by, "vault key remove", () => RemoveKey(request)),
                "rotate" => await RecordedAsync(request, by, "vault rotate", () => Rotate(request)),
                "verify" => await RecordedAsync(request, by, "vault verify", () => Verify(request)),
                "erase" when request.DryRun => VaultAnswer.Done(Estimate(request, by)),
                "erase" => await ApprovedAsync(ApprovalKind.Erase, $"erase recordings of {OrderOf(request, by).Checked().Scope}: {request.Reason}", by, approval => RecordedAsync(request, by, "vault erase", () => Erase(request, by, approval))),
                "hold" => await RecordedAsync(request, by, "vault hold", () => Hold(request, by)),
                // What was held is erased by its age from then on, and nobody is asked again.
                "release" => await ReleaseAsync(request, by),
                "end-copy" => await RecordedAsync(request, by, "vault copy end", () => EndCopyAsync(request, by)),
                "exports" => VaultAnswer.Done(Exports()),
                "trusted" => VaultAnswer.Done(Trusted()),
                "identity" => await RecordedAsync(request, by, "vault identity", () => Identity(request)),
                // Whoever is trusted can be carried to, and can confirm.
                "trust" => await ApprovedAsync(request, OfTrust, $"trust vault {FingerprintOf(request)}", by, _ => RecordedAsync(request, by, "vault trust", () => Trust(request, by), target: FingerprintOf(request))),
                "distrust" => await RecordedAsync(request, by, "vault distrust", () => Distrust(request), target: request.Other),
                "export" when Rewritten(request) is { } volume => await ApprovedAsync(request, ApprovalKind.Export, Describe(request, volume), by, _ => RecordedAsync(request, by, "vault export", () => Rewrite(request, volume, by), AuditKind.Export, TargetOf(request))),
                "export" when request.Id is not null => await RecordedAsync(request, by, "vault export", () => Export(request, by), AuditKind.Export, TargetOf(request)),
                "export" => await ApprovedAsync(request, ApprovalKind.Export, Describe(request), by, _ => RecordedAsync(request, by, "vault export", () => Export(request, by), AuditKind.Export, TargetOf(request))),
                "learn" => await LearnAsync(request, by),
                "cancel-export" => await RecordedAsync(request, by, "vault export cancel", () => CancelExport(request)),
                "import" => await RecordedAsync(request, by, "vault import", () => Import(request), target: request.Path),
                // What is confirmed is erased.
                "confirm" => await ApprovedAsync(request, ApprovalKind.Erase, DescribeConfirmation(request), by, _ => RecordedAsync(request, by, "vault confirm", () => Confirm(request, by), target: DescribeConfirmation(request))),
                // Holds may be among what is given up.
                "renew-registers" => await ApprovedAsync(ApprovalKind.Erase, $"go on without registers of the vault that somebody has changed: {request.Reason}", by, _ => RecordedAsync(request, by, "vault registers renew", RenewRegisters)),
                _ => VaultAnswer.Refused($"there is no vault {request.Verb}: use the trafficflow of the node's own version"),
            };
        });
    }

    private static async Task<VaultAnswer> AnsweredAsync(Func<Task<VaultAnswer>> answer)
    {
        try
        {
            return await answer();
        }
        catch (Exception e) when (e is FormatException or VaultKeyException or ErasureException or HandCarryException or RegisterException)
        {
            return VaultAnswer.Refused(e.Message);
        }
        catch (Exception e) when (e is VaultFileException or SegmentStoreException or IOException or UnauthorizedAccessException)
        {
            return VaultAnswer.Failed(e.Message);
        }
    }

    /// <summary>Erases several parts as one deed, such as some cameras for a request of the public. The rule of two persons was asked before: <see cref="ApprovedAsync"/>.</summary>
    /// <param name="approval">Of another person; null where none was asked for.</param>
    /// <returns>Ids of the receipts, and what is to be told.</returns>
    public async Task<(IReadOnlyList<string> Receipts, VaultAnswer Answer)> EraseAsync(IReadOnlyList<VaultRequest> parts, Principal by, string? approval)
    {
        var (receipts, lines) = (new List<string>(), new List<string>());
        foreach (var part in parts)
        {
            try
            {
                var done = await RecordedAsync(part, by, "vault erase", () =>
                {
                    var receipt = vault.Erase(OrderOf(part, by) with { Approval = approval });
                    receipts.Add(Path.GetFileNameWithoutExtension(receipt));
                    return [$"{part.Scope} is erased: receipt {receipts[^1]}"];
                });
                lines.AddRange(done.Lines);
                if (done.Outcome != VaultAnswer.OfDone) return (receipts, done with { Lines = lines, IsUndone = done.IsUndone && receipts.Count == 0 });
            }
            catch (Exception e) when (e is FormatException or VaultKeyException or ErasureException or VaultFileException or IOException or UnauthorizedAccessException)
            {
                return (receipts, VaultAnswer.Failed(string.Join("; ", [.. lines, e.Message])));
            }
        }

        return (receipts, VaultAnswer.Done(lines));
    }

    /// <summary>
    /// Pictures of a segment in clear; recorded before the first byte is given. They are an export, be it that they go to standard output: approved where the policy asks for it, and in the ledger of copies. Those of a set
    /// for learning (<see cref="VaultRequest.Ticket"/>) were approved and entered with it.
    /// </summary>
    /// <param name="request">Names the segment (<see cref="VaultRequest.Id"/>), and where the pictures go (<see cref="VaultRequest.Path"/>): a file, or <see cref="VaultRequest.StandardOutput"/>.</param>
    /// <param name="copied">Gets the entry of the file in the ledger.</param>
    /// <exception cref="RegisterException">Who is to see it could not log in, has to ask another person first, or does not say where the pictures go.</exception>
    /// <exception cref="SegmentStoreException">It does not open, or it cannot be recorded who sees it.</exception>
    /// <exception cref="VaultKeyException">The vault is not open.</exception>
    /// <exception cref="VaultFileException">A file cannot be read.</exception>
    public async Task<Stream> OpenAsync(VaultRequest request, Principal by, Action<CopyEntry>? copied = null)
    {
        var set = request.Ticket is { } ticket ? SetOf(ticket) : null;
        by = set?.By ?? await WhoAsync(request, by);
        var (segment, asFarAsItGoes) = (request.Id ?? "", request.AsFarAsItGoes);
        var place = SegmentPlace.Parse(segment) ?? throw new SegmentStoreException($"{Core.Texts.PlainText.Of(segment, 80)} is no segment: write SITE/CAMERA/NAME as trafficflow vault list shows it");
        if (set is not null && !set.Segments.Contains(place)) throw new RegisterException($"segment {place} is not of the set {set.Copy}: nothing was given out");
        if (set is null && string.IsNullOrWhiteSpace(request.Path)) throw new RegisterException("say where the pictures go: whatever leaves the vault in clear is in the ledger of copies. Is trafficflow of another version than the node?");
        Stream pictures;
        if (asFarAsItGoes)
        {
            pictures = vault.Recorded.OpenSound(place) ?? throw new SegmentStoreException($"nothing of segment {place} plays any more");
        }
        else
        {
            pictures = vault.Recorded.Open(place);
        }

        if (set is not null)
        {
            if (await record(new AuditEvent(AuditKind.View, by.Name, by.Account, "vault play", place.ToString(), Details: $"set for learning {set.Copy}"))) return pictures;
        }
        else
        {
            var (file, kept) = request.Path == VaultRequest.StandardOutput ? ("standard output", $"in clear, standard output of a command of {by.Name}: wherever that was piped to") : (request.Path!, $"in clear, {request.Path}");
            var scope = new EraseScope(place.Site, place.Camera, SegmentPlace.TimeOf(place.Name), SegmentPlace.TimeOf(place.Name)?.Add(vault.Options.Longest));
            var until = await UntilAsync(place, scope, pictures);
            var answer = await ApprovedAsync(ApprovalKind.Export, $"copy segment {place} in clear to {file}", by, async _ =>
            {
                if (!await record(new AuditEvent(AuditKind.Export, by.Name, by.Account, "vault play", place.ToString(), Details: file))) return VaultAnswer.Undone("the audit cannot be written now");
                var copy = vault.Copies.Add(CopyKind.Export, scope, by.Name, kept, until);
                copied?.Invoke(copy);
                return VaultAnswer.Done($"{copy.Id}: {file}, until {Minute(copy.Until)}");
            });
            if (answer.Outcome == VaultAnswer.OfDone) return pictures;
            await pictures.DisposeAsync();
            throw new SegmentStoreException(string.Join("; ", answer.Lines));
        }

        await pictures.DisposeAsync();
        throw new SegmentStoreException("the audit cannot be written now, and nobody sees recordings without a record of it: see the node's health");
    }

    /// <summary>Does what one person may do, or what another one has approved; else the approval is asked for.</summary>
    /// <param name="description">What exactly: what a second person approves.</param>
    /// <exception cref="RegisterException">The register of approvals does not take it.</exception>
    /// <exception cref="VaultFileException">It cannot be read or written.</exception>
    internal Task<VaultAnswer> ApprovedAsync(ApprovalKind kind, string description, Principal by, Func<string?, Task<VaultAnswer>> run) => _deeds.RunAsync(kind, description, by, run);

    /// <summary>The person who has logged in for this, where one is named.</summary>
    private async Task<Principal> WhoAsync(VaultRequest request, Principal by) => request.As is { } account ? await logIn.CheckAsync(account, request.AsPassword, request.AsCode, by) : by;

    private Task<VaultAnswer> RecordedAsync(VaultRequest request, Principal by, string action, Func<IReadOnlyList<string>> run, AuditKind kind = AuditKind.Change, string? target = null) =>
        RecordedAsync(request, by, action, () => Task.FromResult(run()), kind, target);

    private async Task<VaultAnswer> RecordedAsync(VaultRequest request, Principal by, string action, Func<Task<IReadOnlyList<string>>> run, AuditKind kind = AuditKind.Change, string? target = null)
    {
        target ??= request.Site is null && request.Id is { } id ? id : request.Scope.ToString();
        if (!await record(new AuditEvent(kind, by.Name, by.Account, action, target, "begun", request.Reason)))
            return VaultAnswer.Undone("the audit cannot be written now, and nothing is done to recordings without a record of it: see trafficflow ctl health show");
        try
        {
            var lines = await Task.Run(run);
            await record(new AuditEvent(kind, by.Name, by.Account, action, target, "done", lines.Count > 0 ? lines[^1] : null));
            return VaultAnswer.Done(lines);
        }
        catch (Exception e) when (e is FormatException or VaultKeyException or ErasureException or HandCarryException or RegisterException or VaultFileException or SegmentStoreException or IOException or UnauthorizedAccessException)
        {
            await record(new AuditEvent(kind, by.Name, by.Account, action, target, $"refused: {e.Message}"));
            throw;
        }
    }

    private List<string> Status()
    {
        var lines = new List<string>();
        var master = vault.Keys.Master;
        lines.Add(vault.Keys.State switch
        {
            VaultState.Absent => $"{vault.Folder} has no key yet: trafficflow vault init makes one, and nothing is recorded before",
            VaultState.Locked => $"{vault.Folder} is locked: nothing is recorded or played until trafficflow vault unlock",
            _ => $"{vault.Folder} is open",
        });
        if (master is not null)
        {
            lines.Add($"master key {master.Id}, generation {master.Generation}, made {Minute(master.Made)}");
            foreach (var slot in master.Slots) lines.Add($"  opens with {Kind(slot)} \"{slot.Label}\" ({slot.Id}, {Minute(slot.Made)}), {ProvedText(slot)}");
        }

        var segments = vault.Recorded.List().ToList();
        var kept = segments.Where(s => s.State is SegmentState.Whole or SegmentState.Cut).ToList();
        lines.Add(kept.Count == 0 ? "no segments" : $"{kept.Count} segments, {Size(kept.Sum(s => s.Bytes))}, {Minute(kept.Min(s => s.From))} to {Minute(kept.Max(s => s.From))}, of {kept.Select(s => (s.Place.Site, s.Place.Camera)).Distinct().Count()} cameras");
        foreach (var group in segments.Where(s => s.State is not (SegmentState.Whole or SegmentState.Erased)).GroupBy(s => s.State)) lines.Add($"  {group.Count()} {StateOf(group.Key)}");
        if (vault.Writing is { Count: > 0 } writing) lines.Add($"recording now: {string.Join(", ", writing)}");
        if (vault.Store.Problem is { } problem && vault.Keys.State == VaultState.Open) lines.Add($"nothing can be recorded: {problem}");
        var now = time.GetUtcNow();
        if (vault.Holds.All.Count(vault.Holds.IsInForce) is > 0 and var holds) lines.Add($"{holds} legal holds in force: trafficflow vault holds");
        var copies = vault.KnownCopies.Select(c => c.Copy).Where(c => c.Ended is null).ToList();
        if (copies.Count > 0) lines.Add($"{copies.Count} copies elsewhere that have not ended, {copies.Count(c => c.IsOverdue(now))} of them overdue: trafficflow vault copies");
        lines.Add($"{vault.Receipts.Count} receipts of erasures{(vault.Erasing > 0 ? $", {vault.Erasing} erasures under way" : "")}");
        if (vault.ErasureProblem is { } stuck) lines.Add($"NOT WELL: {stuck}");
        if (vault.Keys.State == VaultState.Open) lines.AddRange(vault.Keys.Prove(null).Select(p => $"NOT WELL: {p}"));
        return lines;
    }

    private List<string> List(VaultRequest request)
    {
        var segments = vault.Recorded.List(request.Scope.Site, request.Scope.Camera, request.From, request.To).ToList();
        return segments.Count == 0 ? ["no segments"]
            : [.. segments.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Place}\t{StateOf(s.State)}\t{(s.To is { } to ? $"{(to - s.From).TotalSeconds:0} s" : "?")}\t{s.Frames} frames\t{s.Lost} lost\t{s.Bytes} bytes{(s.Receipt is null ? "" : $"\treceipt {s.Receipt}")}"))];
    }

    private List<string> Holds() => vault.Holds.All is { Count: > 0 } holds
        ? [.. holds.Select(h => $"{h.Id}\t{(vault.Holds.IsInForce(h) ? $"until {Minute(h.Until)}" : h.Released is { } released ? $"released {Minute(released)} by {h.ReleasedBy}" : "ended")}\t{h.Scope}\t{h.Reason} ({h.By}, {Minute(h.Since)})")]
        : ["no legal holds"];

    private List<string> Init(VaultRequest request)
    {
        var requests = new List<SlotRequest>();
        using var credential = request.Credential is { } bytes ? new CredentialSecret(bytes) : null;
        using var passphrase = request.Passphrase is { } text ? new PassphraseSecret(text) : null;
        if (credential is not null) requests.Add(SlotRequest.Of(request.Label ?? "credential of the unit", credential));
        if (passphrase is not null) requests.Add(SlotRequest.Of(request.Label ?? "passphrase", passphrase));
        if (request is { Needed: { } needed, Of: { } of }) requests.Add(SlotRequest.OfShares(request.Label ?? "custodians", needed, of));
        if (requests.Count == 0) throw new FormatException("a vault needs a way to its key: --credential FILE, --passphrase, --shares 2/3, or several of them");
        // The receipt of a vault before this one may wait for its end.
        var ended = vault.Keys.State == VaultState.Absent ? vault.Resume() : [];
        var shares = vault.Keys.Create(requests);
        return [.. ended, .. ToldOf(shares), $"{vault.Folder} has a key now, and is open"];
    }

    private List<string> Lock()
    {
        vault.Close();
        return [$"{vault.Folder} is locked: nothing is recorded or played until it is opened"];
    }

    private List<string> AddKey(VaultRequest request)
    {
        using var credential = request.Credential is { } bytes ? new CredentialSecret(bytes) : null;
        using var passphrase = request.Passphrase is { } text ? new PassphraseSecret(text) : null;
        var slot = credential is not null ? SlotRequest.Of(request.Label ?? "credential of the unit", credential)
            : passphrase is not null ? SlotRequest.Of(request.Label ?? "passphrase", passphrase)
            : request is { Needed: { } needed, Of: { } of } ? SlotRequest.OfShares(request.Label ?? "custodians", needed, of)
            : throw new FormatException("which way is to be added? --credential FILE, --passphrase, or --shares 2/3");
        var shares = vault.Keys.AddSlot(slot);
        return [.. ToldOf(shares), $"{vault.Folder} opens with {vault.Keys.Master!.Slots[^1].Kind.ToString().ToLowerInvariant()} \"{slot.Label}\" ({vault.Keys.Master.Slots[^1].Id}) too"];
    }

    private List<string> RemoveKey(VaultRequest request)
    {
        vault.Keys.RemoveSlot(request.Id ?? throw new FormatException("which? trafficflow vault status shows the ids"));
        return [$"slot {request.Id} is removed. Whoever has its secret and an old copy of master.json can still open that copy: trafficflow vault rotate ends it"];
    }

    private List<string> Rotate(VaultRequest request)
    {
        if (request.Site is { } site)
        {
            vault.Keys.RotateSite(new Core.Sites.SiteId(site));
            return [$"site {site} has a new key; its days were wrapped anew, no segment was written"];
        }

        foreach (var one in vault.Keys.Sites) vault.Keys.RotateSite(one);
        vault.Keys.RotateMaster();
        return [$"master key {vault.Keys.Master!.Id}, generation {vault.Keys.Master.Generation}, and new keys of {vault.Keys.Sites.Count} sites; no segment was written"];
    }

    private List<string> Verify(VaultRequest request)
    {
        var (count, bytes) = (0, 0L);
        var lines = vault.Recorded.Verify(request.Scope.Site, request.Scope.Camera, request.From, request.To, s =>
        {
            if (s.State is not (SegmentState.Whole or SegmentState.Cut)) return;
            (count, bytes) = (count + 1, bytes + s.Bytes);
            request.Done?.Invoke();
        }).Select(f => $"{f.Where}\t{f.What}").ToList();
        lines.AddRange(vault.Keys.Prove(null));
        lines.Add(lines.Count == 0 ? $"whole: {count} segments, {Size(bytes)}, each byte as it was written" : $"NOT WHOLE: {lines.Count} findings in {count} segments, {Size(bytes)}");
        return lines;
    }

    private EraseOrder OrderOf(VaultRequest request, Principal by)
    {
        if (request.Scope == EraseScope.All && !request.Everything) throw new FormatException("what? Name a site, a camera or a time, or write --everything");
        if (request.Scope != EraseScope.All && request.Everything) throw new FormatException("--everything, and a part of it? Give one of them");
        return new EraseOrder(request.Scope, request.Reason ?? "", by.Name, by.Account);
    }

    private List<string> Estimate(VaultRequest request, Principal by)
    {
        var estimate = vault.Estimate(OrderOf(request, by));
        var lines = new List<string> { $"{estimate.Segments} segments, {Size(estimate.Bytes)}, would be erased, {estimate.Days} whole days of cameras among them" };
        if (estimate.Keys.Count > 0) lines.Add($"keys that would be destroyed: {string.Join(", ", estimate.Keys)}{(estimate.Master ? ", and the master" : "")}");
        lines.AddRange(estimate.Copies.Select(c => $"{c.Id} would stay: {c.Kind.ToString().ToLowerInvariant()}, {c.Where}, until {Minute(c.Until)}"));
        return lines;
    }

    private List<string> Erase(VaultRequest request, Principal by, string? approval)
    {
        var receipt = vault.Erase(OrderOf(request, by) with { Approval = approval });
        return [$"erased; receipt {receipt}"];
    }

    private List<string> Hold(VaultRequest request, Principal by)
    {
        if (request.Scope == EraseScope.All && !request.Everything) throw new FormatException("what? Name a site, a camera or a time, or write --everything");
        var hold = vault.Holds.Add(request.Scope, request.Reason ?? "", by.Name, request.Until ?? throw new FormatException("a hold needs its end: --until 2027-03-31"));
        return [$"{hold.Id}: {hold.Scope} is kept until {Minute(hold.Until)}"];
    }

    private List<string> RenewRegisters()
    {
        var aside = vault.RenewRegisters();
        return aside.Count == 0 ? ["all registers are as the vault wrote them: nothing was done"]
            : [.. aside.Select(name => $"{name} is put aside (.refused), or was gone"), "what they decided (holds, copies, vaults that are trusted, bundles, erasures under way) is decided no more: enter it anew, holds first"];
    }

    private static IEnumerable<string> ToldOf(IReadOnlyList<string> shares) => shares.Count == 0 ? []
        : [$"Hand one of these {shares.Count} lines to each custodian. They are shown this once and kept nowhere:", .. shares];

    internal static string StateOf(SegmentState state) => state switch
    {
        SegmentState.Whole => "whole",
        SegmentState.Cut => "cut",
        SegmentState.Open => "being written",
        SegmentState.Erased => "erased",
        SegmentState.Missing => "MISSING",
        _ => "NOT LISTED",
    };

    private static string Kind(SlotSummary slot) => slot.Kind == SlotKind.Shares ? $"{slot.Needed} of {slot.Of} shares" : slot.Kind.ToString().ToLowerInvariant();

    internal static string Size(long bytes) => bytes < 1 << 20 ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} kB") : bytes < 1 << 30 ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 20):0.0} MB") : string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 30):0.00} GB");

    private static string Minute(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
