using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Segments;

namespace TrafficFlow.Vault.Erasure;

/// <summary>
/// Cryptographic erasure (NIST SP 800-88): first the keys are destroyed, so that within seconds nothing can be opened any more, then the ciphertext is overwritten and removed, then a signed receipt says what was done, what was tried to
/// prove it, and what nobody can know. What was begun is ended after a crash (<see cref="Resume"/>). One at a time.
/// </summary>
/// <param name="node">Name of this node, for the receipt.</param>
/// <param name="medium">What the vault lies on, asked at each erasure.</param>
internal sealed class Eraser(
    VaultKeys keys, SegmentStore store, RecordedSegments recorded, SegmentStoreOptions options, LegalHolds holds, CopyLedger copies, AuditKey signature, string node, Func<MediumFacts> medium, TimeProvider time)
{
    public const string Receipts = "receipts";

    /// <summary>What an order would erase; nothing is changed.</summary>
    /// <exception cref="ErasureException">Something of it is held; the message says by what.</exception>
    /// <exception cref="FormatException">The order is none.</exception>
    /// <exception cref="VaultFileException">A list cannot be read.</exception>
    /// <param name="only">Of what the scope names, these alone; what is held is left out then instead of refused. Null for all.</param>
    public ErasurePlan Plan(EraseOrder order, IReadOnlySet<SegmentPlace>? only = null)
    {
        order = order.Checked();
        var scope = order.Scope;
        var held = holds.Meeting(scope);
        if (only is null && held is [var hold, ..]) throw new ErasureException($"{hold.Scope} is held until {hold.Until:yyyy-MM-dd} ({hold.Id}: {hold.Reason}): nothing of it is erased before, unless the hold is released");
        var now = time.GetUtcNow();
        var (days, segments) = (new List<ErasedDay>(), new List<ErasedSegment>());
        foreach (var site in keys.SitesWithSegments)
        {
            foreach (var (camera, day, folder) in SegmentFolders.Of(keys, site).Where(f => scope.Covers(site, f.Camera)))
            {
                var all = recorded.OfDay(site, camera, day).ToList();
                var wanted = all.Where(s => s.Overlaps(scope.From ?? DateTimeOffset.MinValue, scope.To ?? DateTimeOffset.MaxValue, options.Longest) && s.State != SegmentState.Erased && (only is null || (only.Contains(s.Place) && held.All(h => !Meets(h, s))))).ToList();
                // The key of a day that goes on is still needed, unless all is to go.
                if ((only is null && scope.IsWhole) || (wanted.Count > 0 && wanted.Count == all.Count(s => s.State != SegmentState.Erased) && day < SegmentPlace.DayOf(now) && store.Open.All(p => (p.Site, p.Camera, p.Day) != (site, camera, day))))
                    days.Add(new ErasedDay(site.Value, camera.Value, VaultKeys.TextOf(day), wanted.Count, wanted.Sum(s => (long)s.Frames), wanted.Sum(s => s.Bytes), ErasurePlan.DigestOf(wanted.Select(s => (s.Place.Name, s.Commitment))), VaultKeys.IdOfDay(folder)));
                else
                    segments.AddRange(wanted.Select(s => new ErasedSegment(s.Place.ToString(), s.From, s.To, s.Frames, s.Bytes, s.Commitment)));
            }
        }

        var sites = only is null && scope is { IsWhole: true, Camera: null } ? keys.SitesWithSegments.Where(s => scope.Site is not { } one || s == one).ToList() : [];
        var master = keys.Master;
        return new ErasurePlan(
            ErasurePlan.NewId(now), order, now, master?.Generation ?? 0, days, segments, [.. sites.Select(s => new ErasedKey(VaultKeys.NameOf(s), keys.IdOfSite(s)))],
            only is null && scope == EraseScope.All && master is not null ? new ErasedKey("master", master.Id) : null);
    }

    /// <summary>Erases. Returns when nothing is left and the receipt is on the disk.</summary>
    /// <returns>Path of the receipt.</returns>
    /// <exception cref="ErasureException">Something of it is held, or a part still opens afterwards.</exception>
    /// <exception cref="FormatException">The order is none.</exception>
    /// <exception cref="VaultKeyException">The vault is locked: without its key segments of days that stay cannot be listed as erased.</exception>
    /// <exception cref="VaultFileException">A file cannot be read, overwritten or removed; <see cref="Resume"/> goes on.</exception>
    /// <param name="only">As for <see cref="Plan"/>.</param>
    public string Erase(EraseOrder order, IReadOnlySet<SegmentPlace>? only = null)
    {
        var scope = order.Checked().Scope;
        // What is being written is ended first, so that it is listed and erased like the rest.
        var suspended = only is null && (scope.To is not { } to || to > time.GetUtcNow()) ? store.Suspend(scope.Covers) : null;
        ErasurePlan plan;
        try
        {
            plan = Checked(Plan(order, only), scope);
            if (suspended is null && store.Open.Any(open => plan.Segments.Any(s => s.Segment == open.ToString())))
            {
                suspended = store.Suspend(scope.Covers);
                plan = Checked(Plan(order, only), scope);
            }

            plan.Write(keys.Folder);
        }
        catch
        {
            suspended?.Dispose();
            throw;
        }

        // Where it fails, nothing is recorded there until it is ended: new recordings must not come among what is to go.
        var receipt = Carry(plan);
        suspended?.Dispose();
        return receipt;
    }

    private ErasurePlan Checked(ErasurePlan plan, EraseScope scope)
    {
        if (plan.Segments.Count > 0 && keys.State != VaultState.Open) throw new VaultKeyException("the vault is locked: parts of days can be erased when it is open. Whole days, cameras and sites can be erased now");
        if (plan is { Days.Count: 0, Segments.Count: 0, Sites.Count: 0, Master: null }) throw new ErasureException($"nothing of {scope} is recorded here: there is nothing to erase, and no receipt is written");
        return plan;
    }

    /// <summary>Ends erasures that were cut.</summary>
    /// <returns>Paths of their receipts.</returns>
    /// <exception cref="VaultFileException">One cannot be ended now.</exception>
    /// <exception cref="VaultKeyException">The vault is locked, and parts of days are to be erased.</exception>
    public IReadOnlyList<string> Resume()
    {
        var receipts = new List<string>();
        foreach (var plan in ErasurePlan.Begun(keys.Folder))
        {
            var receipt = PathOf(plan.Id);
            if (File.Exists(receipt))
            {
                File.Delete(ErasurePlan.PathOf(keys.Folder, plan.Id));
                continue;
            }

            var suspended = store.Suspend(plan.Order.Scope.Covers);
            receipts.Add(Carry(plan));
            suspended.Dispose();
        }

        return receipts;
    }

    private bool Meets(LegalHold hold, RecordedSegment segment) => hold.Scope.Meets(new EraseScope(segment.Place.Site, segment.Place.Camera, segment.From, segment.Until(options.Longest)));

    private string Carry(ErasurePlan plan)
    {
        var proofs = new ErasureProofs();
        // The keys of all of it first.
        foreach (var group in plan.Segments.Select(s => SegmentPlace.Parse(s.Segment) ?? throw new VaultFileException($"the erasure {plan.Id} names a segment that is none: {s.Segment}")).GroupBy(p => (p.Site, p.Camera, p.Day)))
            DestroyKeys([.. group], plan.Id, proofs);
        var days = plan.Days.Where(d => ErasurePlan.PlaceOf(d) is var day && keys.DestroyDay(day.Site, day.Camera, day.Day, d.KeyId)).Select(ErasurePlan.PlaceOf).ToList();
        foreach (var day in days)
        {
            proofs.Days += Gone(() => keys.DayKey(day.Site, day.Camera, day.Day, make: false), $"the key of {day.Camera} on {VaultKeys.TextOf(day.Day)}");
        }

        foreach (var site in plan.Sites) keys.DestroySite(new SiteId(site.Name["site:".Length..]), site.KeyId);
        if (plan.Master is { } master) keys.DestroyMaster(master.KeyId);

        // Then the ciphertext.
        foreach (var segment in plan.Segments) proofs.Files += RemoveFiles(SegmentPlace.Parse(segment.Segment)!);
        foreach (var day in days) proofs.Files += RemoveDay(keys.FolderOf(day.Site, day.Camera, day.Day));
        foreach (var site in plan.Sites.Select(s => s.Name["site:".Length..])) RemoveEmpty(Path.Combine(keys.SitesFolder, site));

        return Sign(plan, proofs);
    }

    private void DestroyKeys(IReadOnlyList<SegmentPlace> places, string receipt, ErasureProofs proofs)
    {
        var (site, camera, day) = (places[0].Site, places[0].Camera, places[0].Day);
        using var dayKey = keys.DayKey(site, camera, day, make: false);
        // The whole day was erased meanwhile.
        if (dayKey is null) return;
        foreach (var place in places)
        {
            foreach (var path in FilesOf(place).Where(File.Exists))
            {
                Shredding.Overwrite(path, SegmentHeader.WrappedKeyAt, KeyWrap.WrappedBytes);
                if (SegmentFile.Unwraps(path, place, dayKey)) throw new ErasureException($"the key of segment {place} still unwraps after it was overwritten: the disk does not write. Nothing is said to be erased; replace the disk and destroy this one");
                proofs.Segments++;
            }

            store.Erased(place, dayKey, receipt);
        }
    }

    private int RemoveFiles(SegmentPlace place)
    {
        var there = 0;
        foreach (var path in FilesOf(place))
        {
            if (File.Exists(path)) there++;
            Shredding.Delete(path);
            Shredding.Delete(path + Shredding.Ending);
        }

        return there;
    }

    private static int RemoveDay(string folder)
    {
        if (!Directory.Exists(folder)) return 0;
        var files = Directory.EnumerateFiles(folder).ToList();
        foreach (var file in files)
        {
            if (file.EndsWith(Shredding.Ending, StringComparison.Ordinal)) continue;
            Shredding.Delete(file);
        }

        Shredding.Finish(folder);
        RemoveEmpty(folder);
        return files.Count(f => f.EndsWith(SegmentPlace.Ending, StringComparison.Ordinal));
    }

    /// <summary>Removes folders in which nothing is left; what is not the vault's own stays.</summary>
    private static void RemoveEmpty(string folder)
    {
        if (!Directory.Exists(folder)) return;
        foreach (var inner in Directory.EnumerateDirectories(folder)) RemoveEmpty(inner);
        if (!Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
    }

    private static int Gone(Func<LockedBytes?> open, string what)
    {
        try
        {
            using var key = open();
            return key is null ? 1 : throw new ErasureException($"{what} still opens after it was destroyed: the disk does not write");
        }
        catch (Exception e) when (e is VaultKeyException or VaultFileException)
        {
            // The vault is locked: nothing can be tried.
            return 0;
        }
    }

    private string Sign(ErasurePlan plan, ErasureProofs proofs)
    {
        var facts = medium();
        var receipt = new ErasureReceipt(
            ErasureReceipt.FormatOfNow, plan.Id, node, plan.Order, plan.Began, time.GetUtcNow(), plan.MasterGeneration, plan.Days, plan.Segments, plan.Master is { } m ? [.. plan.Sites, m] : plan.Sites,
            facts, proofs.Proved(plan), ErasureProofs.NotProved(plan, facts), copies.Meeting(plan.Order.Scope));
        var path = PathOf(plan.Id);
        PrivateFile.MakeFolder(Path.GetDirectoryName(path)!);
        PrivateFile.Replace(path, ReceiptFile.Write(receipt, signature));
        Shredding.Sync(Path.GetDirectoryName(path)!);
        File.Delete(ErasurePlan.PathOf(keys.Folder, plan.Id));
        return path;
    }

    private string PathOf(string id) => Path.Combine(keys.Folder, Receipts, id + ".receipt");

    /// <summary>Under whatever ending it lies: whole, as its writer left it, or as it was being carried in.</summary>
    private IEnumerable<string> FilesOf(SegmentPlace place) => new[] { SegmentPlace.Ending, SegmentPlace.OpenEnding, SegmentPlace.ImportEnding }.Select(e => Path.Combine(keys.FolderOf(place.Site, place.Camera, place.Day), place.Name + e));
}
