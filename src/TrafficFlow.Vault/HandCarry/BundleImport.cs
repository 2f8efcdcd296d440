using TrafficFlow.Core.Files;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Segments;

namespace TrafficFlow.Vault.HandCarry;

/// <summary>What came of taking a volume in.</summary>
/// <param name="TakenIn">Now.</param>
/// <param name="Before">Had been taken in before.</param>
/// <param name="Gone">Had been taken in before and erased since: they stay erased.</param>
/// <param name="Problems">Of segments that are not taken in, and so not confirmed.</param>
public sealed record ImportOutcome(BundleManifest Manifest, int TakenIn, int Before, int Gone, IReadOnlyList<string> Problems, ImportConfirmation Confirmation);

/// <summary>
/// Takes in volumes that were carried here. Every byte is verified before it is confirmed; a volume that comes twice, in part, or again after a failure adds what is missing and nothing else, and what was ever erased here stays erased, with
/// whatever bundle it comes. Not thread-safe: one at a time.
/// </summary>
/// <param name="ended">Why nothing of a site is taken in any more; null where it is.</param>
/// <param name="open">Opens a file of the carried disk, which may be slow, and may hold anything.</param>
/// <param name="changing">Held while a segment that is here already is given its place: no erasure waits for the disk that was carried.</param>
internal sealed class BundleImport(
    VaultKeys keys, SegmentStore store, SegmentStoreOptions options, RecordedSegments recorded, TrustedVaults trusted, Tombstones tombstones, AuditKey signature, VaultIdentity own, Func<SiteId, string?> ended, Func<string, Stream> open, Lock changing,
    TimeProvider time)
{
    public const string Folder = "imports";

    private const long MostToTell = 1L << 60;

    /// <summary>Of the confirmation that was given.</summary>
    private const string Ending = ".confirmation";

    /// <param name="volume">Folder of the volume on the disk.</param>
    /// <exception cref="HandCarryException">It is no volume, not for this vault, or does not fit here: then nothing of it was taken in.</exception>
    /// <exception cref="VaultKeyException">The vault is not open.</exception>
    /// <exception cref="VaultFileException">A file of this vault cannot be read or written.</exception>
    public ImportOutcome Import(string volume)
    {
        var manifest = ReadManifest(volume);
        if (manifest.To != own.Id) throw new HandCarryException($"the bundle is for {manifest.To}, and this vault is {own.Id}: nobody else can open it");
        if (keys.OpenCarried(BundleManifest.InfoOf(manifest.Bundle), manifest.SealedKey) is not ({ Length: KeyWrap.KeyBytes } opened, var isOfNow))
            throw new HandCarryException($"the bundle's key opens with no import key of this vault: it was sealed to one that was given up more than {VaultKeys.RetiredFor.TotalDays:0} days ago, or to one of another setup. Nothing is lost: give this vault's identity to the other side anew (trafficflow vault identity, here; distrust and trust, there), and carry anew what is still there");
        using var bundleKey = opened;
        var before = Confirmed(manifest);
        var confirmed = before?.Segments.ToDictionary(s => s.Segment, s => s.Commitment, StringComparer.Ordinal) ?? new Dictionary<string, string>(StringComparer.Ordinal);
        var room = RoomFor(manifest);
        PrivateFile.MakeFolder(Path.Combine(keys.Folder, Folder));
        var (problems, takenIn, earlier, gone) = (new List<string>(), 0, 0, 0);
        var (withoutRoom, why) = (new List<string>(), "");
        foreach (var segment in manifest.Segments)
        {
            var (came, problem, fits) = TakeIn(volume, segment, SegmentPlace.Parse(segment.Segment)!, bundleKey, room);
            if (problem is not null)
            {
                confirmed.Remove(segment.Segment);
                if (fits) problems.Add($"{segment.Segment}: {problem}");
                else (_, why) = (AddTo(withoutRoom, segment.Segment), problem);
                continue;
            }

            confirmed[segment.Segment] = segment.Commitment;
            if (came == Came.Now) (takenIn, room) = (takenIn + 1, room - segment.Bytes);
            else if (came == Came.Before) earlier++;
            else gone++;
        }

        if (withoutRoom.Count > 0) problems.Add($"{withoutRoom.Count} segments, {withoutRoom[0]} the first, have no room here: {why}. Make room, and take the volume in again: it goes on there");
        ImportConfirmation confirmation;
        lock (changing)
        {
            // What was sealed to the key of now has come: the next bundle is sealed to another one.
            if (isOfNow) keys.RenewImportKey();
            using var next = keys.ImportKey();
            var nextKey = SealedBox.PublicKeyOf(next);
            confirmation = new ImportConfirmation(
                ImportConfirmation.FormatOfNow, manifest.Bundle, manifest.Volume, manifest.From, own.Id, own.Node, time.GetUtcNow(), [.. confirmed.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => new ConfirmedSegment(c.Key, c.Value))],
                nextKey, ImportConfirmation.ProofOf(bundleKey, own.Id, nextKey));
            PrivateFile.Replace(PathOf(manifest, Ending), confirmation.Write(signature));
            Shredding.Sync(Path.Combine(keys.Folder, Folder));
        }

        WriteTo(volume, confirmation, PathOf(manifest, Ending), problems);
        return new ImportOutcome(manifest, takenIn, earlier, gone, problems, confirmation);
    }

    /// <returns>
    /// What the kept confirmations name, as SITE/CAMERA/NAME: it was carried here, and is nowhere else any more. Lists of versions before this one do not say so. Whoever decides by it what stays need not check who has signed
    /// them: what is named too much stays.
    /// </returns>
    /// <exception cref="VaultFileException">One cannot be read, or is damaged.</exception>
    public static IReadOnlySet<string> ConfirmedIn(string vault)
    {
        var (named, folder) = (new HashSet<string>(StringComparer.Ordinal), Path.Combine(vault, Folder));
        if (!Directory.Exists(folder)) return named;
        foreach (var path in Directory.EnumerateFiles(folder, "trafficflow-*" + Ending))
        {
            try
            {
                if (PrivateFile.Read(path, SignedDocument.Longest) is { } content) named.UnionWith(ImportConfirmation.Parse(SignedDocument.Unverified(ImportConfirmation.Kind, content)).Segments.Select(s => s.Segment));
            }
            catch (FormatException e)
            {
                throw new VaultFileException($"{path} is damaged ({e.Message}): without it nobody knows what was carried here. Put it back from a backup", e);
            }
        }

        return named;
    }

    private enum Came
    {
        Now,
        Before,
        Gone,
    }

    private static int AddTo(List<string> names, string name)
    {
        names.Add(name);
        return names.Count;
    }

    /// <summary>What is confirmed here is erased elsewhere: it must fit, and stay.</summary>
    /// <returns>Bytes that may come in; fewer than nothing where too much is here already.</returns>
    /// <exception cref="HandCarryException">What is not here yet does not fit.</exception>
    private long RoomFor(BundleManifest manifest)
    {
        var here = recorded.List().ToList();
        var states = here.ToDictionary(s => s.Place, s => s.State);
        var taken = here.Where(s => s.State is not (SegmentState.Erased or SegmentState.Missing)).Sum(s => s.Bytes);
        // Of a manifest that says anything, no more than is told here.
        var needed = manifest.Segments.Where(s => SegmentPlace.Parse(s.Segment)! is var place && states.GetValueOrDefault(place, SegmentState.Missing) == SegmentState.Missing && tombstones.Ask(place, s.Commitment) == WasErased.No && ended(place.Site) is null).Aggregate(0L, (sum, s) => Math.Min(MostToTell, sum + Math.Min(MostToTell, s.Bytes)));
        var room = options.MostBytes - taken;
        var why = needed == 0 ? null : needed > room ? $"{WhyTooMuch(needed, room)} (with {((taken + needed - 1) >> 30) + 1} it fits)" : store.WhyNoRoom(needed);
        return why is null ? room : throw new HandCarryException($"volume {manifest.Volume} of bundle {manifest.Bundle} does not fit here: {why}. Nothing of it was taken in or confirmed, and it stays where it was recorded; make room, and take it in again");
    }

    private string WhyTooMuch(long needed, long room) =>
        $"{Mega(needed)} MB are needed, and {Mega(Math.Max(0, room))} MB are left of the {options.MostBytes >> 30} GB that recordings may take here; what is carried here is not erased again to make room. Raise trafficflow.vault.max-gigabytes, where the disk allows it, or erase what is not needed any more";

    private static long Mega(long bytes) => (bytes + (1 << 20) - 1) >> 20;

    /// <param name="room">Bytes that may come in.</param>
    /// <returns>Why it is not confirmed; null where it is here, or was erased here. Fits: false where it was left for want of room.</returns>
    private (Came Came, string? Problem, bool Fits) TakeIn(string volume, CarriedSegment segment, SegmentPlace place, LockedBytes bundleKey, long room)
    {
        lock (changing)
        {
            if (Standing(segment, place) is var (came, problem)) return (came, problem, true);
        }

        if ((segment.Bytes > room ? WhyTooMuch(segment.Bytes, room) : store.WhyNoRoom(segment.Bytes)) is { } full) return (Came.Now, full, false);
        try
        {
            using var carried = open(Path.Combine(volume, BundleNames.FileOf(place)));
            using var staged = StagedSegment.Of(place, bundleKey, carried, (segment.Bytes, segment.Sha256, segment.Commitment), Path.Combine(keys.Folder, Folder));
            lock (changing)
            {
                // Erased, ended or recorded here while it was copied.
                if (Standing(segment, place) is var (came, problem)) return (came, problem, true);
                store.Import(staged, new SegmentLine(0, SegmentEvent.Closed, place.Name, segment.From, segment.To, segment.Frames, segment.Lost, segment.Bytes, segment.Commitment, segment.IsCut, null, ""));
            }

            return (Came.Now, null, true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SegmentStoreException)
        {
            return (Came.Now, e.Message, true);
        }
    }

    /// <returns>How it stands with a segment that is not to be taken in, and why it is not confirmed, null where it is; null for one that is to be.</returns>
    private (Came Came, string? Problem)? Standing(CarriedSegment segment, SegmentPlace place)
    {
        var here = recorded.OfDay(place.Site, place.Camera, place.Day).FirstOrDefault(s => s.Place == place);
        if (here is { State: SegmentState.Whole or SegmentState.Cut or SegmentState.Erased } && here.Commitment == segment.Commitment)
        {
            // By the list that its day's key checks, and by every byte of the file: what is confirmed is erased elsewhere.
            var came = here.State == SegmentState.Erased ? Came.Gone : Came.Before;
            return recorded.WhyNotSound(place, segment.Commitment, here.State == SegmentState.Erased) is { } why ? (came, $"it was taken in before, and is damaged here ({why}): remove its file, and take the volume in again") : (came, null);
        }

        if (here is not null && here.State != SegmentState.Missing) return (Came.Before, "another segment of this name is here already, and stays");
        return tombstones.Ask(place, segment.Commitment) switch
        {
            WasErased.This => (Came.Gone, null),
            WasErased.Another => (Came.Gone, "another segment of this name was erased here, and none of its name comes back"),
            _ when ended(place.Site) is { } why => (Came.Now, $"{why}, and nothing of it is taken in any more: destroy the disk, and note so where the bundle was made (trafficflow vault end-copy, there)"),
            _ => null,
        };
    }

    private BundleManifest ReadManifest(string volume)
    {
        var path = Path.Combine(volume, BundleManifest.FileName);
        try
        {
            return BundleManifest.Read(CarriedFile.Read(path, SignedDocument.Longest), trusted.Believed);
        }
        catch (FileNotFoundException)
        {
            var inner = Directory.Exists(volume) ? Directory.EnumerateDirectories(volume, "trafficflow-*").Where(d => File.Exists(Path.Combine(d, BundleManifest.FileName))).Select(Path.GetFileName).ToList() : [];
            throw new HandCarryException(inner.Count > 0 ? $"{volume} holds volumes: name one of {string.Join(", ", inner)}" : $"there is no {BundleManifest.FileName} in {volume}: the volume was not written to its end, or it is another folder. Is the disk mounted?");
        }
        catch (FormatException e)
        {
            throw new HandCarryException($"{path}: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HandCarryException($"{path} cannot be read ({e.Message}): was the disk taken away?", e);
        }
    }

    private ImportConfirmation? Confirmed(BundleManifest manifest)
    {
        if (PrivateFile.Read(PathOf(manifest, Ending), SignedDocument.Longest) is not { } content) return null;
        try
        {
            return ImportConfirmation.ReadOwn(content, AuditPublicKeys.Parse(own.SigningKey));
        }
        catch (FormatException e)
        {
            throw new VaultFileException($"{PathOf(manifest, Ending)} is damaged ({e.Message}): without it nobody knows what was taken in and erased since. Put it back from a backup", e);
        }
    }

    /// <summary>Here it is already; on the carried disk it is for the way back.</summary>
    private void WriteTo(string volume, ImportConfirmation confirmation, string here, List<string> problems)
    {
        try
        {
            FileDraft.Write(Path.Combine(volume, ImportConfirmation.FileName), confirmation.Write(signature));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add($"the confirmation cannot be written to the disk ({e.Message}): take it from {here}");
        }
    }

    private string PathOf(BundleManifest manifest, string ending) => Path.Combine(keys.Folder, Folder, BundleNames.FolderOf(manifest.Bundle, manifest.Volume) + ending);
}
