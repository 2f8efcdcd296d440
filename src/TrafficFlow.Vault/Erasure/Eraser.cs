using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Segments;

namespace TrafficFlow.Vault.Erasure;

/// <summary>
/// Cryptographic erasure (NIST SP 800-88): first the keys are destroyed, so that within seconds nothing can be opened any more, what stays beside it is wrapped by new keys, then the ciphertext is overwritten and removed, then a signed receipt says what was done, what was tried to
/// prove it, and what nobody can know. What was begun is ended after a crash (<see cref="Resume"/>). One at a time.
/// </summary>
/// <param name="node">Name of this node, for the receipt.</param>
/// <param name="medium">What the vault lies on, asked at each erasure.</param>
internal sealed class Eraser(
    VaultKeys keys, SegmentStore store, RecordedSegments recorded, SegmentStoreOptions options, LegalHolds holds, CopyLedger copies, AuditKey signature, string node, Func<MediumFacts> medium, TimeProvider time)
{
    public const string Receipts = "receipts";

    /// <summary>Under which the store knows an erasure that is being planned.</summary>
    private const string Planning = "";

    private readonly Tombstones _tombstones = new(keys);

    /// <summary>Why the last <see cref="Resume"/> could not end what was begun, by the ids of erasures.</summary>
    public Dictionary<string, string> NotEnded { get; } = new(StringComparer.Ordinal);

    /// <summary>What an order would erase; nothing is changed.</summary>
    /// <exception cref="ErasureException">Something of it is held; the message says by what.</exception>
    /// <exception cref="FormatException">The order is none.</exception>
    /// <exception cref="VaultKeyException">The vault is locked: what is held cannot be checked.</exception>
    /// <exception cref="VaultFileException">A list or register cannot be read, or is not as the vault wrote it.</exception>
    /// <param name="only">Of what the scope names, these alone; what is held, or goes with an erasure that is begun, is left out then instead of refused. Null for all.</param>
    /// <param name="isLook">Nothing is to be done by it: a locked vault can be looked over, though nothing of it can be checked.</param>
    public ErasurePlan Plan(EraseOrder order, IReadOnlySet<SegmentPlace>? only = null, bool isLook = false)
    {
        order = order.Checked();
        var scope = order.Scope;
        var held = isLook ? holds.Meeting(scope) : holds.Keeping(scope);
        if (only is null && held is [var hold, ..]) throw new ErasureException($"{hold.Scope} is held until {hold.Until:yyyy-MM-dd} ({hold.Id}: {hold.Reason}): nothing of it is erased before, unless the hold is released");
        var now = time.GetUtcNow();
        var isBegun = ErasurePlan.Naming(only is null ? [] : ErasurePlan.Begun(keys.Registers, []));
        var (days, segments, gone, parts) = (new List<ErasedDay>(), new List<ErasedSegment>(), new List<(SegmentPlace, string)>(), new List<EraseScope>());
        foreach (var site in keys.SitesWithSegments)
        {
            foreach (var (camera, day, folder) in SegmentFolders.Of(keys, site).Where(f => scope.Covers(site, f.Camera)))
            {
                // What has no name of a segment of that day goes with the day, and is none.
                var all = recorded.OfDay(site, camera, day).Where(s => s.State != SegmentState.Erased && SegmentPlace.Parse(s.Place.ToString()) == s.Place).ToList();
                var wanted = all.Where(s => s.Overlaps(scope.From ?? DateTimeOffset.MinValue, scope.To ?? DateTimeOffset.MaxValue, options.Longest) && (only is null || (only.Contains(s.Place) && !isBegun(s.Place) && held.All(h => !Meets(h, s)))))
                    .Select(s => s.Commitment.Length > 0 ? s : s with { Commitment = SegmentFile.CommitmentOf(Path.Combine(folder, s.Place.Name + SegmentPlace.Ending)) }).ToList();
                gone.AddRange(wanted.Select(s => (s.Place, s.Commitment)));
                if (only is not null) parts.AddRange(PartsOf(all, wanted));
                // The key of a day that goes on is still needed, unless all is to go.
                if ((only is null && scope.IsWhole) || (wanted.Count > 0 && wanted.Count == all.Count && day < SegmentPlace.DayOf(now) && store.Open.All(p => (p.Site, p.Camera, p.Day) != (site, camera, day))))
                    days.Add(new ErasedDay(site.Value, camera.Value, VaultKeys.TextOf(day), wanted.Count, wanted.Sum(s => (long)s.Frames), wanted.Sum(s => s.Bytes), ErasurePlan.DigestOf(wanted.Select(s => (s.Place.Name, s.Commitment))), VaultKeys.IdOfDay(folder), wanted.Min(s => (DateTimeOffset?)s.From), wanted.Max(s => (DateTimeOffset?)s.Until(options.Longest))));
                else
                    segments.AddRange(wanted.Select(s => new ErasedSegment(s.Place.ToString(), s.From, s.To, s.Frames, s.Bytes, s.Commitment)));
            }
        }

        var sites = only is null && scope is { IsWhole: true, Camera: null } ? keys.SitesWithSegments.Where(s => scope.Site is not { } one || s == one).ToList() : [];
        var master = keys.Master;
        if (parts.Count > 0) order = order with { Scope = EraseScope.Around(parts), Parts = parts };
        return new ErasurePlan(
            ErasurePlan.NewId(now), order, now, master?.Generation ?? 0, days, segments, [.. sites.Select(s => new ErasedKey(VaultKeys.NameOf(s), keys.IdOfSite(s)))],
            only is null && scope == EraseScope.All && master is not null ? new ErasedKey("master", master.Id) : null, isLook ? new Dictionary<string, byte[]>() : _tombstones.Of(gone));
    }

    /// <summary>Times of which all was chosen.</summary>
    private IEnumerable<EraseScope> PartsOf(List<RecordedSegment> all, List<RecordedSegment> wanted)
    {
        var chosen = wanted.Select(s => s.Place).ToHashSet();
        EraseScope? part = null;
        foreach (var segment in all)
        {
            if (chosen.Contains(segment.Place)) part = (part ?? new EraseScope(segment.Place.Site, segment.Place.Camera, segment.From)) with { To = segment.Until(options.Longest) };
            if (chosen.Contains(segment.Place) || part is null) continue;
            yield return part;
            part = null;
        }

        if (part is not null) yield return part;
    }

    /// <summary>Erases. Returns when nothing is left and the receipt is on the disk.</summary>
    /// <returns>Path of the receipt.</returns>
    /// <exception cref="ErasureException">Something of it is held, or a part still opens afterwards.</exception>
    /// <exception cref="FormatException">The order is none.</exception>
    /// <exception cref="VaultKeyException">The vault is locked: what is held, and what its lists say, cannot be checked.</exception>
    /// <exception cref="VaultFileException">A file cannot be read, overwritten or removed, or a register is not as the vault wrote it; <see cref="Resume"/> goes on.</exception>
    /// <param name="only">As for <see cref="Plan"/>.</param>
    public string Erase(EraseOrder order, IReadOnlySet<SegmentPlace>? only = null)
    {
        var scope = order.Checked().Scope;
        // Before anything is ended for it.
        var known = holds.Keeping(scope).Select(h => h.Id).ToHashSet(StringComparer.Ordinal);
        // What is being written is ended first, so that it is listed and erased like the rest.
        var suspends = only is null && (scope.To is not { } to || to > time.GetUtcNow());
        ErasurePlan plan;
        try
        {
            if (suspends) store.Suspend(Planning, (site, camera, _) => scope.Covers(site, camera));
            plan = Checked(Plan(order, only), scope);
            if (!suspends && store.Open.Any(open => plan.Segments.Any(s => s.Segment == open.ToString())))
            {
                store.Suspend(Planning, (site, camera, _) => scope.Covers(site, camera));
                plan = Checked(Plan(order, only), scope);
            }

            RefuseUnderWay(plan);
            lock (keys.Registers.Gate)
            {
                if (holds.Keeping(scope).FirstOrDefault(h => !known.Contains(h.Id)) is { } hold) throw new ErasureException($"{hold.Scope} is held since a moment ({hold.Id}: {hold.Reason}): nothing was erased; order anew what may go");
                plan.Write(keys.Registers);
            }

            // Where it fails, nothing is recorded there until it is ended: new recordings must not come among what is to go.
            store.Suspend(plan.Id, plan.Barring());
        }
        finally
        {
            store.Release(Planning);
        }

        return Carry(plan);
    }

    /// <summary>A day whose key is to be destroyed by an erasure that is not ended must not get a new one meanwhile.</summary>
    private void RefuseUnderWay(ErasurePlan plan)
    {
        var renewed = plan.Segments.Select(s => SegmentPlace.Parse(s.Segment)!).Select(p => (p.Site, p.Camera, p.Day)).ToHashSet();
        if (renewed.Count > 0 && ErasurePlan.Begun(keys.Registers, []).FirstOrDefault(b => b.Days.Any(d => renewed.Contains(ErasurePlan.PlaceOf(d)))) is { } other)
            throw new ErasureException($"erasure {other.Id} of the same day is begun and not ended (see trafficflow vault status): end what hinders it first; it goes on by itself each hour, and when the vault is opened");
    }

    private static ErasurePlan Checked(ErasurePlan plan, EraseScope scope)
    {
        if (plan is { Days.Count: 0, Segments.Count: 0, Sites.Count: 0, Master: null }) throw new ErasureException($"nothing of {scope} is recorded here: there is nothing to erase, and no receipt is written");
        return plan;
    }

    /// <summary>
    /// Ends erasures that were cut. While the vault is locked none is carried on: nobody could tell a plan of ours from one that was planted. Of a vault whose master is destroyed by one, only the receipt is left to be put into its place.
    /// </summary>
    /// <param name="told">Gets what cannot be ended, and why; it is tried again with the next call, and hinders no other one.</param>
    /// <returns>Paths of their receipts.</returns>
    /// <exception cref="VaultKeyException">The vault is locked.</exception>
    public IReadOnlyList<string> Resume(List<string> told)
    {
        if (keys.State == VaultState.Absent) return EndReceipts(told);
        var (receipts, before) = (new List<string>(), told.Count);
        var begun = ErasurePlan.Begun(keys.Registers, told);
        // One that cannot be read now may be readable again.
        if (told.Count == before) store.ReleaseAllBut(begun.Select(p => p.Id));
        foreach (var plan in begun)
        {
            try
            {
                if (End(plan) is { } receipt) receipts.Add(receipt);
            }
            catch (Exception e) when (e is VaultFileException or ErasureException or IOException or UnauthorizedAccessException || (e is VaultKeyException && keys.State == VaultState.Open))
            {
                NotEnded[plan.Id] = $"erasure {plan.Id} is begun and cannot be ended now: {e.Message}";
                told.Add($"erasure {plan.Id} cannot be ended now: {e.Message}");
            }
        }

        return receipts;
    }

    /// <returns>Path of its receipt; null where that was there already.</returns>
    private string? End(ErasurePlan plan)
    {
        if (!File.Exists(PathOf(plan.Id)))
        {
            store.Suspend(plan.Id, plan.Barring());
            return Carry(plan);
        }

        store.Release(plan.Id);
        keys.Registers.Remove(plan.Name);
        return null;
    }

    /// <summary>The master was destroyed last, when all else was done and its receipt written.</summary>
    private List<string> EndReceipts(List<string> told)
    {
        var (folder, ended) = (Path.Combine(keys.Folder, ErasurePlan.Folder), new List<string>());
        foreach (var file in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.receipt").Where(f => !Path.GetFileName(f).StartsWith('.')).ToList() : [])
        {
            try
            {
                var receipt = ReceiptFile.Verify(PrivateFile.Read(file, SignedDocument.Longest), AuditPublicKeys.Parse(signature.PublicPem));
                if (receipt.Id + ".receipt" != Path.GetFileName(file) || receipt.Keys.All(k => k.Name != "master")) throw new FormatException("it is of another erasure");
                ended.Add(Publish(receipt.Id));
            }
            catch (FormatException e)
            {
                told.Add($"{file} is no receipt of this node ({e.Message}): find out who has put it there, and remove it");
            }
        }

        ForgetPlans(folder);
        return ended;
    }

    /// <summary>Plans behind which the receipt of everything has its place already: versions before this one moved it first.</summary>
    private void ForgetPlans(string folder)
    {
        if (!Directory.Exists(folder) || Directory.EnumerateFiles(folder, "*.json").ToList() is not { Count: > 0 } plans) return;
        foreach (var own in plans.Select(p => PathOf(Path.GetFileNameWithoutExtension(p))).Where(File.Exists))
        {
            try
            {
                var receipt = ReceiptFile.Verify(PrivateFile.Read(own, SignedDocument.Longest), AuditPublicKeys.Parse(signature.PublicPem));
                if (receipt.Keys.All(k => k.Name != "master")) continue;
                keys.ForgetMaster();
                foreach (var plan in plans) File.Delete(plan);
                Shredding.Sync(folder);
                return;
            }
            catch (FormatException)
            {
                // It is none of ours, and says nothing.
            }
        }
    }

    private bool Meets(LegalHold hold, RecordedSegment segment) => hold.Scope.Meets(new EraseScope(segment.Place.Site, segment.Place.Camera, segment.From, segment.Until(options.Longest)));

    private string Carry(ErasurePlan plan)
    {
        var proofs = new ErasureProofs();
        // What is erased here comes back with no bundle.
        _tombstones.Add(plan.Tombstones);
        // The keys of all of it first.
        var parts = plan.Segments.Select(s => SegmentPlace.Parse(s.Segment)!).GroupBy(p => (p.Site, p.Camera, p.Day)).ToList();
        foreach (var group in parts) DestroyKeys([.. group], plan.Id, proofs);
        var days = plan.Days.Where(d => ErasurePlan.PlaceOf(d) is var day && keys.DestroyDay(day.Site, day.Camera, day.Day, d.KeyId)).Select(ErasurePlan.PlaceOf).ToList();
        foreach (var day in days)
        {
            proofs.Days += Gone(() => keys.DayKey(day.Site, day.Camera, day.Day, make: false), $"the key of {day.Camera} on {VaultKeys.TextOf(day.Day)}");
        }

        foreach (var site in plan.Sites) keys.DestroySite(ErasurePlan.SiteOf(site)!.Value, site.KeyId);
        Renew([.. parts.Select(p => p.Key)], proofs);

        // Then the ciphertext.
        foreach (var segment in plan.Segments) proofs.Files += RemoveFiles(SegmentPlace.Parse(segment.Segment)!);
        foreach (var day in days) proofs.Files += RemoveDay(keys.FolderOf(day.Site, day.Camera, day.Day));
        foreach (var site in plan.Sites.Select(s => ErasurePlan.SiteOf(s)!.Value)) RemoveEmpty(Path.Combine(keys.SitesFolder, site.Value));

        return Sign(plan, proofs);
    }

    /// <summary>What stays of a day is wrapped by a new key, and the day's by a new one of its site: what wrapped the keys that went wraps nothing any more.</summary>
    private void Renew(IReadOnlyList<(SiteId Site, CameraId Camera, DateOnly Day)> parts, ErasureProofs proofs)
    {
        foreach (var (site, camera, day) in parts)
        {
            if (keys.WhyDayDoesNotOpen(site, camera, day) is { } why) proofs.ClosedDays.Add($"{camera} of site {site} on {VaultKeys.TextOf(day)} ({why})");
            else if (store.RenewDay(site, camera, day)) proofs.Renewed++;
        }

        foreach (var site in parts.Select(p => p.Site).Distinct())
        {
            try
            {
                keys.RotateSite(site);
                proofs.Sites.Add(site.Value);
            }
            catch (Exception e) when (e is VaultKeyException or VaultFileException { InnerException: not (IOException or UnauthorizedAccessException) })
            {
                // Another day that is damaged keeps this erasure from nothing; the receipt says so. A disk that is full is waited for: what it hinders is done when it is not.
                proofs.NotRenewed.Add($"{site}, {e.Message}");
            }
        }
    }

    private void DestroyKeys(IReadOnlyList<SegmentPlace> places, string receipt, ErasureProofs proofs)
    {
        var (site, camera, day) = (places[0].Site, places[0].Camera, places[0].Day);
        LockedBytes? opened = null;
        var opens = true;
        try
        {
            opened = keys.DayKey(site, camera, day, make: false);
        }
        catch (Exception e) when (e is VaultFileException || (e is VaultKeyException && keys.State == VaultState.Open))
        {
            // Damaged or moved. It may be put back, and so what it wraps is destroyed all the same; its list cannot be written.
            opens = false;
        }

        using var dayKey = opened;
        // The whole day was erased meanwhile.
        if (dayKey is null && opens) return;
        foreach (var place in places)
        {
            foreach (var path in FilesOf(place).Where(File.Exists))
            {
                Shredding.Overwrite(path, SegmentHeader.WrappedKeyAt, KeyWrap.WrappedBytes);
                if (dayKey is null)
                {
                    proofs.Untried++;
                    continue;
                }

                if (SegmentFile.Unwraps(path, place, dayKey)) throw new ErasureException($"the key of segment {place} still unwraps after it was overwritten: the disk does not write. Nothing is said to be erased; replace the disk and destroy this one");
                proofs.Segments++;
            }

            if (dayKey is not null) store.Erased(place, dayKey, receipt);
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
        var known = (plan.Order.Parts ?? [plan.Order.Scope]).SelectMany(copies.Meeting).DistinctBy(c => c.Id).ToList();
        var receipt = ReceiptFile.Write(
            new ErasureReceipt(
                ErasureReceipt.FormatOfNow, plan.Id, node, plan.Order, plan.Began, time.GetUtcNow(), plan.MasterGeneration, plan.Days, plan.Segments, plan.Master is { } m ? [.. plan.Sites, m] : plan.Sites,
                facts, proofs.Proved(plan), proofs.NotProved(plan, facts), known),
            signature);
        if (plan.Master is { } master)
        {
            // The master last: until then the plan can be checked, and gone on with.
            PrivateFile.Replace(Path.Combine(keys.Folder, plan.ReceiptName), receipt);
            Shredding.Sync(Path.Combine(keys.Folder, ErasurePlan.Folder));
            keys.DestroyMaster(master.KeyId);
            return Publish(plan.Id);
        }

        PrivateFile.MakeFolder(Path.GetDirectoryName(PathOf(plan.Id))!);
        PrivateFile.Replace(PathOf(plan.Id), receipt);
        Shredding.Sync(Path.GetDirectoryName(PathOf(plan.Id))!);
        store.Release(plan.Id);
        keys.Registers.Remove(plan.Name);
        return PathOf(plan.Id);
    }

    private string Publish(string id)
    {
        var waiting = Path.Combine(keys.Folder, ErasurePlan.Folder);
        PrivateFile.MakeFolder(Path.GetDirectoryName(PathOf(id))!);
        // Others that were begun were of a part of it; without the master nobody can check their plans, and nothing of them is left. The receipt is moved last: as long as it waits here, what a crash cuts is ended.
        keys.ForgetMaster();
        foreach (var plan in Directory.EnumerateFiles(waiting, "*.json").ToList()) File.Delete(plan);
        Shredding.Sync(waiting);
        Shredding.Move(Path.Combine(waiting, id + ".receipt"), PathOf(id));
        store.Release(id);
        return PathOf(id);
    }

    private string PathOf(string id) => Path.Combine(keys.Folder, Receipts, id + ".receipt");

    /// <summary>Under whatever ending it lies: whole, as its writer left it, or as it was being carried in.</summary>
    private IEnumerable<string> FilesOf(SegmentPlace place) => new[] { SegmentPlace.Ending, SegmentPlace.OpenEnding, SegmentPlace.ImportEnding }.Select(e => Path.Combine(keys.FolderOf(place.Site, place.Camera, place.Day), place.Name + e));
}
