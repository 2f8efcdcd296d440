using System.Security.Cryptography;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.SystemTests.Vault.Segments;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.HandCarry;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Segments;
using Xunit;

namespace TrafficFlow.SystemTests.Vault;

/// <summary>What was erased at the server comes back with no disk, and the keys of disks that were carried end.</summary>
public sealed class CarriedKeysTests : IDisposable
{
    private const int Segments = 6;

    private static readonly SiteId s_site = new("kokandori");

    private readonly SettingsFolder _folder = new();
    private readonly VaultClock _clock = new();
    private readonly CredentialSecret _credential = new(RandomNumberGenerator.GetBytes(32));
    private readonly RecordingVault _roadside;
    private RecordingVault _server;

    public CarriedKeysTests()
    {
        (_roadside, _server) = (Vault("roadside"), Vault("server"));
        foreach (var vault in new[] { _roadside, _server }) vault.Keys.Create([SlotRequest.Of("unit", _credential)]);
        _roadside.Trusted.Add(_server.Identity().Identity, _server.Identity().Identity.Fingerprint, "tanaka");
        _server.Trusted.Add(_roadside.Identity().Identity, _roadside.Identity().Identity.Fingerprint, "suzuki");
        for (var i = 0; i < Segments; i++) Record(i);
        _clock.Move(TimeSpan.FromDays(5));
        Directory.CreateDirectory(Disk);
    }

    private string Disk => Path.Combine(_folder.Path, "disk");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_the_server_has_erased_comes_back_with_no_bundle(bool wholeCamera)
    {
        var first = Carry();
        Assert.Equal(Segments, _server.Import(first).TakenIn);
        var gone = _server.Recorded.List(s_site, new CameraId("cam1")).ToList();
        _server.Erase(Order(wholeCamera ? new EraseScope(s_site, new CameraId("cam1")) : new EraseScope(s_site, new CameraId("cam1"), gone[0].From, gone[^1].From.AddSeconds(1))));
        Restart();

        // The confirmation never came back: the roadside gives the bundle up, and carries the same with another one.
        var old = Directory.EnumerateFiles(first).ToDictionary(f => f, File.ReadAllBytes);
        _roadside.CancelExport(Path.GetFileName(first)["trafficflow-".Length..^2]);
        var second = _server.Import(Carry());

        Assert.Equal((0, Segments - gone.Count, gone.Count), (second.TakenIn, second.Before, second.Gone));
        Assert.Empty(second.Problems);
        Assert.Empty(Kept("cam1"));

        // And the first disk once more, as it was.
        foreach (var (path, content) in old) File.WriteAllBytes(path, content);
        var third = _server.Import(first);
        Assert.Equal((0, gone.Count), (third.TakenIn, third.Gone));
        Assert.Empty(Kept("cam1"));
        Assert.Empty(_server.Recorded.Verify());
    }

    [Fact]
    public void Another_segment_of_an_erased_ones_name_is_neither_taken_in_nor_confirmed()
    {
        var segment = _roadside.Recorded.List().First();
        var tombstones = new Tombstones(_server.Keys);
        tombstones.Add(tombstones.Of([(segment.Place, new string('0', 64))]));
        Assert.Equal(WasErased.Another, tombstones.Ask(segment.Place, segment.Commitment));
        Assert.Equal(WasErased.This, tombstones.Ask(segment.Place, new string('0', 64)));
        Assert.Equal(WasErased.No, tombstones.Ask(segment.Place with { Name = segment.Place.Name + "-2" }, segment.Commitment));

        var outcome = _server.Import(Carry());

        Assert.Contains("none of its name comes back", Assert.Single(outcome.Problems));
        Assert.DoesNotContain(outcome.Confirmation.Segments, s => s.Segment == segment.Place.ToString());
    }

    [Fact]
    public void Tombstones_tell_nothing_are_32_bytes_each_and_cannot_be_taken_away()
    {
        _server.Import(Carry());
        _server.Erase(Order(new EraseScope(s_site)));
        var list = Assert.Single(Directory.EnumerateFiles(Path.Combine(_server.Folder, "erased"), "*.list"));
        Assert.Equal(Segments * Tombstones.Bytes, new FileInfo(list).Length);
        Assert.True(File.ReadAllBytes(list).AsSpan().IndexOf("kokandori"u8) < 0);

        // A rotation keeps them; without them no bundle is taken in.
        _server.Keys.RotateMaster();
        Assert.Equal(Segments, _server.Import(Directory.GetDirectories(Disk)[0]).Gone);
        var key = Path.Combine(_server.Folder, "erased.key");
        var (content, aside) = (File.ReadAllBytes(list), File.ReadAllBytes(key));
        File.Delete(list);
        Restart();
        Assert.Contains("is gone", Assert.Throws<VaultFileException>(() => _server.Import(Directory.GetDirectories(Disk)[0])).Message);
        Write(list, content);
        // Nor without their key, for a new one would know none of them.
        File.Delete(key);
        Restart();
        Assert.Contains("erased.key is gone", Assert.Throws<VaultFileException>(() => _server.Import(Directory.GetDirectories(Disk)[0])).Message);
        Assert.False(File.Exists(key));
        Write(key, aside);
        Assert.Equal(Segments, _server.Import(Directory.GetDirectories(Disk)[0]).Gone);

        File.Delete(key);
        Assert.Equal("erased/2026-11.list", Assert.Single(_server.RenewRegisters()));
        Assert.Equal(Segments, _server.Import(Directory.GetDirectories(Disk)[0]).TakenIn);
    }

    [Fact]
    public void What_the_server_lost_and_never_erased_is_taken_in_again()
    {
        var folder = Carry();
        _server.Import(folder);
        Directory.Delete(Path.Combine(_server.Folder, "sites", "kokandori", "cam1"), recursive: true);
        Assert.Equal(Segments / 2, _server.Import(folder).TakenIn);
    }

    [Fact]
    public void The_import_key_is_renewed_with_each_bundle_and_the_old_one_ends()
    {
        var fingerprint = _server.Identity().Identity.Fingerprint;
        var id = _server.Identity().Identity.Id;
        var first = Carry();
        var old = File.ReadAllBytes(Path.Combine(_server.Folder, "import.key"));
        var before = Directory.EnumerateFiles(first).ToDictionary(f => f, File.ReadAllBytes);
        _server.Import(first);
        Assert.NotEqual(fingerprint, _server.Identity().Identity.Fingerprint);
        Assert.Equal(id, _server.Identity().Identity.Id);

        // A second volume of it, and a bundle that was under way, still open with the key before.
        Assert.Equal(Segments, _server.Import(first).Before);
        _roadside.Confirm(File.ReadAllBytes(Path.Combine(first, "CONFIRMATION")), "tanaka", "x");
        Assert.Equal(_server.Identity().Identity.ImportKey, _roadside.Trusted.All.Single().Identity.ImportKey);

        // The next one is sealed to the new key.
        Record(Segments);
        var second = Carry();
        Assert.Equal(1, _server.Import(second).TakenIn);
        Assert.Equal(2, Directory.EnumerateFiles(_server.Folder, "import-*.key").Count());

        // Later the keys before are destroyed, and the disk with an old copy of the key file opens nothing.
        _clock.Move(VaultKeys.RetiredFor + TimeSpan.FromDays(1));
        _server.Keys.RotateMaster();
        Restart();
        Assert.Empty(Directory.EnumerateFiles(_server.Folder, "import-*.key"));
        foreach (var (path, content) in before) File.WriteAllBytes(path, content);
        Assert.Contains("opens with no import key", Assert.Throws<HandCarryException>(() => _server.Import(first)).Message);
        File.WriteAllBytes(Path.Combine(_server.Folder, "import.key"), old);
        Assert.Contains("was wrapped by master", Assert.Throws<VaultKeyException>(() => _server.Import(first)).Message);
    }

    [Fact]
    public void A_confirmation_names_no_new_key_unless_its_writer_could_open_the_bundle()
    {
        var folder = Carry();
        var outcome = _server.Import(folder);
        using var theirs = SealedBox.CreatePrivateKey();
        using var signature = AuditKey.LoadOrCreate(new AuditPlace(Path.Combine(_folder.Path, "server")).Key, out _);
        var forged = (outcome.Confirmation with { NextImportKey = SealedBox.PublicKeyOf(theirs) }).Write(signature);

        Assert.Contains("does not prove", Assert.Throws<HandCarryException>(() => _roadside.Confirm(forged, "tanaka", "x")).Message);
        Assert.Equal(Segments, _roadside.Recorded.List().Count(s => s.State == SegmentState.Whole));
    }

    [Fact]
    public void A_bundle_keeps_its_key_when_the_master_is_rotated()
    {
        var bundle = Plan();
        _roadside.Keys.RotateMaster();
        var folder = _roadside.WriteVolume(bundle.Bundle, 1, Disk);
        _roadside.Keys.RotateMaster();
        Assert.Equal(Segments, _server.Import(folder).TakenIn);
        Assert.Equal(Segments, _roadside.Confirm(File.ReadAllBytes(Path.Combine(folder, "CONFIRMATION")), "tanaka", "x").Erased);
        Assert.Empty(_roadside.Keys.Prove(_credential));
    }

    [Theory]
    [InlineData("trusted.json")]
    [InlineData("export")]
    public void A_vault_that_was_made_trusted_or_a_bundle_that_was_made_for_it_by_hand_gets_nothing(string what)
    {
        using var thief = Vault("thief");
        thief.Keys.Create([SlotRequest.Of("unit", _credential)]);
        var (name, bundle) = (Path.Combine(_roadside.Folder, "trusted.json"), Plan());
        if (what == "export") name = Path.Combine(_roadside.Folder, "exports", bundle.Bundle + ".json");
        var identity = thief.Identity().Identity;
        File.WriteAllText(name, File.ReadAllText(name).Replace(Convert.ToBase64String(_server.Identity().Identity.ImportKey), Convert.ToBase64String(identity.ImportKey), StringComparison.Ordinal)
            .Replace(bundle.To, identity.Id, StringComparison.Ordinal));

        Assert.Contains(name, Assert.ThrowsAny<Exception>(() => what == "export" ? _roadside.WriteVolume(bundle.Bundle, 1, Disk) : Plan().Bundle).Message);
        Assert.Empty(Directory.EnumerateFiles(Disk, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void Receipts_of_what_was_chosen_say_exactly_what()
    {
        var folder = Carry();
        _server.Import(folder);
        var held = _roadside.Recorded.List(s_site, new CameraId("cam1")).ElementAt(1);
        _roadside.Holds.Add(new EraseScope(s_site, held.Place.Camera, held.From, held.From.AddSeconds(1)), "police", "tanaka", _clock.GetUtcNow().AddDays(9));
        var before = _roadside.Recorded.List().ToList();
        var (_, erased, receipt) = _roadside.Confirm(File.ReadAllBytes(Path.Combine(folder, "CONFIRMATION")), "tanaka", "x");

        Assert.Equal(Segments - 1, erased);
        var said = ReceiptFile.Verify(File.ReadAllBytes(receipt!), AuditPublicKeys.Parse(_roadside.Identity().Identity.SigningKey));
        Assert.Equal(s_site, said.Order.Scope.Site);
        Assert.Equal((before.Min(s => s.From), before.Max(s => s.To)), (said.Order.Scope.From, said.Order.Scope.To));
        Assert.DoesNotContain(said.Order.Parts!, p => p.Meets(new EraseScope(s_site, held.Place.Camera, held.From, held.To)));
        Assert.All(before.Where(s => s.Place != held.Place), s => Assert.Single(said.Order.Parts!, p => p.Camera == s.Place.Camera && p.From <= s.From && p.To >= s.To));
        Assert.All(said.Order.Parts!, p => Assert.True(p is { Site: not null, Camera: not null, From: not null, To: not null }));
        Assert.Equal(Segments - 1, said.Segments.Count + said.Days.Sum(d => d.Count));
        Assert.All(said.Days, d => Assert.True(d is { From: not null, To: not null, Digest.Length: 64 }));
    }

    public void Dispose()
    {
        _roadside.Dispose();
        _server.Dispose();
        _credential.Dispose();
        _folder.Dispose();
    }

    private static void Write(string path, byte[] content)
    {
        File.WriteAllBytes(path, content);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private void Restart()
    {
        _server.Dispose();
        _server = Vault("server");
        _server.Unlock(_credential);
    }

    private List<RecordedSegment> Kept(string camera) => [.. _server.Recorded.List(s_site, new CameraId(camera)).Where(s => s.State is SegmentState.Whole or SegmentState.Cut)];

    private RecordingVault Vault(string name)
    {
        var data = Path.Combine(_folder.Path, name);
        Directory.CreateDirectory(data);
        return new RecordingVault(data, name, new SegmentStoreOptions { MinFreeBytes = 0 }, () => new MediumFacts("ext4", false, null, "test"), _clock);
    }

    private void Record(int index)
    {
        var from = RecordedVault.Noon.AddHours(index);
        using var writer = _roadside.Store.Begin(new SegmentStart(s_site, new CameraId(index % 2 == 0 ? "cam1" : "cam2"), from, new FrameFormat(640, 360, 10), "0123456789abcdef", "built-in 4"));
        writer.Write(RecordedVault.Content(30_000, index));
        writer.Close(new SegmentEnd(from.AddSeconds(60), 600, 0));
    }

    private BundleRecord Plan() => _roadside.PlanExport(new EraseScope(s_site), "server", 64 << 20, _clock.GetUtcNow().AddDays(30), "tanaka");

    private string Carry() => _roadside.WriteVolume(Plan().Bundle, 1, Disk);

    private static EraseOrder Order(EraseScope scope) => new(scope, "test", "suzuki", "account[custodian]:suzuki");
}
