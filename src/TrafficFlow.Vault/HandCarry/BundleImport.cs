using System.Security.Cryptography;
using TrafficFlow.Core.Files;
using TrafficFlow.Core.Segments;
using TrafficFlow.Vault.Audit;
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
/// Takes in volumes that were carried here. Every byte is verified before it is confirmed; a volume that comes twice, in part, or again after a failure adds what is missing and nothing else, and what was erased here since stays erased.
/// Not thread-safe: one at a time.
/// </summary>
internal sealed class BundleImport(VaultKeys keys, SegmentStore store, RecordedSegments recorded, TrustedVaults trusted, AuditKey signature, VaultIdentity own, TimeProvider time)
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
        if (manifest.To != own.Fingerprint) throw new HandCarryException($"the bundle is for {manifest.To}, and this vault is {own.Fingerprint}: nobody else can open it");
        using var importKey = keys.ImportKey();
        using var bundleKey = SealedBox.Open(importKey, BundleManifest.InfoOf(manifest.Bundle), manifest.SealedKey) is { Length: KeyWrap.KeyBytes } opened ? opened
            : throw new HandCarryException("the bundle's key does not open with the import key of this vault: was the vault set up anew since its identity was given?");
        var before = Confirmed(manifest);
        var log = ImportLog.Open(PathOf(manifest, ".log"), Path.Combine(keys.Folder, Erasure.Eraser.Receipts), AuditPublicKeys.Parse(own.SigningKey));
        var (confirmed, problems) = (before?.Segments.ToDictionary(s => s.Segment, s => s.Commitment, StringComparer.Ordinal) ?? new Dictionary<string, string>(StringComparer.Ordinal), new List<string>());
        var (takenIn, earlier, gone) = (0, 0, 0);
        foreach (var segment in manifest.Segments)
        {
            var place = SegmentPlace.Parse(segment.Segment)!;
            var here = recorded.OfDay(place.Site, place.Camera, place.Day).FirstOrDefault(s => s.Place == place);
            if (here is { State: SegmentState.Whole or SegmentState.Cut or SegmentState.Erased } && here.Commitment == segment.Commitment)
            {
                // By the list that its day's key checks, and by every byte of the file: what is confirmed is erased elsewhere.
                if (recorded.WhyNotSound(place, segment.Commitment, here.State == SegmentState.Erased) is { } why)
                {
                    confirmed.Remove(segment.Segment);
                    problems.Add($"{segment.Segment}: it was taken in before, and is damaged here ({why}): remove its file, and take the volume in again");
                    continue;
                }

                if (here.State == SegmentState.Erased) gone++;
                else earlier++;
                confirmed[segment.Segment] = segment.Commitment;
            }
            else if (here is not null && here.State != SegmentState.Missing)
            {
                problems.Add($"{segment.Segment}: another segment of this name is here already, and stays");
            }
            else if (here is null && (confirmed.GetValueOrDefault(segment.Segment) == segment.Commitment || log.WasErased(place, segment.Commitment)))
            {
                gone++;
                confirmed[segment.Segment] = segment.Commitment;
            }
            else if (TakeIn(volume, segment, place, bundleKey, log) is { } problem)
            {
                problems.Add($"{segment.Segment}: {problem}");
            }
            else
            {
                takenIn++;
                confirmed[segment.Segment] = segment.Commitment;
            }
        }

        var confirmation = new ImportConfirmation(
            ImportConfirmation.FormatOfNow, manifest.Bundle, manifest.Volume, manifest.From, own.Fingerprint, own.Node, time.GetUtcNow(), [.. confirmed.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => new ConfirmedSegment(c.Key, c.Value))]);
        Keep(manifest, confirmation, volume, problems);
        return new ImportOutcome(manifest, takenIn, earlier, gone, problems, confirmation);
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
            return BundleManifest.Read(File.ReadAllBytes(path), trusted.All);
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
    private string? TakeIn(string volume, CarriedSegment segment, SegmentPlace place, LockedBytes bundleKey, ImportLog log)
    {
        try
        {
            var path = Path.Combine(volume, BundleNames.FileOf(place));
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
            if (file.Length != segment.Bytes) return $"its file has {file.Length} bytes, and {segment.Bytes} were written";
            if (Convert.ToHexStringLower(SHA256.HashData(file)) != segment.Sha256) return "its file was changed on the way: the checksum differs";
            file.Seek(0, SeekOrigin.Begin);
            log.Begin(place, segment.Commitment);
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
