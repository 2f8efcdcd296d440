using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.SystemTests.Vault.Segments;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Segments;
using Xunit;

namespace TrafficFlow.SystemTests.Vault.Erasure;

/// <summary>Every byte of a disk (ext4 on a loop device) after each kind of erasure: no key, no wrapped key, no ciphertext, no picture of what was erased; and the scan finds all of it before.</summary>
public sealed partial class DiskImageTests
{
    private static readonly SiteId s_site = new("kokandori");

    [Theory]
    [InlineData("time")]
    [InlineData("day")]
    [InlineData("camera")]
    [InlineData("site")]
    [InlineData("everything")]
    [InlineData("retention")]
    [InlineData("confirm")]
    [InlineData("nothing")]
    public void Nothing_of_what_was_erased_is_anywhere_on_the_disk(string what)
    {
        using var disk = new MountedImage(64);
        var clock = new VaultClock();
        using var vault = new RecordingVault(disk.Folder, "roadside-1", new SegmentStoreOptions { MinFreeBytes = 0 }, () => new MediumFacts("ext4", false, false, "loop device"), clock);
        using var credential = new CredentialSecret(RandomNumberGenerator.GetBytes(32));
        vault.Keys.Create([SlotRequest.Of("unit", credential), SlotRequest.OfShares("custodians", 2, 3)]);
        var erased = new List<(string Name, byte[] Bytes)>();
        foreach (var (camera, hour) in from camera in new[] { "cam1", "cam2" } from hour in new[] { 0, 1, 25 } select (camera, hour)) Record(vault, camera, hour);
        clock.Move(TimeSpan.FromDays(3));
        var day = new DateOnly(2026, 11, 29);
        var scope = what switch
        {
            "time" => new EraseScope(s_site, new CameraId("cam1"), RecordedVault.Noon, RecordedVault.Noon.AddMinutes(10)),
            "day" => new EraseScope(s_site, new CameraId("cam1"), RecordedVault.Noon.AddHours(-12), RecordedVault.Noon.AddHours(12)),
            "camera" => new EraseScope(s_site, new CameraId("cam1")),
            "site" => new EraseScope(s_site),
            _ => EraseScope.All,
        };
        // What has reached its age: of each camera the first hour, and so parts of days.
        List<SegmentPlace> aged = [.. vault.Recorded.List(to: RecordedVault.Noon.AddMinutes(30)).Select(s => s.Place)];
        foreach (var place in what == "retention" ? aged : vault.Recorded.List(scope.Site, scope.Camera, scope.From, scope.To).Select(s => s.Place)) Remember(vault, place, erased);
        // The key of a day of which a part stays is another one afterwards.
        Remember(vault, "cam1", day, erased);
        if (what is "site" or "everything") erased.AddRange(WrappedIn(Path.Combine(vault.Folder, "sites", "kokandori", "site.key")));
        if (what == "everything") erased.AddRange(WrappedIn(Path.Combine(vault.Folder, "master.json")));

        // The keys above are replaced as well, which is what a custodian does who fears for old blocks.
        if (what is not ("everything" or "nothing"))
        {
            // The private halves of the slots stay: what was sealed to them is another master.
            erased.AddRange(WrappedIn(Path.Combine(vault.Folder, "master.json")).Where(w => !w.Name.StartsWith("protected", StringComparison.Ordinal)));
            vault.Keys.RotateMaster();
        }

        var order = new EraseOrder(scope, "test", "tanaka", "account[custodian]:tanaka");
        var receipt = what switch { "nothing" => null, "retention" => vault.EraseSome(order, aged), "confirm" => CarryAndConfirm(vault, clock, erased), _ => vault.Erase(order) };
        Assert.Equal(what switch { "time" => 5, "day" or "retention" => 4, "camera" => 3, "nothing" => 6, _ => 0 }, vault.Recorded.List().Count(s => s.State == SegmentState.Whole));
        Assert.Empty(vault.Keys.State == VaultState.Open ? vault.Recorded.Verify() : []);
        Assert.Equal(receipt is not null, receipt is not null && File.Exists(receipt));

        var image = disk.Content();
        foreach (var (name, bytes) in erased)
        {
            Assert.True(bytes.Length >= 24, name);
            var at = image.AsSpan().IndexOf(bytes);
            // Keys and pictures were never on it; the rest was, which shows that the scan finds what is there.
            if (what != "nothing" || name.StartsWith("never", StringComparison.Ordinal)) Assert.True(at < 0, $"{name} is at byte {at} of the disk");
            else Assert.True(at >= 0, $"{name} is not found before anything was erased");
        }
    }

    /// <summary>To a server and a disk that lie elsewhere.</summary>
    private static string? CarryAndConfirm(RecordingVault vault, VaultClock clock, List<(string Name, byte[] Bytes)> erased)
    {
        using var elsewhere = new Settings.SettingsFolder();
        using var server = new RecordingVault(elsewhere.Path, "server", new SegmentStoreOptions { MinFreeBytes = 0 }, () => new MediumFacts("", null, null, ""), clock);
        using var credential = new CredentialSecret(RandomNumberGenerator.GetBytes(32));
        server.Keys.Create([SlotRequest.Of("unit", credential)]);
        vault.Trusted.Add(server.Identity().Identity, server.Identity().Identity.Fingerprint, "tanaka");
        server.Trusted.Add(vault.Identity().Identity, vault.Identity().Identity.Fingerprint, "suzuki");
        var bundle = vault.PlanExport(EraseScope.All, "server", 64 << 20, clock.GetUtcNow().AddDays(1), "tanaka");
        erased.AddRange(WrappedIn(Path.Combine(vault.Folder, "exports", bundle.Bundle + ".key")));
        var volume = vault.WriteVolume(bundle.Bundle, 1, Directory.CreateDirectory(Path.Combine(elsewhere.Path, "stick")).FullName);
        Assert.Empty(server.Import(volume).Problems);
        return vault.Confirm(File.ReadAllBytes(Path.Combine(volume, "CONFIRMATION")), "tanaka", "x").Receipt;
    }

    private static void Record(RecordingVault vault, string camera, int hour)
    {
        var from = RecordedVault.Noon.AddHours(hour);
        using var writer = vault.Store.Begin(new SegmentStart(s_site, new CameraId(camera), from, new FrameFormat(640, 360, 10), "0123456789abcdef", "built-in 4"));
        writer.Write(RecordedVault.Content(300_000, camera.GetHashCode(StringComparison.Ordinal) + hour));
        writer.Close(new SegmentEnd(from.AddSeconds(60), 600, 0));
    }

    private static void Remember(RecordingVault vault, SegmentPlace place, List<(string, byte[])> erased)
    {
        var file = File.ReadAllBytes(Path.Combine(vault.Keys.FolderOf(place.Site, place.Camera, place.Day), place.Name + ".tfs"));
        erased.Add(($"wrapped key of {place}", file[10..50]));
        for (var at = 400; at + 32 < file.Length; at += 15_000) erased.Add(($"ciphertext of {place} at {at}", file[at..(at + 32)]));
        using var pictures = vault.Recorded.Open(place);
        var clear = new byte[64];
        pictures.ReadExactly(clear);
        erased.Add(($"never in clear: pictures of {place}", clear));
        using var dayKey = vault.Keys.DayKey(place.Site, place.Camera, place.Day, make: false);
        using var key = KeyWrap.Unwrap(dayKey!, place.KeyName, file.AsSpan(10, 40));
        erased.Add(($"never in clear: key of {place}", key!.Span.ToArray()));
    }

    private static void Remember(RecordingVault vault, string camera, DateOnly day, List<(string, byte[])> erased)
    {
        using var key = vault.Keys.DayKey(s_site, new CameraId(camera), day, make: false);
        erased.Add(("never in clear: key of a day", key!.Span.ToArray()));
        erased.Add(("never in clear: key of a day in base 64", Encoding.ASCII.GetBytes(Convert.ToBase64String(key.Span))));
        erased.AddRange(WrappedIn(Path.Combine(vault.Keys.FolderOf(s_site, new CameraId(camera), day), "day.key")));
    }

    /// <summary>All wrapped keys of a key file, as they are written.</summary>
    private static IEnumerable<(string Name, byte[] Bytes)> WrappedIn(string file) =>
        Wrapped().Matches(File.ReadAllText(file)).Select(m => ($"{m.Groups[1].Value} in {Path.GetFileName(file)}", Encoding.ASCII.GetBytes(m.Groups[2].Value)));

    [GeneratedRegex("\"(wrapped|sealed|protected)\": \"([A-Za-z0-9+/=]{24,})\"")]
    private static partial Regex Wrapped();
}
