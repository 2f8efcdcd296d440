using System.Collections.Immutable;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.HandCarry;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Segments;
using TrafficFlow.Wire.Recordings;

namespace TrafficFlow.Node.Recordings;

/// <summary>How a vault is, and what its registers hold, for pages.</summary>
internal sealed class VaultDescription(RecordingVault vault)
{
    /// <summary>Of each register, the newest: a page of people, not a file.</summary>
    private const int Most = 200;

    /// <param name="kept">Segments, and bytes of their files.</param>
    /// <param name="problem">Of the node's own watch over it; null for none.</param>
    /// <param name="withRegisters">Holds and receipts too.</param>
    /// <exception cref="VaultFileException">A file of it cannot be read.</exception>
    public VaultDescribed Describe((int Count, long Bytes) kept, string? problem, bool withRegisters)
    {
        var master = vault.Keys.Master;
        return new VaultDescribed(
            vault.Keys.State switch { VaultState.Absent => VaultKeyState.Absent, VaultState.Locked => VaultKeyState.Locked, _ => VaultKeyState.Open },
            problem ?? (vault.Keys.State == VaultState.Open ? vault.Store.Problem ?? "" : ""), master?.Id ?? "", master?.Made, kept.Count, kept.Bytes, vault.Options.MostBytes, FreeBytes(), vault.Erasing,
            withRegisters ? [.. vault.Holds.All.Reverse().Take(Most).Select(h => new HoldLine(h.Id, Scope(h.Scope), h.Reason, h.By, h.Since, h.Until, h.Released))] : [],
            [.. vault.KnownCopies.OrderBy(k => k.Copy.Ended is not null).ThenByDescending(k => k.Copy.Made).Take(Most).Select(k => Line(k.Name, k.Copy))],
            [.. vault.Exports.Reverse().Take(Most).Select(b => new BundleLine(
                b.Bundle, Scope(b.Scope), NameOf(b.To), b.Made, b.By, b.Copy, [.. b.Volumes.Select(v => new VolumeLine(v.Number, v.State.ToString().ToLowerInvariant(), v.Segments.Count))], HeightsOf(b)))],
            withRegisters ? Receipts() : []);
    }

    public static string PublicKeyOf(RecordingVault vault) => new AuditPlace(Path.GetDirectoryName(Path.GetFullPath(vault.Folder))!).PublicKey;

    private ImmutableArray<ReceiptLine> Receipts()
    {
        var keys = new AuditPlace(Path.GetDirectoryName(Path.GetFullPath(vault.Folder))!).PublicKeys();
        return [.. vault.Receipts.Reverse().Take(Most).Select(path => Receipt(path, keys))];
    }

    private static ReceiptLine Receipt(string path, AuditPublicKeys keys)
    {
        var id = Path.GetFileNameWithoutExtension(path);
        try
        {
            var receipt = ReceiptFile.Verify(File.ReadAllBytes(path), keys);
            return new ReceiptLine(id, Scope(receipt.Order.Scope), receipt.Order.Reason, receipt.Order.By, receipt.Ended, receipt.Segments.Count + receipt.Days.Sum(d => d.Count), receipt.Id == id ? "" : $"it is the receipt of {receipt.Id}: somebody has renamed it");
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            return new ReceiptLine(id, new RecordingScope(), "", "", File.GetLastWriteTimeUtc(path), 0, e.Message);
        }
    }

    private static ImmutableArray<HeightsLine> HeightsOf(BundleRecord bundle) =>
        [.. CarriedHeights.Of(bundle.Volumes).Select(h => new HeightsLine(h.Site, h.Camera, h.Width, h.Height, h.PlatePixels, h.FacePixels, h.WhyUnknown ?? "", h.Segments, h.Earlier))];

    private static CopyLine Line(string name, CopyEntry c) => new(name, c.Kind.ToString().ToLowerInvariant(), Scope(c.Scope), c.Made, c.By, c.Where, c.Until, c.Ended, c.How ?? "");

    /// <param name="id">Of a vault's signing key; its fingerprint in bundles of earlier versions.</param>
    private string NameOf(string id) => vault.Trusted.All.LastOrDefault(t => t.Identity.Id == id || t.Fingerprint == id) is { } trusted ? $"{trusted.Identity.Node} ({trusted.Fingerprint[..9]}…)" : id;

    private long FreeBytes()
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(vault.Folder)).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return -1;
        }
    }

    private static RecordingScope Scope(EraseScope scope) => new(scope.Site, scope.Camera, scope.From, scope.To);
}
