using System.Security.Cryptography;
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
/// <param name="changing">Held for each segment, so that an erasure waits for one, and not for a whole disk.</param>
internal sealed class BundleImport(VaultKeys keys, SegmentStore store, RecordedSegments recorded, TrustedVaults trusted, Tombstones tombstones, AuditKey signature, VaultIdentity own, Func<SiteId, string?> ended, Lock changing, TimeProvider time)
{
    public const string Folder = "imports";

    /// <summary>Of the confirmation that was given.</summary>
    private const string Ending = ".confirmation";

    /// <param name="volume">Folder of the volume on the disk.</param>
    /// <exception cref="HandCarryException">It is no volume, or not for this vault.</exception>
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
        var (problems, takenIn, earlier, gone) = (new List<string>(), 0, 0, 0);
        foreach (var segment in manifest.Segments)
        {
            var place = SegmentPlace.Parse(segment.Segment)!;
            Came came;
            string? problem;
            lock (changing) (came, problem) = TakeIn(volume, segment, place, bundleKey);
            if (problem is not null)
            {
                confirmed.Remove(segment.Segment);
                problems.Add($"{segment.Segment}: {problem}");
                continue;
            }

            confirmed[segment.Segment] = segment.Commitment;
            if (came == Came.Now) takenIn++;
            else if (came == Came.Before) earlier++;
            else gone++;
        }

        lock (changing)
        {
            // What was sealed to the key of now has come: the next bundle is sealed to another one.
            if (isOfNow) keys.RenewImportKey();
            using var next = keys.ImportKey();
            var nextKey = SealedBox.PublicKeyOf(next);
            var confirmation = new ImportConfirmation(
                ImportConfirmation.FormatOfNow, manifest.Bundle, manifest.Volume, manifest.From, own.Id, own.Node, time.GetUtcNow(), [.. confirmed.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => new ConfirmedSegment(c.Key, c.Value))],
                nextKey, ImportConfirmation.ProofOf(bundleKey, own.Id, nextKey));
            Keep(manifest, confirmation, volume, problems);
            return new ImportOutcome(manifest, takenIn, earlier, gone, problems, confirmation);
        }
    }

    private enum Came
    {
        Now,
        Before,
        Gone,
    }

    /// <returns>Why it is not confirmed; null where it is here, or was erased here.</returns>
    private (Came Came, string? Problem) TakeIn(string volume, CarriedSegment segment, SegmentPlace place, LockedBytes bundleKey)
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
            _ => (Came.Now, Take(volume, segment, place, bundleKey)),
        };
    }

    private BundleManifest ReadManifest(string volume)
    {
        var path = Path.Combine(volume, BundleManifest.FileName);
        try
        {
            if (!File.Exists(path))
            {
                var inner = Directory.Exists(volume) ? Directory.EnumerateDirectories(volume, "trafficflow-*").Where(d => File.Exists(Path.Combine(d, BundleManifest.FileName))).Select(Path.GetFileName).ToList() : [];
                throw new HandCarryException(inner.Count > 0 ? $"{volume} holds volumes: name one of {string.Join(", ", inner)}" : $"there is no {BundleManifest.FileName} in {volume}: the volume was not written to its end, or it is another folder. Is the disk mounted?");
            }

            if (new FileInfo(path).Length > SignedDocument.Longest) throw new HandCarryException($"{path} is larger than any manifest");
            return BundleManifest.Read(File.ReadAllBytes(path), trusted.Believed);
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

    /// <returns>Why it was not taken in; null where it was.</returns>
    private string? Take(string volume, CarriedSegment segment, SegmentPlace place, LockedBytes bundleKey)
    {
        try
        {
            var path = Path.Combine(volume, BundleNames.FileOf(place));
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
            if (file.Length != segment.Bytes) return $"its file has {file.Length} bytes, and {segment.Bytes} were written";
            if (Convert.ToHexStringLower(SHA256.HashData(file)) != segment.Sha256) return "its file was changed on the way: the checksum differs";
            file.Seek(0, SeekOrigin.Begin);
            store.Import(place, bundleKey, file, new SegmentLine(0, SegmentEvent.Closed, place.Name, segment.From, segment.To, segment.Frames, segment.Lost, segment.Bytes, segment.Commitment, segment.IsCut, null, ""));
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SegmentStoreException)
        {
            return e.Message;
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

    /// <summary>Here first; on the carried disk it is for the way back.</summary>
    private void Keep(BundleManifest manifest, ImportConfirmation confirmation, string volume, List<string> problems)
    {
        var content = confirmation.Write(signature);
        PrivateFile.MakeFolder(Path.Combine(keys.Folder, Folder));
        PrivateFile.Replace(PathOf(manifest, Ending), content);
        Shredding.Sync(Path.Combine(keys.Folder, Folder));
        try
        {
            FileDraft.Write(Path.Combine(volume, ImportConfirmation.FileName), content);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add($"the confirmation cannot be written to the disk ({e.Message}): take it from {PathOf(manifest, Ending)}");
        }
    }

    private string PathOf(BundleManifest manifest, string ending) => Path.Combine(keys.Folder, Folder, BundleNames.FolderOf(manifest.Bundle, manifest.Volume) + ending);
}
