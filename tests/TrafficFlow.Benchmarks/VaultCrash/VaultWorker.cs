using System.Globalization;
using System.Security.Cryptography;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.HandCarry;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Segments;

namespace TrafficFlow.Benchmarks.VaultCrash;

/// <summary>
/// The process that is killed: records, rotates, erases, exports, imports and confirms at random, in the folders roadside, server and disk, and ends a third vault again and again; says on standard output what it begins and what has
/// returned.
/// </summary>
internal static class VaultWorker
{
    public const string Verb = "vault-worker";
    public const string Roadside = "roadside";
    public const string Server = "server";
    public const string Disk = "disk";

    /// <summary>A vault that is erased as a whole, with its master, and made anew.</summary>
    public const string Ending = "ending";

    private static readonly SiteId s_site = new("kokandori");
    private static readonly DateTimeOffset s_begin = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    public static byte[] Credential { get; } = SHA256.HashData("a credential of a benchmark"u8);

    public static RecordingVault Open(string folder, string name) =>
        new(Path.Combine(folder, name), name, new SegmentStoreOptions { MinFreeBytes = 0 }, () => new MediumFacts("ext4", null, null, "benchmark"), new WorkerClock(() => s_begin.AddDays(20)));

    /// <summary>Two vaults that trust each other.</summary>
    public static void Create(string folder)
    {
        foreach (var name in new[] { Roadside, Server, Disk, Path.Combine(Ending, RecordingVault.FolderName) }) Directory.CreateDirectory(Path.Combine(folder, name));
        using var secret = new CredentialSecret(Credential);
        using var roadside = Open(folder, Roadside);
        using var server = Open(folder, Server);
        foreach (var vault in new[] { roadside, server }) vault.Keys.Create([SlotRequest.Of("unit", secret)]);
        roadside.Trusted.Add(server.Identity().Identity, server.Identity().Identity.Fingerprint, "benchmark");
        server.Trusted.Add(roadside.Identity().Identity, roadside.Identity().Identity.Fingerprint, "benchmark");
    }

    public static int Run(string folder, int seed)
    {
        var random = new Random(seed);
        using var secret = new CredentialSecret(Credential);
        using var roadside = Open(folder, Roadside);
        using var server = Open(folder, Server);
        using var ending = Open(folder, Ending);
        roadside.Unlock(secret);
        server.Unlock(secret);
        if (ending.Keys.State == VaultState.Locked) ending.Unlock(secret);
        else ending.Resume();
        Say("ready");
        for (var step = 0; ; step++)
        {
            switch (random.Next(23))
            {
                case < 11:
                    Record(roadside, random);
                    break;
                case 11:
                    if (random.Next(2) == 0) roadside.Keys.RotateMaster();
                    else if (roadside.Keys.Sites.Contains(s_site)) roadside.Keys.RotateSite(s_site);
                    break;
                case 12 or 13:
                    Erase(roadside, Roadside, random);
                    break;
                case 14:
                    Erase(server, Server, random);
                    break;
                case 15 or 16:
                    Export(roadside, Path.Combine(folder, Disk));
                    break;
                case 17:
                    Import(server, Path.Combine(folder, Disk), random);
                    break;
                case >= 20:
                    End(ending, secret, random);
                    break;
                default:
                    Confirm(roadside, Path.Combine(folder, Disk), random);
                    break;
            }
        }
    }

    /// <summary>SHA-256 of a segment's pictures, hexadecimal; of what opens.</summary>
    public static string HashOf(RecordingVault vault, SegmentPlace place)
    {
        using var pictures = vault.Recorded.Open(place);
        return Convert.ToHexStringLower(SHA256.HashData(pictures));
    }

    private static void Record(RecordingVault vault, Random random)
    {
        var from = s_begin.AddDays(random.Next(4)).AddSeconds(random.Next(86_000)).AddMilliseconds(random.Next(1000));
        var camera = new CameraId(random.Next(2) == 0 ? "cam1" : "cam2");
        var content = new byte[random.Next(60_000)];
        random.NextBytes(content);
        using var writer = Begin(vault, camera, from);
        for (var at = 0; at < content.Length; at += 7000) writer.Write(content.AsSpan(at, Math.Min(7000, content.Length - at)));
        writer.Close(new SegmentEnd(from.AddSeconds(10), 100, 0));
        Say($"closed {writer.Place} {Convert.ToHexStringLower(SHA256.HashData(content))}");
    }

    private static SegmentWriter Begin(RecordingVault vault, CameraId camera, DateTimeOffset from) =>
        (SegmentWriter)vault.Store.Begin(new SegmentStart(s_site, camera, from, new FrameFormat(640, 360, 10), "0123456789abcdef", "benchmark"));

    /// <summary>From the first key to the last receipt.</summary>
    private static void End(RecordingVault vault, CredentialSecret secret, Random random)
    {
        if (vault.Keys.State == VaultState.Absent) vault.Keys.Create([SlotRequest.Of("unit", secret)]);
        var from = s_begin.AddDays(random.Next(4)).AddSeconds(random.Next(86_000)).AddMilliseconds(random.Next(1000));
        SegmentPlace place;
        using (var writer = Begin(vault, new CameraId("cam1"), from))
        {
            place = writer.Place;
            writer.Write(new byte[2000]);
            writer.Close(new SegmentEnd(from.AddSeconds(10), 100, 0));
        }

        Say($"erasing {Ending} {place}");
        vault.Erase(new EraseOrder(EraseScope.All, "benchmark", "worker", "unix:worker"));
        Say($"erased {Ending}");
    }

    private static void Erase(RecordingVault vault, string name, Random random)
    {
        var day = s_begin.AddDays(random.Next(4));
        var camera = new CameraId(random.Next(2) == 0 ? "cam1" : "cam2");
        var scope = random.Next(12) switch
        {
            0 => new EraseScope(s_site, camera),
            < 4 => new EraseScope(s_site, camera, day, day.AddDays(1)),
            _ => new EraseScope(s_site, camera, day.AddHours(random.Next(20)), day.AddHours(20 + random.Next(3))),
        };
        var segments = vault.Recorded.List(scope.Site, scope.Camera, scope.From, scope.To).Where(s => s.State is SegmentState.Whole or SegmentState.Cut).Select(s => s.Place).ToList();
        // Some of them, as those that reach their age, or all by an order.
        var some = random.Next(3) == 0 ? segments.Where(_ => random.Next(2) == 0).ToList() : null;
        foreach (var segment in some ?? segments) Say($"erasing {name} {segment}");
        Say($"erase-begins {name}");
        var order = new EraseOrder(scope, "benchmark", "worker", "unix:worker");
        try
        {
            if (some is null) vault.Erase(order);
            else vault.EraseSome(order, some);
        }
        catch (ErasureException e) when (e.Message.StartsWith("nothing of", StringComparison.Ordinal))
        {
            // Nothing is recorded there.
        }

        Say($"erased {name}");
    }

    private static void Export(RecordingVault vault, string disk)
    {
        var open = vault.Exports.FirstOrDefault(b => b.Volumes.Any(v => v.State == VolumeState.Planned));
        try
        {
            var bundle = open ?? vault.PlanExport(new EraseScope(s_site), Server, (16 << 20) + 2_000_000, s_begin.AddDays(60), "worker");
            vault.WriteVolume(bundle.Bundle, bundle.Volumes.First(v => v.State == VolumeState.Planned).Number, disk);
        }
        catch (HandCarryException e) when (e.Message.Contains("nothing", StringComparison.Ordinal))
        {
            // Nothing is there, or all of it is on its way.
        }
        catch (HandCarryException e) when (e.Message.Contains("lost its key", StringComparison.Ordinal))
        {
            vault.CancelExport(open!.Bundle);
        }
    }

    private static void Import(RecordingVault vault, string disk, Random random)
    {
        var volumes = Directory.GetDirectories(disk).Where(d => File.Exists(Path.Combine(d, BundleManifest.FileName))).ToList();
        if (volumes.Count == 0) return;
        var outcome = vault.Import(volumes[random.Next(volumes.Count)]);
        foreach (var problem in outcome.Problems) Say($"problem {problem.ReplaceLineEndings(" ")}");
    }

    private static void Confirm(RecordingVault vault, string disk, Random random)
    {
        var confirmations = Directory.GetDirectories(disk).Select(d => Path.Combine(d, ImportConfirmation.FileName)).Where(File.Exists).ToList();
        if (confirmations.Count == 0) return;
        var file = confirmations[random.Next(confirmations.Count)];
        var confirmation = ImportConfirmation.Read(File.ReadAllBytes(file), vault.Trusted.All);
        if (vault.Exports.All(b => b.Bundle != confirmation.Bundle)) return;
        foreach (var segment in confirmation.Segments) Say($"confirmed {segment.Segment}");
        vault.Confirm(File.ReadAllBytes(file), "worker", "unix:worker");
        Say(string.Create(CultureInfo.InvariantCulture, $"confirm-returned {confirmation.Segments.Count}"));
    }

    private static void Say(string line)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }

    private sealed class WorkerClock(Func<DateTimeOffset> now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now();
    }
}
