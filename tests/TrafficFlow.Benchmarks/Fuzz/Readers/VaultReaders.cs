using System.Security.Cryptography;
using System.Text;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.HandCarry;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Segments;

namespace TrafficFlow.Benchmarks.Fuzz.Readers;

/// <summary>
/// Files of the vault that somebody may have changed, and what is carried on disks: segments, their lists, keys, shares, receipts, manifests, confirmations, identities. What is taken must be, byte for byte, what a vault has written.
/// </summary>
internal sealed class VaultReaders : IDisposable
{
    private const string Words = "trafficflow vault";

    private static readonly DateTimeOffset s_noon = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
    private static readonly SiteId s_site = new("kokandori");
    private static readonly CameraId s_camera = new("cam1");

    private readonly ScratchFolder _scratch;
    private readonly LockedBytes _dayKey = LockedBytes.Random(KeyWrap.KeyBytes);
    private readonly AuditKey _signature = AuditKey.Create();
    private readonly AuditPublicKeys _public;
    private readonly SegmentPlace _place;
    private readonly byte[] _segment;
    private readonly byte[] _pictures;
    private readonly TrustedVault _trusted;
    private readonly HashSet<string> _genuine = new(StringComparer.Ordinal);

    public VaultReaders(ScratchFolder scratch)
    {
        _scratch = scratch;
        _public = AuditPublicKeys.Parse(_signature.PublicPem);
        _place = new SegmentPlace(s_site, s_camera, new DateOnly(2026, 11, 29), SegmentPlace.NameOf(s_noon));
        _pictures = RandomNumberGenerator.GetBytes(20_000);
        _segment = Segment();
        using var import = SealedBox.CreatePrivateKey();
        var identity = VaultIdentity.Of("server", import, _signature, s_noon);
        _trusted = new TrustedVault(identity.Fingerprint, identity, "fuzz", s_noon, null);
        var carried = new CarriedSegment(_place.ToString(), s_noon, s_noon.AddMinutes(1), 600, 0, false, _segment.Length, Convert.ToHexStringLower(SHA256.HashData(_segment)), Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
        var manifest = new BundleManifest(BundleManifest.FormatOfNow, "20261129T120000Z-0a1b2c3d", 1, 1, identity.Fingerprint, identity.Fingerprint, "roadside", s_noon, "tanaka", SealedBox.Seal(identity.ImportKey, "x", RandomNumberGenerator.GetBytes(32)), [carried]).Write(_signature);
        var confirmation = new ImportConfirmation(ImportConfirmation.FormatOfNow, "20261129T120000Z-0a1b2c3d", 1, identity.Fingerprint, identity.Fingerprint, "server", s_noon, [new ConfirmedSegment(_place.ToString(), carried.Commitment)], identity.ImportKey, new byte[32]).Write(_signature);
        var receipt = ReceiptFile.Write(
            new ErasureReceipt(ErasureReceipt.FormatOfNow, "20261129T120000Z-0a1b2c3d", "roadside", new EraseOrder(new EraseScope(s_site), "why", "tanaka", "unix:tanaka"), s_noon, s_noon, 1, [], [], [], new MediumFacts("ext4", null, null, ""), ["a"], ["b"], []), _signature);
        var identityFile = identity.Write(_signature);
        foreach (var genuine in new[] { manifest, confirmation, receipt, identityFile }) _genuine.Add(Hash(genuine));
        All =
        [
            Reader("vault-segment-header", ReadHeader, _segment[..600]),
            Reader("vault-segment", ReadSegment, _segment) with { Share = 8 },
            Reader("vault-list", ReadList, List()) with { Share = 8 },
            Reader("vault-master", ReadMaster, MasterFiles()),
            Reader("vault-key", ReadKey, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(KeyFile.Of("day:a", _dayKey, _dayKey, s_noon), MasterFile.Layout)),
            Reader("vault-share", ReadShare, Encoding.ASCII.GetBytes(Share())),
            Reader("vault-receipt", input => Signed(input, () => ReceiptFile.Verify(input, _public)), receipt),
            Reader("vault-manifest", input => Signed(input, () => BundleManifest.Read(input, [_trusted])), manifest),
            Reader("vault-confirmation", input => Signed(input, () => ImportConfirmation.Read(input, [_trusted])), confirmation),
            Reader("vault-identity", ReadIdentity, identityFile) with { Share = 16 },
            .. VaultBodies.All(_dayKey, _place, carried, identity),
        ];
    }

    public IReadOnlyList<FuzzReader> All { get; }

    public void Dispose()
    {
        _dayKey.Dispose();
        _signature.Dispose();
    }

    internal static FuzzReader Reader(string name, Func<byte[], bool> read, params byte[][] seeds) =>
        new(name, read) { Seeds = seeds, Words = SeedFiles.Words(Words, "-----BEGIN TRAFFICFLOW ", "-----SIGNATURE ED25519 ", "-----END TRAFFICFLOW ", "null", "\"format\":", "[]", "{}", "../", "TFSEGM1\n", "kokandori", "20261129T120000.000Z", "\"check\":\"", "tfk-") };

    /// <summary>What a signature covers cannot be changed: whatever verifies was written here.</summary>
    private bool Signed(byte[] input, Action read)
    {
        try
        {
            read();
        }
        catch (FormatException)
        {
            return false;
        }

        return _genuine.Contains(Hash(input)) ? true : throw new WrongAcceptanceException("a signed document that nobody has signed");
    }

    /// <summary>Anybody can make an identity: it must say the same after it was read.</summary>
    private static bool ReadIdentity(byte[] input)
    {
        try
        {
            var identity = VaultIdentity.Read(input);
            return identity.Fingerprint == VaultIdentity.Read(input).Fingerprint ? true : throw new WrongAcceptanceException("another fingerprint the second time");
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static bool ReadHeader(byte[] input)
    {
        if (SegmentHeader.Parse(input) is not { } header) return false;
        return header.Write().AsSpan().SequenceEqual(input.AsSpan(0, header.Bytes)) ? true : throw new WrongAcceptanceException("another header after it was read and written again");
    }

    private bool ReadSegment(byte[] input)
    {
        try
        {
            using var file = SegmentFile.Open(_scratch.File("segment.tfs", input), _place, _dayKey);
            for (var chunk = 0L; chunk < file.Pictures.Chunks; chunk++)
            {
                if (!file.Pictures.IsSound(chunk)) return false;
            }

            using var copy = new MemoryStream();
            file.Pictures.CopyTo(copy);
            return copy.ToArray().AsSpan().SequenceEqual(_pictures) ? true : throw new WrongAcceptanceException("a segment that was never recorded opens");
        }
        catch (SegmentStoreException)
        {
            return false;
        }
    }

    private bool ReadList(byte[] input)
    {
        var path = _scratch.File(SegmentList.FileName, input);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var list = SegmentList.Read(Path.GetDirectoryName(path)!, _dayKey);
        if (list.Lines.Count > 2) throw new WrongAcceptanceException("a line that was never written");
        return list.Problems.Count == 0 && list.Lines.Count > 0;
    }

    private static bool ReadMaster(byte[] input)
    {
        if (MasterFile.Parse(input) is not { } file) return false;
        foreach (var slot in file.Slots) _ = slot.Name.Length + slot.Sealed.Length;
        return true;
    }

    private bool ReadKey(byte[] input)
    {
        if (KeyFile.Parse(input) is not { } file) return false;
        using var key = file.Open(_dayKey);
        return key is null || key.Span.SequenceEqual(_dayKey.Span) ? true : throw new WrongAcceptanceException("a key that was never wrapped");
    }

    private static bool ReadShare(byte[] input)
    {
        try
        {
            using var share = KeyShare.Parse(Encoding.UTF8.GetString(input));
            using var again = KeyShare.Parse(share.Write());
            return again.Value.Span.SequenceEqual(share.Value.Span) ? true : throw new WrongAcceptanceException("another share after it was written and read again");
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private byte[] Segment()
    {
        using var key = LockedBytes.Random(KeyWrap.KeyBytes);
        var header = SegmentHeader.Of(_place, new SegmentStart(s_site, s_camera, s_noon, new FrameFormat(640, 360, 10), "0123456789abcdef", "fuzz"), p => KeyWrap.Wrap(_dayKey, p.KeyName, key));
        using var file = new MemoryStream();
        file.Write(header.Write());
        using var writer = new ChunkedWriter(file, ChunkedEncryption.Begin(key, header.Context));
        writer.Begin();
        writer.Write(_pictures);
        writer.End();
        return file.ToArray();
    }

    private byte[] List()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_scratch.Path, "list-seed")).FullName;
        var list = SegmentList.Read(folder, _dayKey);
        var line = new SegmentLine(0, SegmentEvent.Closed, _place.Name, s_noon, s_noon.AddMinutes(1), 600, 0, 20_000, new string('0', 64), false, null, "");
        list.Append(_dayKey, line);
        list.Append(_dayKey, line with { Event = SegmentEvent.Erased, Receipt = "x" });
        return File.ReadAllBytes(Path.Combine(folder, SegmentList.FileName));
    }

    private static byte[] MasterFiles()
    {
        using var master = LockedBytes.Random(KeyWrap.KeyBytes);
        using var credential = new CredentialSecret(RandomNumberGenerator.GetBytes(32));
        var id = KeyWrap.IdOf(master);
        var file = new MasterFile(MasterFile.FormatOfNow, id, 1, s_noon, null, [SlotRequest.Of("unit", credential).Make(master, id, s_noon).Slot, SlotRequest.OfShares("custodians", 2, 3).Make(master, id, s_noon).Slot], []).CheckedWith(master);
        return System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(file, MasterFile.Layout);
    }

    private static string Share()
    {
        using var value = LockedBytes.Random(KeyWrap.KeyBytes);
        using var share = new KeyShare("0a1b2c3d", 2, value);
        return share.Write();
    }

    private static string Hash(byte[] bytes) => Convert.ToHexString(SHA256.HashData(bytes));
}
