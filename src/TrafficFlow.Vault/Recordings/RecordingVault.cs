using TrafficFlow.Core.Segments;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Endings;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.HandCarry;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Vault.Segments;

namespace TrafficFlow.Vault.Recordings;

/// <summary>
/// The recordings of a node: their keys, segments, holds, copies and erasures in the folder vault of its data. Whoever changes them holds the node's lock on the data folder; reading needs none. Thread-safe.
/// </summary>
public sealed class RecordingVault : IDisposable
{
    public const string FolderName = "vault";

    private readonly Lock _changing = new();
    private readonly Lock _writing = new();
    private readonly string _data;
    private Dictionary<string, string> _notEnded = [];
    private readonly string _node;
    private readonly Func<MediumFacts> _medium;
    private readonly TimeProvider _time;
    private readonly Func<DateTimeOffset> _passed;

    /// <param name="data">Data folder of the node.</param>
    /// <param name="node">Its name, for receipts.</param>
    /// <param name="medium">What is known of the disk under the vault, asked at each erasure.</param>
    /// <param name="passed">A time that has surely passed, where the clock may be wrong: by no later one a hold ends or a key is given up. Null where it is believed.</param>
    /// <exception cref="VaultFileException">The file of the master key cannot be read.</exception>
    public RecordingVault(string data, string node, SegmentStoreOptions options, Func<MediumFacts> medium, TimeProvider time, Func<DateTimeOffset>? passed = null)
    {
        (_data, _node, _medium, _time, _passed, Options) = (data, node, medium, time, passed ?? time.GetUtcNow, options);
        Folder = Path.Combine(data, FolderName);
        Keys = new VaultKeys(Folder, time, passed);
        Segments = new SegmentStore(Keys, options);
        Recorded = new RecordedSegments(Keys, options);
        Holds = new LegalHolds(Keys, time, passed);
        Copies = new CopyLedger(Keys, time, passed);
        Trusted = new TrustedVaults(Keys, time);
        Tombstones = new Tombstones(Keys);
        Ends = new EndRegister(data, Folder, time);
        Proofs = new KeyProofs(data, time);
    }

    public string Folder { get; }

    /// <summary>Name of the node.</summary>
    public string Node => _node;

    /// <summary>Configuration in force of a site, by which a bundle says how high plates and faces can be in it; null where the node has none.</summary>
    public Func<Core.Sites.SiteId, Core.Sites.Site?> SiteOf { get; init; } = _ => null;

    public SegmentStoreOptions Options { get; }

    /// <summary>A time that has surely passed: by no later one anything here has reached its age.</summary>
    public DateTimeOffset Passed => _passed();

    public VaultKeys Keys { get; }

    /// <summary>Where cameras record.</summary>
    public ISegmentStore Store => Segments;

    /// <summary>Segments that are being written.</summary>
    public IReadOnlyList<SegmentPlace> Writing => Segments.Open;

    public RecordedSegments Recorded { get; }

    public LegalHolds Holds { get; }

    public CopyLedger Copies { get; }

    /// <summary>Vaults from which and to which bundles are carried.</summary>
    public TrustedVaults Trusted { get; }

    /// <summary>Ends of experiments: signed with the node's key, so that they outlive the vault's.</summary>
    public EndRegister Ends { get; }

    /// <summary>When each way to the master key was last tried.</summary>
    public KeyProofs Proofs { get; }

    /// <summary>Copies that are known, of the ledger and those that an end has kept from it, each with the name by which it is ended.</summary>
    /// <exception cref="VaultFileException">Ledger or register cannot be read, or is not as it was written.</exception>
    public IReadOnlyList<(string Name, CopyEntry Copy)> KnownCopies
    {
        get
        {
            var kept = Ends.Copies;
            var known = kept.Select(k => (k.Copy.Id, k.Copy.Made)).ToHashSet();
            return [.. kept, .. Copies.All.Where(c => !known.Contains((c.Id, c.Made))).Select(c => (c.Id, c))];
        }
    }

    /// <summary>Somebody has carried recordings here.</summary>
    public bool HasTakenIn => Directory.Exists(Path.Combine(Folder, BundleImport.Folder));

    /// <inheritdoc cref="BundleImport.ConfirmedIn"/>
    public IReadOnlySet<string> ConfirmedHere => BundleImport.ConfirmedIn(Folder);

    /// <summary>Opens a file of a disk that was carried here.</summary>
    internal Func<string, Stream> CarriedDisk { get; init; } = CarriedFile.Open;

    private SegmentStore Segments { get; }

    private Tombstones Tombstones { get; }

    /// <summary>Somebody has closed it: it opens by nobody else.</summary>
    public bool IsClosedByHand { get; private set; }

    /// <summary>Closes the vault until somebody opens it.</summary>
    public void Close()
    {
        IsClosedByHand = true;
        Keys.Lock();
    }

    /// <summary>Opens the vault and ends what a crash has cut: rotations, segments, erasures.</summary>
    /// <returns>What was found and done, for the log.</returns>
    /// <exception cref="VaultKeyException">It has no key, or this is none of its.</exception>
    /// <exception cref="VaultFileException">A file cannot be read or written.</exception>
    public IReadOnlyList<string> Unlock(UnlockSecret secret)
    {
        lock (_changing)
        {
            IReadOnlyList<string> ended = Segments.WhileOpening<IReadOnlyList<string>>(() =>
            {
                Keys.Unlock(secret);
                // Lists first, then erasures: what they are of must not be saved.
                return [.. Segments.FinishRenewals(), .. EndCutExports(), .. ResumeErasures()];
            });
            IsClosedByHand = false;
            // An erasure of everything, ended just now, has destroyed what it was opened with.
            if (Keys.State != VaultState.Open) return ended;
            return [.. ended, .. Segments.Recover(NamedByErasures()), .. Keys.Registers.Problems(), .. MemoryTold()];
        }
    }

    /// <summary>
    /// Ends erasures that were cut, and segments that could not be closed, as on a full disk. While the vault is locked they wait, for a plan that was planted could not be told from one of ours. To be called each hour.
    /// </summary>
    /// <returns>What was done, and what cannot be, for the log.</returns>
    /// <exception cref="VaultFileException">A file cannot be read or written.</exception>
    public IReadOnlyList<string> Resume()
    {
        lock (_changing) return [.. ResumeErasures(), .. Keys.State == VaultState.Open ? Segments.Recover(NamedByErasures(), isFirst: false) : [], .. MemoryTold()];
    }

    private IReadOnlyList<string> EndCutExports()
    {
        try
        {
            return BundleExport.EndCut(Keys, Copies);
        }
        catch (VaultFileException)
        {
            // The look over the registers, below, tells which of them; the rest is opened all the same.
            return [];
        }
    }

    private List<string> ResumeErasures()
    {
        ErasureProblem = null;
        _notEnded = [];
        if (!Directory.Exists(Path.Combine(Folder, ErasurePlan.Folder))) return [];
        var told = new List<string>();
        try
        {
            var receipts = WithEraser(e =>
            {
                var ended = e.Resume(told);
                _notEnded = e.NotEnded;
                ErasureProblem = _notEnded.Values.FirstOrDefault();
                return ended;
            });
            return [.. receipts.Select(r => $"an erasure that was cut is ended: receipt {r}"), .. told];
        }
        catch (VaultKeyException e)
        {
            return Erasing > 0 ? [.. told, $"an erasure waits: {e.Message}"] : told;
        }
        catch (VaultFileException e)
        {
            // The key that signs receipts cannot be read: segments are saved all the same.
            ErasureProblem = $"erasures that were begun cannot be ended now: {e.Message}";
            return [.. told, ErasureProblem];
        }
    }

    /// <summary>Puts registers aside that are not as the vault wrote them, and begins anew without them: holds, trusted vaults, bundles and erasures of theirs must be entered anew.</summary>
    /// <returns>Those that were put aside, or are gone.</returns>
    /// <exception cref="VaultKeyException">The vault is not open.</exception>
    /// <exception cref="VaultFileException">It cannot be done.</exception>
    public IReadOnlyList<string> RenewRegisters()
    {
        lock (_changing)
        {
            return Keys.Registers.Renew(
                [
                    LegalHolds.FileName, CopyLedger.FileName, TrustedVaults.FileName,
                    .. Keys.Registers.FilesIn(ErasurePlan.Folder, ".json"), .. Keys.Registers.FilesIn(VaultKeys.ExportsFolder, ".json"), .. Keys.Registers.FilesIn(VaultKeys.ErasedFolder, ".list"),
                ],
                name => Erasure.Tombstones.IsLost(Keys, name));
        }
    }

    private static IEnumerable<string> MemoryTold() => LockedBytes.TakeProblem() is { } problem ? [problem] : [];

    /// <summary>What an order would erase.</summary>
    /// <exception cref="ErasureException">Something of it is held.</exception>
    /// <exception cref="FormatException">The order is none.</exception>
    /// <exception cref="VaultFileException">A file cannot be read.</exception>
    public ErasureEstimate Estimate(EraseOrder order)
    {
        var plan = WithEraser(e => e.Plan(order, isLook: true));
        return new ErasureEstimate(plan.Days.Sum(d => d.Count) + plan.Segments.Count, plan.Days.Sum(d => d.Bytes) + plan.Segments.Sum(s => s.Bytes), plan.Days.Count, [.. plan.Sites.Select(s => s.Name)], plan.Master is not null, Copies.Meeting(order.Scope));
    }

    /// <summary>Erases, and signs the receipt.</summary>
    /// <returns>Path of the receipt.</returns>
    /// <exception cref="ErasureException">Something of it is held, or a part still opens afterwards.</exception>
    /// <exception cref="FormatException">The order is none.</exception>
    /// <exception cref="VaultKeyException">The vault is locked, and parts of days were to be erased.</exception>
    /// <exception cref="VaultFileException">A file cannot be read, overwritten or removed; <see cref="Resume"/> goes on.</exception>
    public string Erase(EraseOrder order) => MakingRoom(e => e.Erase(order));

    /// <summary>Who this vault is to others.</summary>
    /// <returns>The file to give to them, and what it says.</returns>
    /// <exception cref="VaultKeyException">The vault is not open.</exception>
    /// <exception cref="VaultFileException">A file cannot be read or written.</exception>
    public (byte[] File, VaultIdentity Identity) Identity() => WithSignature(signature =>
    {
        var own = Own(signature);
        return (own.Write(signature), own);
    });

    /// <summary>Bundles that are on their way, and those that have ended.</summary>
    /// <exception cref="VaultFileException">One cannot be read.</exception>
    public IReadOnlyList<BundleRecord> Exports => BundleExport.AllOf(Keys);

    /// <inheritdoc cref="BundleExport.Plan"/>
    public BundleRecord PlanExport(EraseScope scope, string to, long volumeBytes, DateTimeOffset until, string by, Func<RecordedSegment, DateTimeOffset?>? endOf = null) => WithExport(e => e.Plan(scope, to, volumeBytes, until, by, endOf));

    /// <inheritdoc cref="BundleExport.Write(string, int, string, Func{RecordedSegment, DateTimeOffset?})"/>
    public string WriteVolume(string bundle, int volume, string into, Func<RecordedSegment, DateTimeOffset?>? endOf = null)
    {
        // A disk takes hours: erasures, holds and whatever else do not wait for it.
        lock (_writing)
        {
            AuditKey signature;
            VaultIdentity own;
            lock (_changing)
            {
                signature = AuditKey.LoadOrCreate(new AuditPlace(_data).Key, out _);
                own = Own(signature);
            }

            using (signature) return ExportOf(signature, own).Write(bundle, volume, into, endOf);
        }
    }

    /// <inheritdoc cref="BundleExport.Cancel"/>
    public void CancelExport(string bundle) => WithExport(e =>
    {
        e.Cancel(bundle);
        return 0;
    });

    /// <inheritdoc cref="BundleImport.Import"/>
    public ImportOutcome Import(string volume)
    {
        lock (_writing)
        {
            AuditKey signature;
            VaultIdentity own;
            lock (_changing)
            {
                signature = AuditKey.LoadOrCreate(new AuditPlace(_data).Key, out _);
                own = Own(signature);
            }

            using (signature) return new BundleImport(Keys, Segments, Options, Recorded, Trusted, Tombstones, signature, own, WhyEnded, CarriedDisk, _changing, _time).Import(volume);
        }
    }

    /// <returns>Why nothing of a site is taken in or given out any more; null while its experiment was not ended.</returns>
    /// <exception cref="VaultFileException">The register of ends cannot be used: it may say that it was.</exception>
    public string? WhyEnded(Core.Sites.SiteId site) => Ends.Covering(site) is { } end ? $"the experiment at site {site} was ended on {end.Began.UtcDateTime:yyyy-MM-dd HH:mm}Z ({end.Id})" : null;

    /// <summary>Notes that a copy was destroyed, or came home: in the ledger, and where that has no key any more, in the register of ends.</summary>
    /// <param name="name">As <see cref="KnownCopies"/> names it.</param>
    /// <exception cref="FormatException">There is no such copy that has not ended, or it is not said how it ended.</exception>
    /// <exception cref="VaultKeyException">The vault is locked.</exception>
    /// <exception cref="VaultFileException">A file cannot be read or written, or is not as it was written.</exception>
    public async Task EndCopyAsync(string name, string how, RegisterAuthor by)
    {
        if (Keys.State != VaultState.Absent && KnownCopies.Any(c => c.Name == name && c.Copy.Id == name))
        {
            Copies.End(name, how);
            return;
        }

        if (Keys.State == VaultState.Absent && Copies.All is { Count: > 0 } ledger)
        {
            if (Ends.All is not [.., var last]) throw new FormatException("the vault has no key any more that could check its ledger of copies: trafficflow custody end --everything takes the ledger over, and then copies are ended as before");
            await Ends.KeepCopiesAsync(last.Id, ledger, by).ConfigureAwait(false);
        }

        await Ends.EndCopyAsync(name, how, by).ConfigureAwait(false);
    }

    /// <summary>Erases here what another vault has confirmed to have taken in, and nothing else. Given twice it does nothing the second time.</summary>
    /// <param name="file">The confirmation.</param>
    /// <returns>The bundle, how many segments were erased, and the receipt; null where there was nothing left to erase.</returns>
    /// <exception cref="FormatException">It is none, was changed, or comes from nobody who is trusted.</exception>
    /// <exception cref="HandCarryException">It is of another bundle or vault.</exception>
    /// <exception cref="VaultKeyException">The vault is not open.</exception>
    /// <exception cref="VaultFileException">A file cannot be read, overwritten or removed.</exception>
    public (ImportConfirmation Confirmation, int Erased, string? Receipt) Confirm(ReadOnlySpan<byte> file, string by, string account)
    {
        var confirmation = ImportConfirmation.Read(file, Trusted.Believed);
        return WithExport(export =>
        {
            var here = export.Confirm(confirmation);
            var order = new EraseOrder(EraseScope.All, $"bundle {confirmation.Bundle}, volume {confirmation.Volume}, was taken in by {confirmation.Node}, confirmed {confirmation.At:yyyy-MM-dd HH:mm:ssK}", by, account);
            var (receipt, begun) = ((string?)null, NamedByErasures());
            try
            {
                if (here.Count > 0) receipt = WithEraser(e => e.Erase(order, here.Select(s => s.Place).ToHashSet()));
            }
            catch (ErasureException) when (export.Left(confirmation).All(s => IsHeld(s) || begun(s.Place)))
            {
                // What is held stays.
            }

            if (export.Left(confirmation).FirstOrDefault(s => !IsHeld(s)) is { } left)
                throw new ErasureException($"segment {left.Place} was taken in by {confirmation.Node}, and an erasure that has begun has not ended with it here (trafficflow vault status tells what hinders it): give the confirmation once more afterwards");
            export.Erased(confirmation.Bundle, confirmation.Volume, receipt);
            Segments.Full = null;
            return (confirmation, here.Count - export.Left(confirmation).Count, receipt);
        });
    }

    private bool IsHeld(RecordedSegment segment) => Holds.Meeting(new EraseScope(segment.Place.Site, segment.Place.Camera, segment.From, segment.Until(Options.Longest))).Count > 0;

    /// <summary>Ends recording for want of room, or lets it go on until the next look, as each erasure does; what is being written is written to its end.</summary>
    /// <param name="full">Why nothing is recorded; null where something is.</param>
    public void StopRecording(string? full) => Segments.Full = full;

    /// <summary>Erases some segments, as those that have reached their age; what is held of them stays.</summary>
    /// <inheritdoc cref="Erase"/>
    public string EraseSome(EraseOrder order, IReadOnlyCollection<SegmentPlace> segments) => MakingRoom(e => e.Erase(order, segments.ToHashSet()));

    private string MakingRoom(Func<Eraser, string> erase)
    {
        var receipt = WithEraser(erase);
        Segments.Full = null;
        return receipt;
    }

    /// <summary>Paths of receipts, the oldest first.</summary>
    public IReadOnlyList<string> Receipts
    {
        get
        {
            var folder = Path.Combine(Folder, Eraser.Receipts);
            return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.receipt").Order(StringComparer.Ordinal)] : [];
        }
    }

    /// <summary>Sites of which anything is here: recordings, or keys of them.</summary>
    public IReadOnlyList<Core.Sites.SiteId> Sites => [.. Keys.SitesWithSegments];

    /// <summary>Erasures that were begun and not ended.</summary>
    public int Erasing => Directory.Exists(Path.Combine(Folder, ErasurePlan.Folder)) ? Directory.EnumerateFiles(Path.Combine(Folder, ErasurePlan.Folder), "*.json").Count() : 0;

    /// <summary>Why an erasure that was begun could not be ended when it was last tried; null where all are.</summary>
    public string? ErasureProblem { get; private set; }

    /// <returns>Why what a scope names is not all erased yet though an erasure of it was begun; null where none was.</returns>
    /// <exception cref="VaultFileException">The head of the vault's registers cannot be read.</exception>
    public string? WhyErasing(EraseScope scope)
    {
        // Without a master nothing is left that could be erased.
        if (Erasing == 0 || Keys.State == VaultState.Absent) return null;
        if (Keys.State != VaultState.Open) return ErasureProblem ?? "an erasure was begun and is not ended, and while the vault is locked nobody can tell of what: open it (trafficflow vault unlock)";
        var unreadable = new List<string>();
        var own = ErasurePlan.Begun(Keys.Registers, unreadable).FirstOrDefault(p => p.IsOf(scope));
        return own is not null ? _notEnded.GetValueOrDefault(own.Id) ?? $"erasure {own.Id} is begun and not ended yet: see trafficflow vault status"
            // It may be of this.
            : unreadable.FirstOrDefault();
    }

    /// <returns>Whether an erasure that is begun and not ended names a segment: it goes with that one.</returns>
    /// <exception cref="VaultKeyException">The vault is not open.</exception>
    public Func<SegmentPlace, bool> NamedByErasures() => ErasurePlan.Naming(Erasing == 0 ? [] : ErasurePlan.Begun(Keys.Registers, []));

    public void Dispose() => Keys.Dispose();

    private VaultIdentity Own(AuditKey signature)
    {
        using var import = Keys.ImportKey();
        return VaultIdentity.Of(_node, import, signature, _time.GetUtcNow());
    }

    private BundleExport ExportOf(AuditKey signature, VaultIdentity own) => new(Keys, Recorded, Copies, Trusted, signature, own, WhyEnded, SiteOf, _time, _passed);

    private T WithExport<T>(Func<BundleExport, T> run) => WithSignature(signature => run(ExportOf(signature, Own(signature))));

    private T WithEraser<T>(Func<Eraser, T> run) => WithSignature(signature => run(new Eraser(Keys, Segments, Recorded, Options, Holds, Copies, signature, _node, _medium, _time)));

    /// <summary>One at a time erases, exports or imports.</summary>
    private T WithSignature<T>(Func<AuditKey, T> run)
    {
        lock (_changing)
        {
            using var signature = AuditKey.LoadOrCreate(new AuditPlace(_data).Key, out _);
            return run(signature);
        }
    }
}

/// <param name="Segments">That would be erased.</param>
/// <param name="Bytes">Of their files.</param>
/// <param name="Days">Of cameras, of which nothing would stay.</param>
/// <param name="Keys">Of sites that would be destroyed.</param>
/// <param name="Copies">That are known and would stay.</param>
public sealed record ErasureEstimate(int Segments, long Bytes, int Days, IReadOnlyList<string> Keys, bool Master, IReadOnlyList<CopyEntry> Copies);
