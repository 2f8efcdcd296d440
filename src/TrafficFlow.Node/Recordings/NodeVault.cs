using Microsoft.Extensions.Logging;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Registers;
using TrafficFlow.Node.Retention;
using TrafficFlow.Node.Settings;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Approvals;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Disks;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Policies;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Vault.Segments;

namespace TrafficFlow.Node.Recordings;

/// <summary>
/// The recordings of a running node: opened at its start with the credential that the settings name, or later by hand; each hour it is tried whether the key at hand still opens them, and erasures that wait are ended. Cameras count
/// whatever has happened to it.
/// </summary>
/// <param name="clock">Decides whether anything may reach its age.</param>
internal sealed class NodeVault(string data, string node, VaultSettings settings, ApprovalStore approvals, Func<IReadOnlyList<Site>> sites, Func<AuditLog?> audit, TrustedClock clock, ILogger log, TimeProvider time) : ISegmentStore, IAsyncDisposable
{
    private static readonly TimeSpan s_proveEach = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_noteProofEach = TimeSpan.FromHours(24);
    private static readonly TimeSpan s_findDueEach = TimeSpan.FromMinutes(1);
    private const int MostTold = 3;

    private readonly CancellationTokenSource _end = new();
    private readonly PictureRetention _retention = new(settings.Segments, clock, time);
    private readonly VaultDues _dues = new(node, sites, settings.ProveWithin);
    private readonly Lock _finding = new();
    private RecordingVault? _vault;
    private VaultDesk? _desk;
    private IReadOnlyList<(string Text, DateTimeOffset Since)> _problems = [];
    private (long At, IReadOnlyList<VaultDue> Found)? _due;
    private Task<IReadOnlyList<string>> _opening = Task.FromResult<IReadOnlyList<string>>([]);
    private Task _proving = Task.CompletedTask;

    /// <summary>Null before the start, and where the vault's files cannot be read.</summary>
    public VaultDesk? Desk => Volatile.Read(ref _desk);

    /// <summary>Null before the start, and where the vault's files cannot be read.</summary>
    public RecordingVault? Vault => Volatile.Read(ref _vault);

    /// <summary>For the node's health: why recordings are not well kept, and what to do; null where all is well, or nothing was ever set up.</summary>
    public string? Problem => Volatile.Read(ref _problems) is { Count: > 0 } problems ? string.Join("; ", problems.Select(p => p.Text)) : null;

    /// <summary>What somebody has to be told, as it was found in the last minute: copies, bundles, holds, keys, and why recordings are not well kept.</summary>
    public IReadOnlyList<VaultDue> Due
    {
        get
        {
            lock (_finding)
            {
                if (_due is not { } known || time.GetElapsedTime(known.At) >= s_findDueEach)
                    _due = known = (time.GetTimestamp(), Vault is { } vault ? _dues.Of(vault, time.GetUtcNow()) : []);
                return [.. Volatile.Read(ref _problems).Select(p => _dues.Of(p.Text, p.Since)), .. known.Found];
            }
        }
    }

    /// <summary>For the node's health: what is due, beside <see cref="Problem"/>; null while nothing is.</summary>
    public string? DueProblem
    {
        get
        {
            var lines = Due.Where(d => d.Kind != VaultDueKind.Problem).OrderByDescending(d => d.IsOverdue).Select(d => d.Line).ToList();
            if (lines.Count == 0) return null;
            return string.Join("; ", lines.Count <= MostTold ? lines : [.. lines.Take(MostTold), $"and {lines.Count - MostTold} more: trafficflow vault status, copies, exports and holds list them"]);
        }
    }

    /// <summary>For meters: since when each way to the key was not tried, by what is brought; the longest of each.</summary>
    public IReadOnlyList<(SlotKind Way, TimeSpan Age)> ProofAges()
    {
        if (Vault is not { } vault) return [];
        try
        {
            var now = time.GetUtcNow();
            return [.. (vault.Keys.Master?.Slots ?? []).GroupBy(s => s.Kind).Select(g => (g.Key, now - g.Min(s => vault.Proofs.LastOf(s))))];
        }
        catch (VaultFileException)
        {
            // Told by the proof of the keys, and by vault status.
            return [];
        }
    }

    /// <summary>Data folder of the node.</summary>
    public string Data => data;

    /// <summary>At each start, with the credential that the settings name.</summary>
    public bool OpensByItself => settings.Credential is not null;

    /// <summary>Which deeds take two persons.</summary>
    public ApprovalRules Rules => approvals.Rules;

    /// <summary>Why nothing reaches its age now; null where the clock is believed.</summary>
    public string? ClockDoubt => clock.Doubt();

    string? ISegmentStore.Problem => Vault is { } vault ? vault.Store.Problem : Problem ?? "the vault is not there yet: the node is starting";

    public ISegmentWriter Begin(SegmentStart start) => Vault is { } vault ? vault.Store.Begin(start) : throw new SegmentStoreException(Problem ?? "the vault is not there yet: the node is starting");

    public void Start()
    {
        try
        {
            var vault = new RecordingVault(data, node, settings.Segments, () => MediumOf(data), time, clock.Passed) { SiteOf = site => sites().FirstOrDefault(s => s.Id == site) };
            _desk = new VaultDesk(vault, async e => audit() is { } open && await open.RecordAsync(e) is not null, approvals, new PersonLogIn(AccountStore.Over(data, time), async e => audit() is { } open && await open.RecordAsync(e) is not null), time)
            {
                ProveWithin = settings.ProveWithin,
                Kept = VaultDesk.KeptBy(sites, () => approvals.Policies?.Left ?? []),
            };
            Volatile.Write(ref _vault, vault);
            // Beside the cameras: what a crash has left may take long to be ended.
            _opening = Task.Run(() =>
            {
                var found = Open(vault);
                Tell(found);
                return found;
            });
        }
        catch (VaultFileException e)
        {
            Tell($"recordings cannot be opened: {e.Message}");
        }

        _proving = ProveAsync();
    }

    /// <returns>What is wrong with it.</returns>
    private IReadOnlyList<string> Open(RecordingVault vault)
    {
        try
        {
            if (vault.Keys.State == VaultState.Locked && !vault.IsClosedByHand && settings.Credential is not null)
            {
                using var secret = ReadCredential();
                foreach (var note in vault.Unlock(secret)) log.LogInformation("Recordings: {Note}", note);
            }
            else
            {
                foreach (var note in vault.Resume()) log.LogInformation("Recordings: {Note}", note);
            }

            return [.. new[] { Prove(vault), vault.ErasureProblem }.OfType<string>()];
        }
        catch (Exception e)
        {
            // Whatever it is: cameras count on, and it is tried again.
            return [$"recordings cannot be opened: {e.Message}"];
        }
    }

    private string? Prove(RecordingVault vault)
    {
        if (vault.Keys.State == VaultState.Absent) return null;
        if (vault.Keys.State == VaultState.Locked) return "recordings are locked: nothing is recorded or played until trafficflow vault unlock";
        using var secret = settings.Credential is null ? null : ReadCredential();
        return vault.Keys.Prove(secret) is { Count: > 0 } problems ? $"the key at hand does not open all recordings: {problems[0]}" : null;
    }

    private async Task ProveAsync()
    {
        using var timer = new PeriodicTimer(s_proveEach, time);
        var opened = await _opening;
        await LookAtPolicyAsync();
        var first = Vault;
        if (first is not null) await NoteProofAsync(first);
        try
        {
            // A node that is started anew each night shall not wait for the hour that it does not see.
            if (first is not null) await SweepAsync(first, opened);
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                await LookAtPolicyAsync();
                if (Vault is not { } vault) continue;
                opened = Open(vault);
                await NoteProofAsync(vault);
                await SweepAsync(vault, opened);
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    /// <summary>The credential is tried each hour, and noted each day.</summary>
    private async Task NoteProofAsync(RecordingVault vault)
    {
        if (settings.Credential is null || vault.Keys.State != VaultState.Open) return;
        try
        {
            using var secret = ReadCredential();
            var way = vault.Keys.Try(secret);
            if (vault.Proofs.Of(way.Id) is { } last && time.GetUtcNow() - last.At is var age && age >= TimeSpan.Zero && age < s_noteProofEach) return;
            await vault.Proofs.AddAsync(way, RegisterAuthor.Node);
        }
        catch (Exception e) when (e is VaultKeyException or VaultFileException or RegisterException or IOException or UnauthorizedAccessException)
        {
            // That the key does not open is told by Prove; that it could not be noted, here.
            log.LogWarning("That the credential opens the vault could not be noted: {Reason}", e.Message);
        }
    }

    /// <summary>Nodes without pages have nobody else who looks.</summary>
    private async Task LookAtPolicyAsync()
    {
        try
        {
            await approvals.LookAsync();
        }
        catch (VaultFileException e)
        {
            log.LogWarning("The policy of custody cannot be kept: {Reason}", e.Message);
        }
    }

    /// <summary>Erases what has reached its age, its last day, or the bound of the disk; each with a receipt, and in the audit.</summary>
    /// <param name="found">What is wrong with the vault itself.</param>
    private async Task SweepAsync(RecordingVault vault, IReadOnlyList<string> found)
    {
        static string Failed(Exception e) => $"recordings that have reached their age cannot be erased: {e.Message}";
        try
        {
            string? failed = null;
            var dues = _retention.Due(vault, sites(), LeftPolicies());
            vault.StopRecording(_retention.Full);
            foreach (var due in dues)
            {
                try
                {
                    await EraseAsync(vault, due.Order, due.Segments);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    // What hinders one site hinders no other one.
                    failed ??= Failed(e);
                }
            }

            // Each erasure has let it go on; what fills the bound may be there still.
            vault.StopRecording(_retention.Full);
            Tell([.. found, .. _retention.Problems, failed]);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Tell([.. found, Failed(e)]);
        }
    }

    private async Task EraseAsync(RecordingVault vault, EraseOrder order, IReadOnlyList<SegmentPlace> segments)
    {
        var by = new AuditEvent(AuditKind.Change, "retention", $"node:{node}", "vault erase", order.Scope.ToString(), "begun", order.Reason);
        if (audit() is not { } open || await open.RecordAsync(by) is null) return;
        var receipt = await Task.Run(() => vault.EraseSome(order, segments), _end.Token);
        log.LogInformation("Recordings: {Count} segments were erased ({Reason}), receipt {Receipt}", segments.Count, order.Reason, receipt);
        await open.RecordAsync(by with { Outcome = "done", Details = receipt });
    }

    private IReadOnlyList<KeptPolicy> LeftPolicies()
    {
        try
        {
            return approvals.Policies?.Left ?? [];
        }
        catch (VaultFileException e)
        {
            log.LogWarning("What sites said of their recordings that are not in force any more cannot be read: {Reason}", e.Message);
            return [];
        }
    }

    private CredentialSecret ReadCredential()
    {
        var path = UnitCredential.Find(settings.Credential!);
        if (!File.Exists(path)) throw new VaultKeyException($"there is no file {path} (trafficflow.vault.credential); {UnitCredential.Remedy(path) ?? "put it there, or open the vault by hand: trafficflow vault unlock"}");
        var content = File.ReadAllBytes(path);
        try
        {
            return new CredentialSecret(content);
        }
        finally
        {
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(content);
        }
    }

    /// <summary>All of them: one that lasts for months hides no other.</summary>
    private void Tell(params IReadOnlyList<string?> found)
    {
        var (before, told) = (Volatile.Read(ref _problems), found.OfType<string>().Distinct().ToList());
        foreach (var problem in told.Where(t => before.All(b => b.Text != t))) log.LogWarning("{Problem}", problem);
        if (told.Count == 0 && before.Count > 0) log.LogInformation("Recordings are well again");
        DateTimeOffset? SinceOf(string problem) => before.Where(b => VaultDues.WithoutFigures(b.Text) == VaultDues.WithoutFigures(problem)).Select(b => (DateTimeOffset?)b.Since).FirstOrDefault();
        Volatile.Write(ref _problems, [.. told.Select(t => (t, SinceOf(t) ?? time.GetUtcNow()))]);
    }

    /// <summary>What a receipt says of the disk under a data folder.</summary>
    internal static MediumFacts MediumOf(string folder)
    {
        var disk = new DiskSurvey().Look(folder);
        return new MediumFacts(
            disk.FileSystem,
            disk.Medium switch { DiskMedium.Flash or DiskMedium.Mixed => true, DiskMedium.Magnetic or DiskMedium.Memory => false, _ => null },
            disk.Protection switch { DiskProtection.Encrypted => true, DiskProtection.NotEncrypted => false, _ => null },
            string.Join("; ", disk.FoundFrom));
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _proving;
        Vault?.Dispose();
        _end.Dispose();
    }
}
