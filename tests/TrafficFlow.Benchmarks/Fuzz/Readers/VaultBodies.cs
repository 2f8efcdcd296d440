using System.Text.Json;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.HandCarry;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Segments;

namespace TrafficFlow.Benchmarks.Fuzz.Readers;

/// <summary>
/// What lies behind signatures and checks, given to its parser directly, as one would who has the key: bodies of signed documents, registers and their head, tombstones, the index of a segment. What is taken must say the same after it was
/// written and read again, and name no place outside of the vault.
/// </summary>
internal static class VaultBodies
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
    private static readonly EraseScope s_scope = new(new SiteId("kokandori"), new CameraId("cam1"), s_noon, s_noon.AddHours(1));

    public static IEnumerable<FuzzReader> All(LockedBytes master, SegmentPlace place, CarriedSegment carried, VaultIdentity identity)
    {
        const string Id = "20261129T120000Z-0a1b2c3d";
        var copy = new CopyEntry("copy-1", CopyKind.Bundle, s_scope, s_noon, "tanaka", "stick", s_noon, null, null);
        var order = new EraseOrder(s_scope, "why", "tanaka", "unix:tanaka", "approval-1", [s_scope]);
        var (day, segment) = (new ErasedDay("kokandori", "cam1", "2026-11-29", 1, 1, 1, "", "", s_noon, s_noon), new ErasedSegment(place.ToString(), s_noon, null, 1, 1, carried.Commitment));
        var head = SealedHead.Of(7, new Dictionary<string, IReadOnlyList<string>> { ["holds.json"] = [SealedHead.HashOf([1])], ["exports/x.json"] = ["", SealedHead.HashOf([2])] }, master).Write();
        return
        [
            Body("vault-manifest-body", BundleManifest.Parse, m => m.Segments.Select(s => s.Segment), new BundleManifest(BundleManifest.FormatOfNow, Id, 1, 1, identity.Id, identity.Id, "roadside", s_noon, "tanaka", new byte[KeyWrap.KeyBytes + SealedBox.Overhead], [carried])),
            Body("vault-confirmation-body", ImportConfirmation.Parse, c => c.Segments.Select(s => s.Segment), new ImportConfirmation(ImportConfirmation.FormatOfNow, Id, 1, identity.Id, identity.Id, "server", s_noon, [new ConfirmedSegment(place.ToString(), carried.Commitment)], identity.ImportKey, new byte[32])),
            Body("vault-receipt-body", ReceiptFile.Parse, _ => [], new ErasureReceipt(ErasureReceipt.FormatOfNow, Id, "roadside", order, s_noon, s_noon, 1, [day], [segment], [new ErasedKey("site:kokandori", "")], new MediumFacts("ext4", null, null, ""), ["a"], ["b"], [copy])),
            Body("vault-identity-body", VaultIdentity.Parse, _ => [], identity),
            Body("vault-holds", VaultRegister<LegalHold>.Parse, h => h.SelectMany(x => NamesOf(x.Scope)), [new LegalHold("hold-1", s_scope, "police", "tanaka", s_noon, s_noon, null, null)]),
            Body("vault-copies", VaultRegister<CopyEntry>.Parse, c => c.SelectMany(x => NamesOf(x.Scope)), [copy]),
            Body("vault-trusted", VaultRegister<TrustedVault>.Parse, _ => [], [new TrustedVault(identity.Fingerprint, identity, "tanaka", s_noon, null)]),
            Body("vault-export", BundleExport.Parse, r => [.. r.Volumes.SelectMany(v => v.Segments), r.Bundle], new BundleRecord(Id, identity.Id, s_noon, "tanaka", s_scope, "copy-1", new byte[KeyWrap.KeyBytes + SealedBox.Overhead], [new VolumeRecord(1, VolumeState.Written, [place.ToString()], null)])),
            Body(
                "vault-plan", ErasurePlan.Parse, p => [p.Id, .. p.Segments.Select(s => s.Segment), .. p.Days.SelectMany(d => new[] { d.Site, d.Camera, d.Day }), .. p.Sites.Select(s => s.Name)],
                new ErasurePlan(Id, order, s_noon, 1, [day], [segment], [new ErasedKey("site:kokandori", "")], null, new Dictionary<string, byte[]> { ["2026-11"] = new byte[Tombstones.Bytes] })),
            VaultReaders.Reader("vault-registers-head", input => ReadHead(input, master, head), head),
            VaultReaders.Reader("vault-tombstones", ReadTombstones, new byte[3 * Tombstones.Bytes]),
            VaultReaders.Reader("vault-segment-index", ReadIndex, Index()[SegmentIndexHeader..]) with { Share = 16 },
        ];
    }

    /// <summary>Before what is read of an index: size, name and id of its box.</summary>
    private const int SegmentIndexHeader = 24;

    private static FuzzReader Body<T>(string name, Func<byte[], T> parse, Func<T, IEnumerable<string>> names, T seed) => VaultReaders.Reader(
        name,
        input =>
        {
            T taken;
            try
            {
                taken = parse(input);
            }
            catch (FormatException)
            {
                return false;
            }

            if (names(taken).FirstOrDefault(n => n.Contains("..", StringComparison.Ordinal) || n.StartsWith('/') || n.Contains('\0', StringComparison.Ordinal)) is { } bad) throw new WrongAcceptanceException($"a name that leads elsewhere: {bad}");
            var written = Write(taken);
            return Write(parse(written)).AsSpan().SequenceEqual(written) ? true : throw new WrongAcceptanceException("it says another thing after it was written and read again");
        },
        Write(seed));

    private static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, VaultRegister<CopyEntry>.Layout);

    private static IEnumerable<string> NamesOf(EraseScope scope) => [scope.Site?.Value ?? "", scope.Camera?.Value ?? ""];

    private static bool ReadHead(byte[] input, LockedBytes master, byte[] genuine)
    {
        if (SealedHead.Parse(input) is not { } head) return false;
        if (head.Files.Keys.Any(n => n.Contains("..", StringComparison.Ordinal) && n.Split('/').Any(p => p is "." or ".."))) throw new WrongAcceptanceException("a name that leads elsewhere");
        // Spaces and the order of words mean nothing; what it says must be what was written.
        return !head.IsOf(master) || head.Write().AsSpan().SequenceEqual(genuine) ? true : throw new WrongAcceptanceException("a head that was never written");
    }

    private static bool ReadTombstones(byte[] input) =>
        Tombstones.Parse(input) is { } names && (names.Values.Sum(c => c.Count) <= input.Length / Tombstones.Bytes ? true : throw new WrongAcceptanceException("more than there are"));

    private static bool ReadIndex(byte[] input)
    {
        try
        {
            var index = SegmentIndex.Read(input);
            return index.ToBox().AsSpan(SegmentIndexHeader).SequenceEqual(input) ? true : throw new WrongAcceptanceException("it says another thing after it was written again");
        }
        catch (SegmentIndexException)
        {
            return false;
        }
    }

    private static byte[] Index() => new SegmentIndex(
        640, 360, 10,
        [new IndexedFrame(s_noon, IndexedMarks.None, [new Detection(new Box(1, 2, 30, 40), 0.5f, VehicleClass.PassengerCar)]), new IndexedFrame(s_noon.AddMilliseconds(100), IndexedMarks.IsPassedOver, [])]).ToBox();
}
