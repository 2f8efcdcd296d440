using System.Text.Json;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Segments;

namespace TrafficFlow.Vault.HandCarry;

/// <summary>What one volume of a bundle holds, signed by the vault that it comes from. It is written last: a volume without it is not whole.</summary>
/// <param name="Bundle">Id of the bundle.</param>
/// <param name="Volume">Number of this volume, from 1, of so many: each fits on a disk, and is taken in by itself.</param>
/// <param name="From">Id of the vault that it comes from.</param>
/// <param name="To">Id of the one that alone can open it.</param>
/// <param name="SealedKey">The bundle's key, which wraps those of the segments, sealed to the import key.</param>
/// <param name="Heights">How high plates and faces can be in the pictures of each camera; null in a volume of a version that did not say it.</param>
public sealed record BundleManifest(
    string Format, string Bundle, int Volume, int Of, string From, string To, string Node, DateTimeOffset Made, string By, byte[] SealedKey, IReadOnlyList<CarriedSegment> Segments,
    IReadOnlyList<CarriedHeights>? Heights = null)
{
    public const string FileName = "MANIFEST";
    public const string FormatOfNow = "trafficflow-bundle-1";

    private const string Kind = "BUNDLE MANIFEST";

    internal static string InfoOf(string bundle) => $"trafficflow.vault/bundle@v1/{bundle}";

    internal byte[] Write(AuditKey signature) => SignedDocument.Write(Kind, JsonSerializer.SerializeToUtf8Bytes(this, VaultRegister<CopyEntry>.Layout), signature);

    /// <param name="trusted">Vaults from which bundles are taken.</param>
    /// <exception cref="FormatException">It is none, was changed, or comes from nobody who is trusted.</exception>
    public static BundleManifest Read(ReadOnlySpan<byte> file, IReadOnlyList<TrustedVault> trusted)
    {
        var claimed = Parse(SignedDocument.Unverified(Kind, file));
        var from = trusted.FirstOrDefault(t => t.Identity.Id == claimed.From && t.Ended is null)
            ?? throw new FormatException($"the bundle says that it comes from {claimed.Node} ({claimed.From}), which is not trusted here: trafficflow vault trust, after its fingerprint was compared");
        return Parse(SignedDocument.Read(Kind, file, from.Identity.Keys).Text);
    }

    internal static BundleManifest Parse(byte[] text)
    {
        try
        {
            return JsonSerializer.Deserialize<BundleManifest>(text, VaultRegister<CopyEntry>.Layout) is { Format: FormatOfNow, Bundle: not null, From: not null, To: not null, Node: not null, Volume: > 0, SealedKey.Length: KeyWrap.KeyBytes + SealedBox.Overhead, Segments: not null } manifest
                && manifest.Volume <= manifest.Of && BundleNames.IsId(manifest.Bundle) && manifest.Segments.All(s => s is { Commitment: not null, Sha256: not null, Bytes: >= 0, Segment: not null } && SegmentPlace.Parse(s.Segment) is not null && SegmentPlace.IsPlausible(s.From) && SegmentPlace.IsPlausible(s.To)) && manifest.Segments.DistinctBy(s => s.Segment).Count() == manifest.Segments.Count
                && (manifest.Heights is null || manifest.Heights.All(h => h is { IsSound: true }))
                ? manifest : throw new FormatException("it is no manifest of a bundle, or of a later version");
        }
        catch (JsonException e)
        {
            throw new FormatException("it is no manifest of a bundle, or of a later version", e);
        }
    }
}

/// <param name="Segment">SITE/CAMERA/NAME.</param>
/// <param name="Bytes">Of its file in the volume.</param>
/// <param name="Sha256">Of this file, hexadecimal.</param>
/// <param name="Commitment">Of its encryption, hexadecimal.</param>
public sealed record CarriedSegment(string Segment, DateTimeOffset From, DateTimeOffset? To, int Frames, int Lost, bool IsCut, long Bytes, string Sha256, string Commitment);

/// <summary>What bundles and their volumes are called.</summary>
internal static class BundleNames
{
    private const int Longest = 40;

    /// <summary>Whether it can be the name of a folder, and nothing else.</summary>
    public static bool IsId(string text) => text.Length is > 8 and <= Longest && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && text[0] != '-';

    public static string FolderOf(string bundle, int volume) => $"trafficflow-{bundle}-{volume.ToString(System.Globalization.CultureInfo.InvariantCulture)}";

    /// <summary>A flat folder: any file system of a stick takes it.</summary>
    public static string FileOf(SegmentPlace place) => $"{place.Site}.{place.Camera}.{place.Name}{SegmentPlace.Ending}";
}
