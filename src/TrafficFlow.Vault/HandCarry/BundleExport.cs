using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TrafficFlow.Core.Files;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Segments;

namespace TrafficFlow.Vault.HandCarry;

/// <summary>A bundle that is on its way: what its volumes hold, and how far each has come. One file for each, exports/ID.json, checked with the vault's master.</summary>
/// <param name="To">Id of the vault that alone can open it.</param>
/// <param name="Copy">Id of the bundle in the ledger of copies.</param>
public sealed record BundleRecord(string Bundle, string To, DateTimeOffset Made, string By, EraseScope Scope, string Copy, byte[] SealedKey, IReadOnlyList<VolumeRecord> Volumes)
{
    /// <summary>All volumes were taken in, and what they held was erased here, or was already gone.</summary>
    public bool IsEnded => Volumes.All(v => v.State == VolumeState.Erased);
}

public enum VolumeState
{
    /// <summary>Not written to a disk, or not to its end.</summary>
    Planned = 0,

    /// <summary>On a disk, whole.</summary>
    Written = 1,

    /// <summary>The other side has confirmed that it was taken in.</summary>
    Confirmed = 2,

    /// <summary>What was confirmed is erased here.</summary>
    Erased = 3,
}

/// <param name="Receipt">Of the erasure that followed its confirmation.</param>
/// <param name="Heights">As its manifest says them; null while it is not written, or where it was written by a version that did not say them.</param>
public sealed record VolumeRecord(int Number, VolumeState State, IReadOnlyList<string> Segments, string? Receipt, IReadOnlyList<CarriedHeights>? Heights = null);

/// <summary>
/// Writes recordings to disks that somebody carries to another vault: the segments' own ciphertext, their keys wrapped by a key of the bundle, that sealed to the other vault. A step that was cut is taken again: what is on the
/// disk whole is not written twice, and the manifest comes last. One volume at a time is written; records are changed under the lock of the vault's registers.
/// </summary>
/// <param name="ended">Why nothing of a site is carried any more; null where it is.</param>
/// <param name="siteOf">Configuration in force; null where the node has none of that site.</param>
/// <param name="passed">A time that has surely passed: by no later one a segment has reached its age.</param>
internal sealed class BundleExport(VaultKeys keys, RecordedSegments recorded, CopyLedger copies, TrustedVaults trusted, AuditKey signature, VaultIdentity own, Func<SiteId, string?> ended, Func<SiteId, Site?> siteOf, TimeProvider time, Func<DateTimeOffset> passed)
{
    public const string Folder = VaultKeys.ExportsFolder;

    private const int BlockBytes = 1 << 20;

    /// <summary>Manifest, checksums and what a file system needs for each file.</summary>
    private const long OverheadBytes = 16 << 20;

    private const long OverheadOfFile = 64 * 1024;

    private string Records => Path.Combine(keys.Folder, Folder);

    /// <exception cref="VaultFileException">One cannot be read, or is not as the vault wrote it.</exception>
    public IReadOnlyList<BundleRecord> All => AllOf(keys);

    /// <inheritdoc cref="All"/>
    public static IReadOnlyList<BundleRecord> AllOf(VaultKeys keys) => [.. keys.Registers.NamesIn(Folder, ".json").Select(n => Parsed(keys, n, keys.Registers.Look(n, SignedDocument.Longest)))];

    /// <summary>Plans a bundle: which segments, on how many volumes.</summary>
    /// <param name="to">Name or fingerprint of the vault it is for.</param>
    /// <param name="volumeBytes">That fit on one disk.</param>
    /// <param name="until">By when copies on disks are destroyed; sooner where the first of their sources ends sooner.</param>
    /// <param name="endOf">When a segment is to be gone: no copy is to outlive it, and one that is past it is not carried any more. Asked once for each segment. Null for never.</param>
    /// <exception cref="HandCarryException">There is nothing to carry, or a segment fits on no disk.</exception>
    /// <exception cref="FormatException">The scope is none.</exception>
    /// <exception cref="VaultKeyException">The vault is not open.</exception>
    public BundleRecord Plan(EraseScope scope, string to, long volumeBytes, DateTimeOffset until, string by, Func<RecordedSegment, DateTimeOffset?>? endOf = null)
    {
        var (now, over) = (time.GetUtcNow(), passed());
        scope = scope.Checked();
        var recipient = trusted.Find(to);
        var carried = All.Where(b => !b.IsEnded && b.To == recipient.Identity.Id).SelectMany(b => b.Volumes).Where(v => v.State != VolumeState.Erased).SelectMany(v => v.Segments).ToHashSet(StringComparer.Ordinal);
        var segments = recorded.List(scope.Site, scope.Camera, scope.From, scope.To).Where(s => s.State is SegmentState.Whole or SegmentState.Cut && !carried.Contains(s.Place.ToString())).ToList();
        if (segments.Count == 0) throw new HandCarryException(carried.Count > 0 ? $"there is nothing more to carry of {scope}: {carried.Count} segments are on their way already (trafficflow vault exports)" : $"there is nothing to carry of {scope}");
        if (endOf is not null)
        {
            var ends = segments.ToDictionary(s => s.Place, endOf);
            segments = [.. segments.Where(s => ends[s.Place] is not { } end || end > over)];
            if (segments.Count == 0) throw new HandCarryException($"all that is recorded of {scope} has reached the age that the file of its site allows: nothing of it is given out any more");
            if (segments.Min(s => ends[s.Place]) is { } first && first < until) until = first;
        }

        if (until <= over) throw new FormatException("a copy needs an end in the future, by which it is destroyed");
        if (segments.Select(s => s.Place.Site).Distinct().Select(ended).FirstOrDefault(w => w is not null) is { } why) throw new HandCarryException($"{why}, and nothing of it is carried any more{(scope.Site is null ? ": name another site" : "")}");
        var volumes = new List<VolumeRecord>();
        var (names, bytes) = (new List<string>(), 0L);
        foreach (var segment in segments)
        {
            var needed = segment.Bytes + OverheadOfFile;
            if (needed + OverheadBytes > volumeBytes) throw new HandCarryException($"segment {segment.Place} has {segment.Bytes} bytes and fits on no volume of {volumeBytes}: take a larger disk");
            if (bytes + needed + OverheadBytes > volumeBytes) Next();
            names.Add(segment.Place.ToString());
            bytes += needed;
        }

        Next();
        return Begin(scope, recipient, volumes, until, now, by);

        void Next()
        {
            if (names.Count > 0) volumes.Add(new VolumeRecord(volumes.Count + 1, VolumeState.Planned, [.. names], null));
            names.Clear();
            bytes = 0;
        }
    }

    /// <summary>The record first, which names all that belongs to it: of what a crash cuts here, <see cref="EndCut"/> leaves nothing.</summary>
    private BundleRecord Begin(EraseScope scope, TrustedVault recipient, List<VolumeRecord> volumes, DateTimeOffset until, DateTimeOffset now, string by)
    {
        var id = ErasurePlan.NewId(now);
        PrivateFile.MakeFolder(Records);
        lock (keys.Registers.Gate)
        {
            using var key = LockedBytes.Random(KeyWrap.KeyBytes);
            var record = new BundleRecord(
                id, recipient.Identity.Id, now, by, scope, Numbers.Next(copies.All.Select(c => c.Id), "copy"), SealedBox.Seal(recipient.Identity.ImportKey, BundleManifest.InfoOf(id), key.Span), volumes);
            try
            {
                Write(record);
                keys.KeepInFile(KeyPath(id), KeyName(id), key);
                copies.Add(CopyKind.Bundle, scope, by, WhereOf(id, $"{volumes.Count} volumes", recipient.Identity.Node), until);
                return record;
            }
            catch (Exception e) when (e is FormatException or VaultFileException or VaultKeyException)
            {
                Undo(id);
                throw;
            }
        }
    }

    private void Undo(string bundle)
    {
        try
        {
            Shredding.Delete(KeyPath(bundle));
            keys.Registers.Remove(NameOf(bundle));
        }
        catch (VaultFileException)
        {
            // The disk does not write: the next opening of the vault ends it.
        }
    }

    private static string WhereOf(string bundle, string what, string node) => $"{what} of bundle {bundle} for {node}, encrypted to its key";

    /// <summary>Ends what a crash has cut: bundles that were never planned to their end, of which nothing is on a disk, and keys of bundles that are no more. To be called when the vault was opened.</summary>
    /// <returns>What was done, for the log.</returns>
    /// <exception cref="VaultKeyException">The vault is not open.</exception>
    /// <exception cref="VaultFileException">A file is not as the vault wrote it, or cannot be removed.</exception>
    public static IReadOnlyList<string> EndCut(VaultKeys keys, CopyLedger copies)
    {
        var told = new List<string>();
        var records = AllOf(keys);
        var known = records.Count == 0 ? [] : copies.All.Select(c => c.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var cut in records.Where(r => r.Volumes.All(v => v.State == VolumeState.Planned) && (!known.Contains(r.Copy) || !File.Exists(PathOfKey(keys, r.Bundle)))).ToList())
        {
            Shredding.Delete(PathOfKey(keys, cut.Bundle));
            keys.Registers.Remove(NameOf(cut.Bundle));
            told.Add($"bundle {cut.Bundle} was being planned, and is given up: nothing of it is on any disk");
        }

        var open = records.Where(r => !r.IsEnded).Select(r => r.Bundle).ToHashSet(StringComparer.Ordinal);
        foreach (var key in keys.Registers.FilesIn(Folder, ".key").Select(n => Path.GetFileNameWithoutExtension(n)).Where(b => !open.Contains(b)))
        {
            Shredding.Delete(PathOfKey(keys, key));
            told.Add($"the key of bundle {key}, which is none any more, is destroyed");
        }

        return told;
    }

    /// <summary>Writes a volume to a folder on a disk, or goes on where it was cut.</summary>
    /// <param name="into">The folder; the volume has one of its own in it.</param>
    /// <param name="endOf">As for <see cref="Plan"/>.</param>
    /// <returns>Folder of the volume.</returns>
    /// <exception cref="HandCarryException">The disk is full, was taken away, or a segment does not open; the same step can be taken again.</exception>
    public string Write(string bundle, int volume, string into, Func<RecordedSegment, DateTimeOffset?>? endOf = null)
    {
        var record = Find(bundle);
        var planned = record.Volumes.FirstOrDefault(v => v.Number == volume) ?? throw new HandCarryException($"bundle {bundle} has {record.Volumes.Count} volumes, and no {volume}");
        if (planned.State >= VolumeState.Confirmed) throw new HandCarryException($"volume {volume} of bundle {bundle} was taken in already");
        using var key = keys.KeyOfFile(KeyPath(bundle), KeyName(bundle), make: false) ?? throw new HandCarryException($"bundle {bundle} has lost its key: cancel it (trafficflow vault cancel-export) and begin anew");
        var folder = Path.Combine(into, BundleNames.FolderOf(bundle, volume));
        IReadOnlyList<CarriedHeights> heights;
        try
        {
            if (!Directory.Exists(into)) throw new HandCarryException($"there is no folder {into}: is the disk there, and mounted?");
            if (new DirectoryInfo(folder).LinkTarget is { } other) throw new HandCarryException($"{folder} is a link to {other}, which trafficflow never makes: look who had the disk, and remove it");
            Directory.CreateDirectory(folder);
            var (carried, headers, sums) = (new List<CarriedSegment>(), new List<SegmentHeader>(), new StringBuilder());
            foreach (var name in planned.Segments)
            {
                // Erased, at its age, or its experiment ended, since it was planned: it is not carried any more.
                var place = SegmentPlace.Parse(name)!;
                if (Copy(place, key, folder, endOf) is not { } segment) continue;
                carried.Add(segment);
                headers.Add(HeaderOf(Path.Combine(folder, BundleNames.FileOf(place)), place));
                sums.Append(segment.Sha256).Append("  ").Append(BundleNames.FileOf(place)).Append('\n');
            }

            // Given up, or taken in, while it was written.
            if (Find(bundle).Volumes.First(v => v.Number == volume).State >= VolumeState.Confirmed) throw new HandCarryException($"volume {volume} of bundle {bundle} was taken in already");
            heights = CarriedHeights.Of(headers, siteOf);
            FileDraft.Write(Path.Combine(folder, "SHA256SUMS"), sums.ToString());
            var manifest = new BundleManifest(BundleManifest.FormatOfNow, bundle, volume, record.Volumes.Count, own.Id, record.To, own.Node, time.GetUtcNow(), record.By, record.SealedKey, carried, heights);
            FileDraft.Write(Path.Combine(folder, BundleManifest.FileName), manifest.Write(signature));
            Shredding.Sync(folder);
            Shredding.Sync(into);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or VaultFileException)
        {
            throw new HandCarryException($"volume {volume} of bundle {bundle} is not whole on {into} ({e.Message}): is the disk full, or was it taken away? Nothing is lost: give the same command again, with this disk or another one", e);
        }
        catch (SegmentStoreException e)
        {
            throw new HandCarryException($"volume {volume} of bundle {bundle} is not whole: {e.Message}. Look with trafficflow vault verify; an erasure of this segment lets the rest go", e);
        }

        Change(bundle, volume, v => v.State <= VolumeState.Written ? v with { State = VolumeState.Written, Heights = heights } : v);
        return folder;
    }

    /// <summary>Notes what the other side has taken in.</summary>
    /// <param name="confirmation">Verified.</param>
    /// <returns>As <see cref="Left"/>.</returns>
    /// <exception cref="HandCarryException">It is of another bundle or vault, or names other segments.</exception>
    public IReadOnlyList<RecordedSegment> Confirm(ImportConfirmation confirmation)
    {
        if (confirmation.From != own.Id) throw new HandCarryException("the confirmation is of a bundle of another vault");
        var record = Find(confirmation.Bundle);
        if (confirmation.By != record.To) throw new HandCarryException($"bundle {record.Bundle} was for {record.To}, and {confirmation.By} confirms it");
        var planned = Of(record, confirmation.Volume);
        Learn(confirmation);
        if (planned.State < VolumeState.Confirmed) Change(record.Bundle, confirmation.Volume, v => v with { State = VolumeState.Confirmed });
        return Left(confirmation);
    }

    /// <returns>What was confirmed and is here, as it was taken in: it may be erased. Another file under its name is not.</returns>
    public IReadOnlyList<RecordedSegment> Left(ImportConfirmation confirmation)
    {
        var of = Of(Find(confirmation.Bundle), confirmation.Volume).Segments.ToHashSet(StringComparer.Ordinal);
        return [.. confirmation.Segments.Where(s => of.Contains(s.Segment)).Select(s => (Place: SegmentPlace.Parse(s.Segment)!, s.Commitment))
            .Select(s => recorded.OfDay(s.Place.Site, s.Place.Camera, s.Place.Day).FirstOrDefault(f => f.Place == s.Place) is { State: SegmentState.Whole or SegmentState.Cut } found && found.Commitment == s.Commitment ? found : null).OfType<RecordedSegment>()];
    }

    private static VolumeRecord Of(BundleRecord record, int volume) => record.Volumes.FirstOrDefault(v => v.Number == volume) ?? throw new HandCarryException($"bundle {record.Bundle} has no volume {volume}");

    /// <summary>The next bundle is sealed to the key that the other side names, where it proves that it could open this one.</summary>
    private void Learn(ImportConfirmation confirmation)
    {
        using var key = keys.KeyOfFile(KeyPath(confirmation.Bundle), KeyName(confirmation.Bundle), make: false);
        // Of a bundle that has ended nothing more is learnt.
        if (key is null || trusted.Believed.All(t => t.Ended is not null || t.Identity.Id != confirmation.By || t.Identity.ImportKey.AsSpan().SequenceEqual(confirmation.NextImportKey))) return;
        if (!CryptographicOperations.FixedTimeEquals(ImportConfirmation.ProofOf(key, confirmation.By, confirmation.NextImportKey), confirmation.NextProof))
            throw new HandCarryException("the confirmation names a new key for bundles and does not prove that its writer could open this one: somebody who has the other side's signing key alone may have written it. Nothing was done; ask the other side");
        trusted.Renew(confirmation.By, confirmation.NextImportKey);
    }

    /// <summary>What was confirmed is erased; with the last volume the bundle ends, and its key is destroyed.</summary>
    /// <param name="left">Segments of the volume that are still here, as those that were damaged on their way.</param>
    public void Erased(string bundle, int volume, string? receipt)
    {
        Change(bundle, volume, v => v with { State = VolumeState.Erased, Receipt = receipt });
        var record = Find(bundle);
        if (!record.IsEnded) return;
        // The disks are a copy until somebody says that they were wiped.
        Shredding.Delete(KeyPath(bundle));
    }

    /// <summary>Gives a bundle up: its segments can be carried with another one.</summary>
    public void Cancel(string bundle)
    {
        var record = Find(bundle);
        Shredding.Delete(KeyPath(bundle));
        keys.Registers.Remove(NameOf(record.Bundle));
    }

    private CarriedSegment? Copy(SegmentPlace place, LockedBytes bundleKey, string folder, Func<RecordedSegment, DateTimeOffset?>? endOf)
    {
        var segment = recorded.OfDay(place.Site, place.Camera, place.Day).FirstOrDefault(s => s.Place == place);
        if (segment is not { State: SegmentState.Whole or SegmentState.Cut } || ended(place.Site) is not null || endOf?.Invoke(segment) <= passed()) return null;
        var source = Path.Combine(keys.FolderOf(place.Site, place.Camera, place.Day), place.Name + SegmentPlace.Ending);
        var target = Path.Combine(folder, BundleNames.FileOf(place));
        CarriedSegment Carried(string sha256) => new(place.ToString(), segment.From, segment.To, segment.Frames, segment.Lost, segment.State == SegmentState.Cut, segment.Bytes, sha256, segment.Commitment);

        if (IsThere(target, place, bundleKey, segment)) return Carried(Sha256(target));
        if (SegmentFile.CommitmentOf(source) != segment.Commitment) throw new SegmentStoreException($"segment {place} is not the file that the list of its day names");
        using var file = new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
        var (header, wrapped) = keys.WithDayKey(place.Site, place.Camera, place.Day, dayKey =>
        {
            if (dayKey is null) throw new SegmentStoreException($"segment {place} does not open: the key of its day is destroyed");
            var read = SegmentHeader.Read(file) is { } of && of.Place == place ? of : throw new SegmentStoreException($"segment {place} has lost its beginning, or is another one");
            using var key = KeyWrap.Unwrap(dayKey, place.KeyName, read.WrappedKey) ?? throw new SegmentStoreException($"the key of segment {place} does not unwrap: it was destroyed, or changed");
            return (read, KeyWrap.Wrap(bundleKey, place.KeyName, key));
        });
        using var draft = FileDraft.Of(target);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using (var output = draft.Open())
        {
            var beginning = header.With(wrapped).Write();
            hash.AppendData(beginning);
            output.Write(beginning);
            file.Seek(header.Bytes, SeekOrigin.Begin);
            var block = new byte[BlockBytes];
            int count;
            while ((count = file.Read(block)) > 0)
            {
                hash.AppendData(block, 0, count);
                output.Write(block, 0, count);
            }

            output.Flush(flushToDisk: true);
        }

        // An erasure does not wait for the disk: what went meanwhile is not carried.
        if (recorded.OfDay(place.Site, place.Camera, place.Day).FirstOrDefault(s => s.Place == place) is not { State: SegmentState.Whole or SegmentState.Cut }) return null;
        draft.Move();
        return Carried(Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>Written before, whole: what a disk lost meanwhile is written anew.</summary>
    private static bool IsThere(string target, SegmentPlace place, LockedBytes bundleKey, RecordedSegment segment)
    {
        if (new FileInfo(target) is not { Exists: true, LinkTarget: null } there || there.Length != segment.Bytes) return false;
        try
        {
            using var file = SegmentFile.Open(target, place, bundleKey);
            for (var chunk = 0L; chunk < file.Pictures.Chunks; chunk++)
            {
                if (!file.Pictures.IsSound(chunk)) return false;
            }

            return file.Commitment == segment.Commitment;
        }
        catch (SegmentStoreException)
        {
            return false;
        }
    }

    private static SegmentHeader HeaderOf(string path, SegmentPlace place)
    {
        using var file = CarriedFile.Open(path);
        return SegmentHeader.Read(file) ?? throw new SegmentStoreException($"segment {place} has lost its beginning on the disk");
    }

    private static string Sha256(string path)
    {
        using var file = CarriedFile.Open(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private void Change(string bundle, int volume, Func<VolumeRecord, VolumeRecord> change)
    {
        lock (keys.Registers.Gate)
        {
            var record = Find(bundle);
            Write(record with { Volumes = [.. record.Volumes.Select(v => v.Number == volume ? change(v) : v)] });
        }
    }

    private BundleRecord Find(string bundle) =>
        BundleNames.IsId(bundle) && keys.Registers.Read(NameOf(bundle), SignedDocument.Longest) is { } content ? Parsed(keys, NameOf(bundle), content)
        : throw new HandCarryException($"there is no bundle {Core.Texts.PlainText.Of(bundle, 40)}: trafficflow vault exports lists them");

    private static BundleRecord Parsed(VaultKeys keys, string name, byte[]? content)
    {
        try
        {
            return Parse(content ?? []) is { } record && NameOf(record.Bundle) == name ? record : throw new FormatException("it is of another bundle");
        }
        catch (FormatException e)
        {
            throw new VaultFileException($"{keys.Registers.PathOf(name)} is damaged ({e.Message}): move it away, and begin the bundle anew", e);
        }
    }

    /// <exception cref="FormatException">It is none.</exception>
    internal static BundleRecord Parse(byte[] content)
    {
        try
        {
            return JsonSerializer.Deserialize<BundleRecord>(content, VaultRegister<CopyEntry>.Layout) is { } record && BundleNames.IsId(record.Bundle) && record.SealedKey.Length == KeyWrap.KeyBytes + SealedBox.Overhead
                && record.Volumes.All(v => v is { Number: > 0, Segments: not null } && v.Segments.All(s => SegmentPlace.Parse(s ?? "") is not null) && (v.Heights is null || v.Heights.All(h => h is { IsSound: true }))) ? record : throw new FormatException("it names what no bundle has");
        }
        catch (JsonException e)
        {
            throw new FormatException(e.Message, e);
        }
    }

    private void Write(BundleRecord record) => keys.Registers.Write(NameOf(record.Bundle), JsonSerializer.SerializeToUtf8Bytes(record, VaultRegister<CopyEntry>.Layout));

    private static string NameOf(string bundle) => $"{Folder}/{bundle}.json";

    private string KeyPath(string bundle) => PathOfKey(keys, bundle);

    private static string PathOfKey(VaultKeys keys, string bundle) => Path.Combine(keys.Folder, Folder, bundle + ".key");

    private static string KeyName(string bundle) => $"bundle:{bundle}";
}
