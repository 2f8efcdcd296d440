using System.Security.Cryptography;
using TrafficFlow.Core.Privacy;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.SystemTests.Vault.Segments;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.HandCarry;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Vault.Segments;
using Xunit;

namespace TrafficFlow.SystemTests.Vault;

/// <summary>Recordings that somebody carries from a roadside to a server: nothing lost, nothing doubled, nothing erased that was not taken in.</summary>
public sealed class HandCarryTests : IDisposable
{
    private const int Segments = 12;
    private const int Large = 70_000;

    private readonly SettingsFolder _folder = new();
    private readonly VaultClock _clock = new();
    private readonly RecordingVault _roadside;
    private readonly RecordingVault _server;
    private readonly List<byte[]> _contents = [];
    private IReadOnlyList<Site> _sites = [];

    public HandCarryTests()
    {
        _roadside = Vault("roadside");
        _server = Vault("server");
        _roadside.Trusted.Add(_server.Identity().Identity, _server.Identity().Identity.Fingerprint, "tanaka");
        _server.Trusted.Add(VaultIdentity.Read(_roadside.Identity().File), _roadside.Identity().Identity.Fingerprint.ToUpperInvariant(), "suzuki");
        for (var i = 0; i < Segments; i++) Record(i);
        _clock.Move(TimeSpan.FromDays(5));
        Directory.CreateDirectory(Disk);
    }

    private string Disk => Path.Combine(_folder.Path, "disk");

    [Fact]
    public void What_is_carried_confirmed_and_erased_is_at_the_server_once_and_nowhere_else()
    {
        var before = Read(_roadside);
        var bundle = Plan(Size(5));
        Assert.Equal(3, bundle.Volumes.Count);
        foreach (var volume in bundle.Volumes) _roadside.WriteVolume(bundle.Bundle, volume.Number, Disk);
        Assert.Equal(Segments, Read(_roadside).Count);

        // The last volume first.
        foreach (var folder in Directory.EnumerateDirectories(Disk).OrderDescending())
        {
            var outcome = _server.Import(folder);
            Assert.Empty(outcome.Problems);
            Assert.Equal(outcome.Manifest.Segments.Count, outcome.TakenIn);
        }

        Assert.Equal(before, Read(_server));
        Assert.Empty(_server.Recorded.Verify());
        var erased = 0;
        foreach (var folder in Directory.EnumerateDirectories(Disk)) erased += _roadside.Confirm(File.ReadAllBytes(Path.Combine(folder, "CONFIRMATION")), "tanaka", "account[custodian]:tanaka").Erased;

        Assert.Equal(Segments, erased);
        Assert.Empty(Read(_roadside));
        Assert.Empty(_roadside.Recorded.Verify());
        Assert.True(Assert.Single(_roadside.Exports).IsEnded);
        Assert.Equal(before, Read(_server));
        Assert.Null(Assert.Single(_roadside.Copies.All).Ended);
        Assert.Equal(3, _roadside.Receipts.Count);
    }

    [Fact]
    public void Nothing_on_the_disk_is_in_clear_and_nobody_else_opens_it()
    {
        var folder = Written(Plan());
        foreach (var file in Directory.EnumerateFiles(folder)) Assert.True(File.ReadAllBytes(file).AsSpan().IndexOf(_contents[0].AsSpan(100, 64)) < 0);

        using var other = Vault("other");
        other.Trusted.Add(_roadside.Identity().Identity, _roadside.Identity().Identity.Fingerprint, "x");
        Assert.Contains("nobody else can open it", Assert.Throws<HandCarryException>(() => other.Import(folder)).Message);
        using var stranger = Vault("stranger");
        Assert.Contains("not trusted here", Assert.Throws<HandCarryException>(() => stranger.Import(folder)).Message);
    }

    [Fact]
    public void A_volume_that_comes_twice_adds_nothing_and_what_was_erased_since_stays_erased()
    {
        var bundle = Plan();
        var folder = Written(bundle);
        Assert.Equal(Segments, _server.Import(folder).TakenIn);
        var again = _server.Import(folder);
        Assert.Equal((0, Segments, 0), (again.TakenIn, again.Before, again.Gone));

        // One segment, and a day as a whole, of which the vault keeps no list any more.
        var all = _server.Recorded.List().ToList();
        _server.Erase(Order(new EraseScope(all[0].Place.Site, all[0].Place.Camera, all[0].From, all[0].From.AddSeconds(1))));
        _server.Erase(Order(new EraseScope(all[^1].Place.Site, all[^1].Place.Camera)));
        var left = Read(_server);
        Assert.True(left.Count < Segments - 1);

        var third = _server.Import(folder);
        Assert.Equal((0, left.Count, Segments - left.Count), (third.TakenIn, third.Before, third.Gone));
        Assert.Equal(left, Read(_server));
        Assert.Equal(Segments, third.Confirmation.Segments.Count);
    }

    [Fact]
    public void What_an_import_that_was_cut_had_taken_in_stays_erased_and_the_rest_comes_in()
    {
        var folder = Written(Plan());
        var files = Directory.EnumerateFiles(folder, "*.tfs").Order().ToList();
        var aside = files.Skip(6).ToDictionary(f => f, File.ReadAllBytes);
        foreach (var file in aside.Keys) File.Delete(file);
        Assert.Equal(6, _server.Import(folder).TakenIn);
        // As after a kill: no confirmation was written.
        foreach (var confirmation in Directory.EnumerateFiles(Path.Combine(_server.Folder, "imports"), "*.confirmation")) File.Delete(confirmation);
        foreach (var (path, content) in aside) File.WriteAllBytes(path, content);
        // The whole camera: the vault keeps no list of it.
        _server.Erase(Order(new EraseScope(new SiteId("kokandori"), new CameraId("cam1"))));

        var outcome = _server.Import(folder);

        Assert.Equal((Segments - 6, 0, 6), (outcome.TakenIn, outcome.Before, outcome.Gone));
        Assert.Equal(Segments, outcome.Confirmation.Segments.Count);
        Assert.Equal(Segments - 6, Read(_server).Count);
    }

    [Fact]
    public void A_volume_that_was_cut_is_refused_and_written_to_its_end_by_the_same_command()
    {
        var bundle = Plan();
        var folder = Written(bundle);
        var files = Directory.EnumerateFiles(folder, "*.tfs").Order().ToList();
        var kept = File.GetLastWriteTimeUtc(files[0]);
        // As after a disk that was taken away: no manifest, a file missing, one cut, one damaged.
        File.Delete(Path.Combine(folder, "MANIFEST"));
        File.Delete(files[3]);
        using (var cut = new FileStream(files[4], FileMode.Open)) cut.SetLength(5000);
        var damaged = File.ReadAllBytes(files[5]);
        damaged[^2000] ^= 1;
        File.WriteAllBytes(files[5], damaged);
        Assert.Contains("not written to its end", Assert.Throws<HandCarryException>(() => _server.Import(folder)).Message);

        _roadside.WriteVolume(bundle.Bundle, 1, Disk);

        Assert.Equal(kept, File.GetLastWriteTimeUtc(files[0]));
        Assert.Equal(Segments, _server.Import(folder).TakenIn);
        Assert.Equal(Read(_roadside), Read(_server));
    }

    [Fact]
    public void What_was_damaged_on_the_way_is_not_confirmed_and_stays_at_the_roadside()
    {
        var bundle = Plan();
        var folder = Written(bundle);
        var files = Directory.EnumerateFiles(folder, "*.tfs").Order().ToList();
        var damaged = File.ReadAllBytes(files[2]);
        damaged[^3000] ^= 1;
        File.WriteAllBytes(files[2], damaged);
        File.Delete(files[7]);

        var outcome = _server.Import(folder);
        Assert.Equal((Segments - 2, 2), (outcome.TakenIn, outcome.Problems.Count));
        Assert.Contains("checksum differs", outcome.Problems[0]);
        var (_, erased, _) = Confirm(folder);

        Assert.Equal(Segments - 2, erased);
        Assert.Equal(2, Read(_roadside).Count);
        // And is carried with the next bundle.
        var next = Plan();
        Assert.Equal(2, next.Volumes.Single().Segments.Count);
        var second = Written(next);
        Assert.Equal(2, _server.Import(second).TakenIn);
        Assert.Equal(2, Confirm(second).Erased);
        Assert.Equal(Segments, Read(_server).Count);
        Assert.Empty(Read(_roadside));
    }

    [Fact]
    public void A_confirmation_erases_nothing_but_the_very_files_that_were_taken_in_and_nothing_that_is_held()
    {
        var bundle = Plan();
        var folder = Written(bundle);
        _server.Import(folder);
        var file = File.ReadAllBytes(Path.Combine(folder, "CONFIRMATION"));
        var first = _roadside.Recorded.List().First();
        _roadside.Holds.Add(new EraseScope(first.Place.Site, first.Place.Camera, first.From, first.From.AddSeconds(1)), "police 4711", "tanaka", _clock.GetUtcNow().AddDays(10));

        for (var at = 0; at < file.Length; at += 11)
        {
            file[at] ^= 4;
            Assert.ThrowsAny<Exception>(() => _roadside.Confirm(file, "tanaka", "x"));
            file[at] ^= 4;
        }

        // By a vault that is not trusted.
        using var other = Vault("other");
        Assert.Throws<FormatException>(() => other.Confirm(file, "tanaka", "x"));
        Assert.Equal(Segments, Read(_roadside).Count);

        Record(Segments);
        _roadside.Confirm(file, "tanaka", "x");
        Assert.Equal([first.Place.ToString(), _roadside.Recorded.List().Last(s => s.State == SegmentState.Whole).Place.ToString()], Read(_roadside).Keys.Order());
        // What is held is asked for again, and stays.
        _roadside.Confirm(file, "tanaka", "x");
        Assert.Equal(2, Read(_roadside).Count);
    }

    [Fact]
    public void What_has_rotted_at_the_server_is_not_confirmed_when_its_volume_comes_again()
    {
        var folder = Written(Plan());
        _server.Import(folder);
        var rotten = Directory.GetFiles(_server.Folder, "*.tfs", SearchOption.AllDirectories).Order().First();
        var bytes = File.ReadAllBytes(rotten);
        bytes[^4000] ^= 1;
        File.WriteAllBytes(rotten, bytes);

        var again = _server.Import(folder);

        Assert.Contains("is damaged here", Assert.Single(again.Problems));
        Assert.Equal(Segments - 1, again.Confirmation.Segments.Count);
        Assert.Equal(Segments - 1, _roadside.Confirm(File.ReadAllBytes(Path.Combine(folder, "CONFIRMATION")), "tanaka", "x").Erased);
        Assert.Single(Read(_roadside));
    }

    [Fact]
    public void A_bundle_that_is_on_its_way_is_not_carried_twice_and_can_be_given_up()
    {
        Assert.Contains("fits on no volume", Assert.Throws<HandCarryException>(() => _roadside.PlanExport(new EraseScope(new SiteId("kokandori")), "server", 1000, _clock.GetUtcNow().AddDays(1), "tanaka")).Message);
        var bundle = Plan();
        Assert.Contains("on their way already", Assert.Throws<HandCarryException>(() => Plan()).Message);
        _roadside.CancelExport(bundle.Bundle);
        Assert.Equal(Segments, Plan().Volumes.Single().Segments.Count);
        Assert.Throws<HandCarryException>(() => _roadside.WriteVolume(bundle.Bundle, 1, Disk));
        Assert.Throws<HandCarryException>(() => _roadside.WriteVolume("../../x", 1, Disk));
        Assert.Throws<HandCarryException>(() => _roadside.PlanExport(EraseScope.All, "nobody", Size(100), _clock.GetUtcNow().AddDays(1), "tanaka"));
    }

    [Fact]
    public async Task Of_a_site_whose_experiment_was_ended_nothing_is_taken_in_or_carried_any_more()
    {
        var folder = Written(Plan());
        var anna = new RegisterAuthor("anna", "account[custodian]:anna");
        await _server.Ends.BeginAsync(new SiteId("kokandori"), "over", anna, null);

        var outcome = _server.Import(folder);

        Assert.Equal((0, Segments), (outcome.TakenIn, outcome.Problems.Count));
        Assert.All(outcome.Problems, p => Assert.Contains("destroy the disk", p));
        Assert.Empty(Read(_server));
        Assert.Equal(0, Confirm(folder).Erased);
        Assert.Equal(Segments, Read(_roadside).Count);

        // What was not confirmed is carried with the next bundle, unless it was ended here too.
        var next = Plan();
        await _roadside.Ends.BeginAsync(null, "over", anna, null);
        Assert.Empty(Directory.EnumerateFiles(_roadside.WriteVolume(next.Bundle, 1, Disk), "*.tfs"));
        _roadside.CancelExport(next.Bundle);
        Assert.Contains("was ended on", Assert.Throws<HandCarryException>(() => Plan()).Message);
    }

    [Fact]
    public void A_disk_that_is_not_there_and_a_rotation_on_the_way_are_told()
    {
        var bundle = Plan();
        Assert.Contains("is the disk there", Assert.Throws<HandCarryException>(() => _roadside.WriteVolume(bundle.Bundle, 1, Path.Combine(_folder.Path, "nowhere"))).Message);
        var folder = Written(bundle);
        _server.Keys.RotateMaster();
        Assert.Equal(Segments, _server.Import(folder).TakenIn);
        _roadside.Keys.RotateMaster();
        Assert.Equal(Segments, Confirm(folder).Erased);
    }

    [Fact]
    public void Each_bundle_says_how_high_plates_and_faces_can_be_in_the_pictures_that_it_carries()
    {
        var site = SiteSettings.Load(Path.Combine(SharedFiles.Repository, "hocon", "sites", "kokandori.conf")).Site;
        var camera = site.Cameras.First(c => c.Id.Value == "cam1");
        // As it was recorded, and not the size of now.
        _sites = [site with { Hash = "fedcba9876543210", Cameras = [camera with { Frame = new FrameFormat(1920, 1080, 10) }] }];
        var expected = PictureCheck.Of(camera with { Frame = new FrameFormat(640, 360, 10) });
        var bundle = Plan();

        var manifest = _server.Import(Written(bundle)).Manifest;

        Assert.Equal(["kokandori/cam1", "kokandori/cam_2"], manifest.Heights!.Select(h => $"{h.Site}/{h.Camera}"));
        Assert.Equal(new CarriedHeights(new SiteId("kokandori"), new CameraId("cam1"), 640, 360, expected.Plate, expected.Face, null, "fedcba9876543210", Segments / 2, Segments / 2), manifest.Heights![0]);
        Assert.Contains("has no camera cam_2 any more", manifest.Heights[1].WhyUnknown);
        Assert.Matches(@"^kokandori/cam1, 640x360: figures of plates at most [0-9.]+ px, faces [0-9.]+ px; 6 of 6 segments were recorded by another configuration", manifest.Heights[0].ToString());
        Assert.Equal(manifest.Heights, Assert.Single(_roadside.Exports).Volumes[0].Heights);
    }

    [Fact]
    public void A_bundle_of_a_version_that_said_nothing_of_heights_is_taken_in_and_one_whose_figure_was_changed_is_not()
    {
        _sites = [SiteSettings.Load(Path.Combine(SharedFiles.Repository, "hocon", "sites", "kokandori.conf")).Site];
        var folder = Written(Plan());
        var path = Path.Combine(folder, BundleManifest.FileName);
        var now = File.ReadAllText(path);
        Assert.Contains("plate_pixels", now);
        File.WriteAllText(path, now.Replace("\"plate_pixels\": ", "\"plate_pixels\": 0", StringComparison.Ordinal));
        Assert.Throws<HandCarryException>(() => _server.Import(folder));

        // As it was written before: the same text without the figures, signed.
        using (var key = AuditKey.LoadOrCreate(new AuditPlace(Path.Combine(_folder.Path, "roadside")).Key, out _))
        {
            var text = System.Text.Json.Nodes.JsonNode.Parse(SignedDocument.Unverified("BUNDLE MANIFEST", System.Text.Encoding.UTF8.GetBytes(now)))!.AsObject();
            Assert.True(text.Remove("heights"));
            File.WriteAllBytes(path, SignedDocument.Write("BUNDLE MANIFEST", System.Text.Encoding.UTF8.GetBytes(text.ToJsonString()), key));
        }

        var outcome = _server.Import(folder);
        Assert.Equal((Segments, null), (outcome.TakenIn, outcome.Manifest.Heights));
    }

    [Theory]
    [InlineData(double.PositiveInfinity, 4.0, true)]
    [InlineData(-1.0, 4.0, false)]
    [InlineData(double.NaN, 4.0, false)]
    public void A_height_without_bound_crosses_in_a_manifest_and_one_that_cannot_be_does_not(double plate, double face, bool isSound)
    {
        var manifest = new BundleManifest(BundleManifest.FormatOfNow, "20270331T090000Z-1a2b3c4d", 1, 1, "a", "b", "node", _clock.GetUtcNow(), "x", new byte[KeyWrap.KeyBytes + SealedBox.Overhead], [], [new CarriedHeights(new SiteId("s"), new CameraId("c"), 640, 360, plate, face, null, "h", 1, 0)]);
        var text = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(manifest, VaultRegister<CopyEntry>.Layout);
        if (isSound) Assert.Equal(manifest.Heights, BundleManifest.Parse(text).Heights);
        else Assert.Throws<FormatException>(() => BundleManifest.Parse(text));
    }

    [Fact]
    public void An_identity_with_another_fingerprint_is_not_trusted()
    {
        using var other = Vault("other");
        var (file, identity) = other.Identity();
        Assert.Contains("another vault's", Assert.Throws<FormatException>(() => _server.Trusted.Add(identity, _roadside.Identity().Identity.Fingerprint, "x")).Message);
        for (var at = 0; at < file.Length; at++)
        {
            file[at] ^= 1;
            Assert.Throws<FormatException>(() => VaultIdentity.Read(file));
            file[at] ^= 1;
        }

        Assert.Equal(identity.Fingerprint, VaultIdentity.Read(file).Fingerprint);
        _server.Trusted.End(_roadside.Identity().Identity.Fingerprint);
        Assert.Contains("not trusted here", Assert.Throws<HandCarryException>(() => _server.Import(Written(Plan()))).Message);
    }

    public void Dispose()
    {
        _roadside.Dispose();
        _server.Dispose();
        _folder.Dispose();
    }

    private RecordingVault Vault(string name)
    {
        var data = Path.Combine(_folder.Path, name);
        Directory.CreateDirectory(data);
        var vault = new RecordingVault(data, name, new SegmentStoreOptions { MinFreeBytes = 0 }, () => new MediumFacts("ext4", false, null, "test"), _clock) { SiteOf = id => _sites.FirstOrDefault(s => s.Id == id) };
        using var credential = new CredentialSecret(RandomNumberGenerator.GetBytes(32));
        vault.Keys.Create([SlotRequest.Of("unit", credential)]);
        return vault;
    }

    private void Record(int index)
    {
        var content = RecordedVault.Content(Large + index, index);
        _contents.Add(content);
        var from = RecordedVault.Noon.AddHours(5 * index);
        using var writer = _roadside.Store.Begin(new SegmentStart(new SiteId("kokandori"), new CameraId(index % 2 == 0 ? "cam1" : "cam_2"), from, new FrameFormat(640, 360, 10), "0123456789abcdef", "built-in 4"));
        writer.Write(content);
        writer.Close(new SegmentEnd(from.AddSeconds(60), 600, 0));
    }

    private static long Size(int segments) => (16 << 20) + (segments * (Large + 70_000L));

    private BundleRecord Plan(long? bytes = null) => _roadside.PlanExport(new EraseScope(new SiteId("kokandori")), "server", bytes ?? Size(100), _clock.GetUtcNow().AddDays(30), "tanaka");

    private string Written(BundleRecord bundle) => _roadside.WriteVolume(bundle.Bundle, 1, Disk);

    private (ImportConfirmation, int Erased, string?) Confirm(string folder) => _roadside.Confirm(File.ReadAllBytes(Path.Combine(folder, "CONFIRMATION")), "tanaka", "account[custodian]:tanaka");

    private static EraseOrder Order(EraseScope scope) => new(scope, "test", "suzuki", "account[custodian]:suzuki");

    /// <returns>Each segment that opens, with a hash of its pictures.</returns>
    private static SortedDictionary<string, string> Read(RecordingVault vault)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var segment in vault.Recorded.List().Where(s => s.State is SegmentState.Whole or SegmentState.Cut))
        {
            using var pictures = vault.Recorded.Open(segment.Place);
            all.Add(segment.Place.ToString(), Convert.ToHexString(SHA256.HashData(pictures)));
        }

        return all;
    }
}
